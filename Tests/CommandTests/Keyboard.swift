import Foundation
import Testing

/// An inspector in a terminal, brought to situations and pressed keys in.
final class Keyboard {
  let tmux: Tmux
  private var marks = 0

  struct NoEffect: Error, CustomStringConvertible {
    var what: String
    var before: Look
    var after: Look
    var description: String { "\(what)\nbefore:\n\(before.text)\nafter:\n\(after.text)" }
  }

  /// Where keys are pressed: a lesson opened at its start with the memory pane in front, and keys pressed.
  struct Situation {
    var lesson = "past-the-end"
    var keys: [String] = []
    /// A text that shows the situation is reached; nil where a key without meaning says so.
    var mark: String?

    init(_ keys: String, in lesson: String = "past-the-end", shows mark: String? = nil) {
      self.lesson = lesson
      self.keys = keys.split(separator: " ").map(String.init)
      self.mark = mark
    }
  }

  init() throws {
    tmux = try Tmux(width: 120, height: 36)
    try tmux.command("set", "-s", "set-clipboard", "on")
    try start()
  }

  func start() throws {
    try tmux.prompt()
    try tmux.type("clear; $COPYSCOPE open past-the-end")
    _ = try wait("the inspector") { $0.step == 0 && $0.facts[3] == 1 }
  }

  /// What the terminal shows now.
  func look() throws -> Look {
    let shown = try tmux.command(
      "capture-pane", "-p", "-e", ";", "display-message", "-p",
      "#{cursor_x} #{cursor_y} #{cursor_flag} #{alternate_on}")
    let end = shown.dropLast().lastIndex(of: "\n") ?? shown.startIndex
    var look = Look(shown[..<end])
    look.facts = shown[end...].split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
    return look
  }

  @discardableResult
  func wait(
    _ what: String, before: Look? = nil, until holds: (Look) -> Bool
  ) throws -> Look {
    let start = Date()
    var shown = try look()
    while !holds(shown) {
      guard Date().timeIntervalSince(start) < 30 else {
        throw NoEffect(what: what, before: before ?? shown, after: shown)
      }
      usleep(4_000)
      shown = try look()
    }
    return shown
  }

  func press(_ keys: some Sequence<String>) throws {
    try tmux.command(words: ["send-keys", "--"] + keys.map(KeyTable.terminalName))
  }

  /// Presses keys and waits until they have been taken and drawn.
  ///
  /// A key that means nothing says so last. The frame that says it may be in the terminal in part; the next
  /// one cannot come before its end.
  @discardableResult
  func pressAndSettle(_ keys: some Sequence<String>) throws -> Look {
    try pressMeaningless(after: keys)
    return try pressMeaningless(after: [])
  }

  @discardableResult
  private func pressMeaningless(after keys: some Sequence<String>) throws -> Look {
    marks += 1
    let mark = marks % 2 == 0 ? "F11" : "F12"
    try press(Array(keys) + [mark])
    return try wait("'\(mark) does nothing here'") { $0.has("\(mark) does nothing here") }
  }

  /// Waits until a text is there and nothing more comes.
  private func settle(showing mark: String) throws -> Look {
    var shown = try wait("'\(mark)'") { $0.has(mark) }
    while true {
      usleep(20_000)
      let next = try look()
      if next == shown { return shown }
      shown = next
    }
  }

  /// Brings the inspector into a situation from wherever it is.
  func reach(_ situation: Situation) throws -> Look {
    try leave()
    let open = ":open".map(String.init) + ["Space"] + situation.lesson.map(String.init) + ["Enter"]
    // Chosen and given back, the slab view has the focus.
    var shown = try pressAndSettle(open + ["s", "s"])
    if shown.panes.count < 4 { shown = try pressAndSettle(["z"]) }
    if situation.lesson.hasPrefix("gadget") {
      // The gadget is there at the end, and its own pane is the first of five.
      shown = try pressAndSettle(["G"])
      for _ in 0..<4 where shown.machine != "Gadget" { shown = try pressAndSettle(["r"]) }
      try pressAndSettle(["g"])
    }
    guard let mark = situation.mark else { return try pressAndSettle(situation.keys) }
    try press(situation.keys)
    return try settle(showing: mark)
  }

  /// Leaves overlays, prompts, lists and modes for the panes.
  private func leave() throws {
    for _ in 0..<6 {
      let shown = try look()
      if shown.last.contains("? help") && shown.last.contains("q quit") && !shown.isOverlaid
        && !shown.last.contains("Enter open")
      {
        return
      }
      try press(["Escape"])
      _ = try wait("the way out") { $0 != shown }
    }
  }

  /// Presses a key and waits for its effect, which must not have been there before.
  @discardableResult
  func expect(
    _ key: String, from before: Look, _ what: String, effect: (Look, Look) -> Bool
  ) throws -> Look {
    guard !effect(before, before) else {
      throw NoEffect(what: "\(what): nothing to see", before: before, after: before)
    }
    try press([key])
    return try wait("\(key): \(what)", before: before) { effect(before, $0) }
  }
}

extension Look {
  /// Whether something lies over the panes.
  var isOverlaid: Bool { has("Esc closes") || has("Enter answers") || has("Esc as before") }
}
