import JSON
import Usercopy

/// Reads what a snapshot tells of the kernel and where it keeps its parts.
enum MachineReader {
  static func read(_ root: SnapshotNode, into snapshot: inout KernelSnapshot) throws(SnapshotError)
  {
    snapshot.kernel = try kernel(try root.needed("kernel"))
    if let config = root["config"] { snapshot.config = try self.config(config) }
    if let encoding = root["freelist_encoding"] {
      guard let known = FreelistEncoding(rawValue: try encoding.text()) else {
        throw encoding.fail(.expected(.encoding))
      }
      snapshot.encoding = known
    }
    if let layout = root["layout"] { snapshot.layout = try self.layout(layout) }
  }

  private static func kernel(_ node: SnapshotNode) throws(SnapshotError) -> SnapshotKernel {
    var kernel = SnapshotKernel()
    kernel.release = try node.needed("release").text()
    kernel.version = try node["version"]?.text() ?? ""
    kernel.machine = try node["machine"]?.text() ?? ""
    if let size = node["page_size"] {
      kernel.pageSize = try size.number(atMost: 1 << 16)
      guard kernel.pageSize >= Memory.pageSize, kernel.pageSize & (kernel.pageSize - 1) == 0
      else { throw size.fail(.expected(.pageSize)) }
    }
    if let bytes = node["word_bytes"] {
      kernel.wordBytes = try bytes.int(atMost: 8)
      guard [4, 8].contains(kernel.wordBytes) else { throw bytes.fail(.expected(.wordBytes)) }
    }
    if let endian = node["endian"] {
      guard let isBig = ["little": false, "big": true][try endian.text()] else {
        throw endian.fail(.expected(.endian))
      }
      kernel.isBigEndian = isBig
    }
    kernel.commandLine = try node["cmdline"]?.text()
    return kernel
  }

  private static func config(_ node: SnapshotNode) throws(SnapshotError) -> SnapshotConfig {
    var config = SnapshotConfig()
    config.allocator = try node["slab_allocator"]?.text()
    config.freelistHardened = try node["SLAB_FREELIST_HARDENED"]?.truth()
    config.freelistRandom = try node["SLAB_FREELIST_RANDOM"]?.truth()
    config.usercopyWindows = try node["usercopy_windows"]?.truth()
    config.hardenedUsercopy = try node["HARDENED_USERCOPY"]?.truth()
    config.checksBypassed = try node["usercopy_checks_bypassed"]?.truth()
    config.vmapStack = try node["VMAP_STACK"]?.truth()
    config.stackProtector = try node["STACKPROTECTOR"]?.truth()
    config.unwinder = try node["unwinder"]?.text()
    config.kfence = try node["KFENCE"]?.truth()
    config.kasan = try node["KASAN"]?.truth()
    return config
  }

  private static func layout(_ node: SnapshotNode) throws(SnapshotError) -> SnapshotLayout {
    var layout = SnapshotLayout()
    for range in try node["ranges"]?.list(atMost: 64) ?? [] {
      let start = try range.needed("start").address()
      let end = try range.needed("end")
      guard try end.address() >= start else { throw end.fail(.expected(.address)) }
      layout.ranges[try range.needed("name").text()] = start..<(try end.address())
    }
    layout.directMap = try node["direct_map"]?.address()
    layout.vmalloc = try node["vmalloc"]?.address()
    layout.maxPFN = try node["max_pfn"]?.number(atMost: 1 << 40)
    for module in try node["modules"]?.list(atMost: 4096) ?? [] {
      let name = try module.needed("name").text()
      for part in try module["parts"]?.list(atMost: 16) ?? [] {
        layout.modules.append(
          SnapshotModule(
            name: name, start: try part.needed("start").address(),
            bytes: try part.needed("size").number(atMost: 1 << 30)))
      }
    }
    return layout
  }
}

/// Reads what stands beside caches, slabs and tasks.
enum ExtraReader {
  static func read(_ root: SnapshotNode, into snapshot: inout KernelSnapshot) throws(SnapshotError)
  {
    let limit = SnapshotReader.listLimit
    for node in try root["raw_gadget"]?.list(atMost: limit) ?? [] {
      snapshot.gadgets.append(try gadget(node))
    }
    for node in try root["marks"]?.list(atMost: limit) ?? [] {
      snapshot.marks.append(
        SnapshotMark(
          address: try node.needed("address").address(), name: try node.needed("name").text(),
          type: try node["type"]?.text() ?? ""))
    }
    for (name, value) in try root["types"]?.object().members ?? [] {
      snapshot.types[name] = try type(SnapshotNode(value: value, path: "types.\(name)"))
    }
    for (name, value) in try root["traces"]?.object().members ?? [] {
      let node = SnapshotNode(value: value, path: "traces.\(name)")
      snapshot.traces[name] = try node.list(atMost: 256).map {
        (entry: SnapshotNode) throws(SnapshotError) -> String in try entry.text()
      }
    }
    for node in try root["vmalloc"]?["areas"]?.list(atMost: limit) ?? [] {
      let start = try node.needed("start").address()
      let end = try node.needed("end")
      guard try end.address() >= start else { throw end.fail(.expected(.address)) }
      snapshot.areas.append(
        SnapshotArea(
          start: start, bytes: try end.address() - start,
          caller: try node["caller"]?.text() ?? ""))
    }
  }

  private static func gadget(_ node: SnapshotNode) throws(SnapshotError) -> SnapshotGadget {
    var queue: [SnapshotEvent] = []
    for event in try node["queue"]?.list(atMost: 1024) ?? [] {
      queue.append(
        SnapshotEvent(
          address: try event.needed("address").address(),
          type: try event.needed("type").number(atMost: 0xffff_ffff),
          length: try event["length"]?.number(atMost: 0xffff_ffff) ?? 0,
          data: try event["data"]?.bytes(atMost: 1 << 16) ?? []))
    }
    return SnapshotGadget(
      task: try node["comm"]?.text() ?? "", pid: try node["pid"]?.int(atMost: 1 << 30) ?? 0,
      descriptor: try node["fd"]?.int(atMost: 1 << 30) ?? 0, device: try node["raw_dev"]?.address(),
      deviceBytes: try node["raw_dev_bytes"]?.number(atMost: 1 << 20) ?? 0,
      state: try node["state"]?.text() ?? "", queue: queue)
  }

  private static func type(_ node: SnapshotNode) throws(SnapshotError) -> SnapshotType {
    let sizeLimit: UInt64 = 1 << 30
    var members: [SnapshotType.Member] = []
    for member in try node["members"]?.list(atMost: 4096) ?? [] {
      let parts = try member.list(atMost: 8)
      guard parts.count >= 3 else { throw member.fail(.expected(.list)) }
      members.append(
        SnapshotType.Member(
          offset: try parts[0].number(atMost: sizeLimit),
          size: try parts[1].number(atMost: sizeLimit),
          // A member without a name is a structure of its own.
          name: parts[2].value.isNull ? "" : try parts[2].text(),
          type: parts.count > 3 ? try parts[3].text() : ""))
    }
    return SnapshotType(
      bytes: try node.needed("bytes").number(atMost: sizeLimit), members: members)
  }
}
