import KernelLog
import Text

/// Call traces and the machine of a report in words.
enum ReportTraceWords {
  /// Who asked for the copy, and how it came there.
  static func copier(_ aftermath: Aftermath) -> [Statement] {
    caller(aftermath.copier, aftermath.chain, aftermath, "The copy is in ")
  }

  /// A function of a trace with its module, and those that led to it.
  static func caller(
    _ caller: TraceFrame?, _ all: [TraceFrame], _ aftermath: Aftermath, _ lead: String
  ) -> [Statement] {
    guard let caller else { return [] }
    var text = lead + place(caller)
    if let module = caller.module {
      text += ", module \(module)"
      if aftermath.foreignModules.contains(module) { text += ", out of tree" }
    }
    let basis = aftermath.traceBasis
    if basis == .assumed { text += " (assumed: the trace names no function of the check)" }
    var said = [Statement(basis, text + ".")]
    if caller.module != nil, isTaintedByForeign(aftermath), aftermath.foreignModules.isEmpty {
      said.append(
        Statement(.concluded, "The module is probably out of tree: the kernel is tainted O."))
    }
    let chain = all.dropFirst()
    if !chain.isEmpty {
      let shown = chain.prefix(10).map { frame in
        place(frame) + (frame.module.map { " [\($0)]" } ?? "")
      }
      let more = chain.count > 10 ? " < \(chain.count - 10) more" : ""
      let doubt = basis == .assumed ? " (assumed)" : ""
      said.append(
        Statement(basis, "Called from " + shown.joined(separator: " < ") + more + doubt + "."))
    }
    return said
  }

  private static func isTaintedByForeign(_ aftermath: Aftermath) -> Bool {
    aftermath.taint?.utf8.contains(UInt8(ascii: "O")) == true
  }

  /// `put_cmsg+0x233 (net/core/scm.c:242)`.
  static func place(_ frame: TraceFrame) -> String {
    frame.function + (frame.offset.map { "+0x" + $0.hex() } ?? "")
      + (frame.place.map { " (\($0))" } ?? "")
  }

  /// The task, the CPU, the taint and the hardware.
  static func machine(_ aftermath: Aftermath) -> [Statement] {
    var said: [Statement] = []
    if let command = aftermath.command {
      let pid = aftermath.pid.map { ", process \($0)" } ?? ""
      let cpu = aftermath.cpu.map { ", on CPU \($0)" } ?? ""
      said.append(Statement(.known, "The task was \(command)\(pid)\(cpu)."))
    }
    if let taint = aftermath.taint, !taint.isEmpty {
      said.append(Statement(.known, "The kernel was tainted: \(taint)\(meaning(taint))."))
    }
    if let machine = aftermath.machine {
      let bits = machine.wordBits.map { ", words of \($0) bits" } ?? ""
      said.append(Statement(.concluded, "The architecture is \(machine.rawValue)\(bits)."))
    }
    if let hardware = aftermath.hardware {
      said.append(Statement(.known, "The hardware is \(hardware)."))
    }
    return said
  }

  private static func meaning(_ taint: String) -> String {
    let meanings: [(Character, String)] = [
      ("P", "a proprietary module"), ("F", "a module loaded by force"),
      ("O", "a module from outside the kernel's tree"),
      ("E", "an unsigned module"), ("W", "an earlier warning"), ("D", "an earlier oops"),
      ("B", "a bad page before"), ("M", "a machine check before"),
    ]
    let said = meanings.filter { taint.contains($0.0) }.map(\.1)
    return said.isEmpty ? "" : " (\(said.joined(separator: ", ")))"
  }
}
