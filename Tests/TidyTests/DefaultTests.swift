import Testing
import Tidy

/// A `default:` hides the place that a new case has to visit: over the enumerations that
/// How to add lengthens there is none but those told here.
@Suite struct DefaultTests {
  static let growing = [
    ("Simulation", "Action"), ("Simulation", "ActionWord"), ("Simulation", "HostWord"),
    ("RawGadget", "RawIoctl"), ("RawGadget", "IoctlLayout"), ("RawGadget", "CallCheck"),
    ("Usercopy", "HardenedCheck"), ("Usercopy", "Offender"), ("Usercopy", "EntryPoint"),
    ("Usercopy", "ByteClass"), ("Usercopy", "Refuser"), ("Usercopy", "Family"),
    ("Usercopy", "Provenance"), ("KernelHistory", "ReportedObject"), ("UsbHost", "HostAction"),
  ]

  /// Files with a `default:` over one of them that is right for every case to come, and why it is.
  static let excused = [
    "Inspector/Line/CommandLine.swift": "by the table of actions",
    "Inspector/Line/Completion.swift": "by the table of actions",
    "Inspector/State/PredictionOutcome.swift": "what can be asked is listed before",
    "Inspector/Layout/AreaScale.swift": "the usual words",
    "Inspector/Layout/Subject.swift": "a step that is not about the stack",
    "Narration/Capture/CaptureBuilder.swift": "the actions it makes itself",
    "Narration/ValueWords.swift": "the usual words",
    "copyscope/HostScript.swift": "refused with a message",
    "UsbHost/Files/Actions.swift": "handed on", "UsbHost/Drivers/Usbfs.swift": "handed on",
    "Usercopy/Copy/EntryPoint.swift": "functions that take a length",
  ]

  /// The lines of `default:` in a file, each with the names of the cases that stand beside it.
  static func defaults(_ lines: [Substring]) -> [(line: Int, cases: Set<Substring>)] {
    func depth(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }
    return lines.indices.compactMap { place in
      let line = lines[place]
      guard line.drop(while: { $0 == " " }).hasPrefix("default:") else { return nil }
      let own = depth(line)
      var cases: Set<Substring> = []
      for other in lines[..<place].reversed() where !other.isEmpty && depth(other) <= own + 2 {
        if depth(other) < own { break }
        if depth(other) == own, other.contains("switch ") { break }
        guard depth(other) == own, other.contains("case ") else { continue }
        let pattern = other.firstRange(of: ": ").map { other[..<$0.lowerBound] } ?? other
        for name in pattern.matches(of: /(?:case |, )(?:let )?\.`?(\w+)/) { cases.insert(name.1) }
      }
      return (place + 1, cases)
    }
  }

  @Test func noDefaultHidesANewCase() throws {
    let sources = try TidyTests.files.get().sources
    var left = Set(Self.excused.keys)
    for (room, name) in Self.growing {
      let declared = sources.filter { $0.room == room }.flatMap(\.declared)
      let known = Set(
        declared.filter { $0.keyword == "case" && $0.type == Substring(name) }.map(\.name))
      #expect(known.count > 2, "\(name) has no cases")
      for source in sources {
        let path = source.path.split(separator: "/").dropFirst().joined(separator: "/")
        for (line, cases) in Self.defaults(source.lines)
        where !cases.isEmpty && cases.isSubset(of: known) {
          if Self.excused[path] == nil {
            Issue.record("\(source.path):\(line) default: over \(name); name its cases")
          }
          left.remove(path)
        }
      }
    }
    for path in left { Issue.record("\(path) needs no excuse") }
  }

  @Test func aDefaultIsFoundWithItsCases() {
    let text = """
        switch action {
        case .open, .close(_):
          x(y, .z)
        case .wait: a(1, .b)
        case .`init`: break
        default: break
        }
      """
    let found = Self.defaults(text.split(separator: "\n", omittingEmptySubsequences: false))
    #expect(found.map(\.line) == [6])
    #expect(found.first?.cases == ["open", "close", "wait", "init"])
  }
}
