import Foundation
import Testing

/// Keys of the table where they mean something else or nothing: in other modes, over the panes, while typing.
@Suite struct OverlayKeyTests {
  @Test(arguments: [
    ("browse", ""), ("edit", "n n n n n e"), ("inside", "n n n n n i"),
  ])
  func keysOfOtherModesSayThatTheyDoNothing(scope: String, keys: String) throws {
    let table = try KeyTable()
    let keyboard = try Keyboard()
    _ = try keyboard.reach(Keyboard.Situation(keys))
    for key in table.keys where !table.isBound(key, in: scope) {
      try keyboard.press([key])
      try keyboard.wait("\(key) in \(scope)") { $0.has("\(key) does nothing here") }
    }
  }

  @Test func keysOfOtherModesLeaveTheListAsItIs() throws {
    let table = try KeyTable()
    let keyboard = try Keyboard()
    let before = try keyboard.reach(
      Keyboard.Situation("L g j j j", shows: " ▸  4 "))
    for key in table.keys where !table.isBound(key, in: "lessons") {
      try keyboard.press([key, "Down"])
      try keyboard.wait("\(key) and one row on") { $0.lesson == 5 }
      try keyboard.press(["Up"])
      try keyboard.wait("\(key) and back") { Self.rows($0) == Self.rows(before) }
    }
  }

  /// The rows without blanks at their ends: a terminal tells those that were written over a longer row.
  private static func rows(_ look: Look) -> [String] {
    look.text.split(separator: "\n", omittingEmptySubsequences: false).map { row in
      String(row.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// What a key does to a line with the cursor in it; nil leaves it.
  private struct Line: Equatable {
    var before: String
    var after: String

    /// The line after a key, nil when the key ends it.
    func pressed(_ key: String) -> Line? {
      switch key {
      case "Esc", "C-c", "Enter": nil
      case "Left", "S-Left", "C-Left":
        Line(before: String(before.dropLast()), after: before.suffix(1) + after)
      case "Right", "S-Right", "C-Right":
        Line(before: before + after.prefix(1), after: String(after.dropFirst()))
      case "Home": Line(before: "", after: before + after)
      case "End": Line(before: before + after, after: "")
      case "Backspace": Line(before: String(before.dropLast()), after: after)
      case "C-u": Line(before: "", after: after)
      case "Space": Line(before: before + " ", after: after)
      default: key.count == 1 ? Line(before: before + key, after: after) : self
      }
    }
  }

  @Test func theCommandLineTakesEveryKey() throws {
    let keyboard = try Keyboard()
    _ = try keyboard.reach(Keyboard.Situation("n"))
    let start = Line(before: "nono", after: "pe")
    for key in try KeyTable().keys
    where !["Up", "Down", "C-Up", "C-Down", "S-Up", "S-Down"].contains(key) {
      try keyboard.press([":", "C-u"] + "nonope".map(String.init) + ["Left", "Left"])
      let ready = try keyboard.wait("the line") {
        $0.last.hasPrefix(":nonope") && $0.facts[0] == 5
      }
      let wanted = start.pressed(key)
      guard let wanted else {
        try keyboard.press([key])
        try keyboard.wait("\(key) ends the line", before: ready) { !$0.last.hasPrefix(":") }
        if key == "Enter" {
          try keyboard.press([":", "n", "o", "n", "o", "p", "e", "Enter"])
          try keyboard.wait("Enter does it") { $0.has("unknown command 'nonope'") }
        }
        continue
      }
      try keyboard.press([key, "!"])
      try keyboard.wait("\(key) on the line", before: ready) {
        $0.last.hasPrefix(":\(wanted.before)!\(wanted.after)")
          && $0.facts[0] == wanted.before.count + 2
      }
      try keyboard.press(["C-c"])
      try keyboard.wait("C-c leaves the line") { !$0.last.hasPrefix(":") }
    }
  }

  @Test func theCommandLineRemembersAndCompletes() throws {
    let keyboard = try Keyboard()
    _ = try keyboard.reach(Keyboard.Situation("n"))
    for line in ["alloc aa 8", "alloc bb 16"] {
      try keyboard.press([":"] + line.map { $0 == " " ? "Space" : String($0) } + ["Enter"])
    }
    func shows(_ keys: [String], _ line: String) throws {
      try keyboard.press(keys)
      try keyboard.wait("\(keys.joined(separator: " ")): \(line)") { $0.last.hasPrefix(line) }
    }
    try shows([":", "Up"], ":alloc bb 16")
    try shows(["Up"], ":alloc aa 8")
    try shows(["Down"], ":alloc bb 16")
    try keyboard.press(["Esc"])
    try keyboard.wait("Esc leaves the line") { !$0.last.hasPrefix(":") }
    try shows([":", "f", "r", "e", "Tab"], ":free ")
    try shows(["a", "Tab"], ":free aa ")
    try shows(["S-Tab"], ":free aa")
  }

  @Test(arguments: ["n", "L"])
  func aSearchTakesEveryKey(from way: String) throws {
    let keyboard = try Keyboard()
    _ = try keyboard.reach(Keyboard.Situation(way, shows: way == "L" ? "Enter open" : "step 1/7"))
    for key in try KeyTable().keys
    where way != "L"
      || !["Up", "Down"].contains(key.split(separator: "-").last.map(String.init) ?? "")
    {
      try keyboard.press(["/", "e"])
      let ready = try keyboard.wait("the search") { $0.last.hasPrefix("/e") }
      try keyboard.press([key])
      switch key {
      case "Esc", "C-c", "Enter":
        try keyboard.wait("\(key) ends the search", before: ready) { !$0.last.hasPrefix("/") }
      case "Backspace", "C-u":
        try keyboard.press(["t"])
        try keyboard.wait("\(key) takes it back", before: ready) { $0.last.hasPrefix("/t ") }
        try keyboard.press(["C-c"])
      default:
        try keyboard.press(["t"])
        let typed = key == "Space" ? " " : key.count == 1 ? key : ""
        try keyboard.wait("\(key) in the search", before: ready) {
          $0.last.hasPrefix("/e\(typed)t ")
        }
        try keyboard.press(["C-c"])
      }
      try keyboard.wait("the search is over") { !$0.last.hasPrefix("/") }
    }
  }

  @Test(arguments: ["?", "F1", "C-p", "T"])
  func overlaysGiveTheDraftBack(key: String) throws {
    let keyboard = try Keyboard()
    for leave in ["Esc", "C-c"] {
      let before = try keyboard.reach(Keyboard.Situation("n n n n n e Right Right +"))
      try keyboard.press([key])
      _ = try keyboard.wait("\(key) opens") { $0.isOverlaid }
      try keyboard.press([leave])
      try keyboard.wait("the draft is back", before: before) {
        !$0.isOverlaid && $0.has("editing") && $0.has("request+58, 151 bytes")
      }
    }
  }

  @Test func interruptsLeaveWhatIsOpenAnyNumberOfTimes() throws {
    let keyboard = try Keyboard()
    for key in ["?", ":", "/", "e", "i", "C-p", "T", "?", ":"] {
      let before = try keyboard.reach(Keyboard.Situation("n n n n n"))
      try keyboard.press([key])
      _ = try keyboard.wait("\(key) opens") { !$0.last.contains("q quit") || $0.isOverlaid }
      try keyboard.press(["C-c"])
      try keyboard.wait("C-c leaves \(key)", before: before) {
        $0.last.contains("q quit") && !$0.isOverlaid && $0.step == 5
      }
    }
    try keyboard.press(["C-c"])
    try keyboard.tmux.see("status=130>")
  }
}
