import JSON
import Usercopy

/// Reads a task with its stack.
enum TaskReader {
  private static let stackLimit = UInt64(FoundStack.mostBytes)

  static func read(_ node: SnapshotNode) throws(SnapshotError) -> SnapshotTask {
    var task = SnapshotTask(
      pid: try node.needed("pid").int(atMost: 1 << 30), name: try node.needed("comm").text())
    task.state = try node["state"]?.text() ?? ""
    task.isOnProcessor = try node["on_cpu"]?.truth()
    task.isKernelThread = try node["kernel_thread"]?.truth()
    task.stack = try node["stack"]?.address()
    task.stackBytes = try node["stack_bytes"]?.number(atMost: stackLimit) ?? 0
    task.area = try node["vm_area"]?["size"]?.number(atMost: 1 << 30)
    task.magicOffset = try node["end_magic"]?["offset"]?.number(atMost: stackLimit)
    task.isMagicIntact = try node["end_magic"]?["intact"]?.truth()
    let registers = node["pt_regs"]
    task.registers = try registers?["offset"]?.number(atMost: stackLimit)
    task.canary = try node["canary"]?["value"]?.address()
    for place in try node["canary"]?["at"]?.list(atMost: 1 << 13) ?? [] {
      task.canaries.append(try place.number(atMost: stackLimit))
    }
    task.unwindError = try node["unwind_error"]?.text()
    for frame in try node["frames"]?.list(atMost: 4096) ?? [] {
      task.frames.append(try self.frame(frame))
    }
    task.data = try node["data"]?.bytes(atMost: FoundStack.mostBytes) ?? []
    return task
  }

  private static func frame(_ node: SnapshotNode) throws(SnapshotError) -> SnapshotFrame {
    let symbol = try node["symbol"]?.text() ?? ""
    var frame = SnapshotFrame(
      function: try node["function"]?.text() ?? symbol,
      isInline: try node["inline"]?.truth() ?? false)
    frame.symbol = symbol
    frame.pc = try node["pc"]?.address()
    frame.source = try node["source"]?.text() ?? ""
    frame.low = try node["sp_offset"]?.number(atMost: stackLimit)
    frame.high = try node["cfa_offset"]?.number(atMost: stackLimit)
    for local in try node["locals"]?.list(atMost: 4096) ?? [] {
      frame.variables.append(
        SnapshotVariable(
          name: try local.needed("name").text(), type: try local["type"]?.text() ?? "",
          size: try local["size"]?.number(atMost: 1 << 30),
          offset: try local["stack_offset"]?.number(atMost: stackLimit),
          value: local["value"].map(Self.value) ?? ""))
    }
    return frame
  }

  /// A scalar as it is written in the file.
  private static func value(_ node: SnapshotNode) -> String {
    node.value.string ?? node.value.text
  }
}
