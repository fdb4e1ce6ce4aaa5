import Grid
import Testing
import Timeline

@testable import Inspector

/// With other keys, sentences name those and not the ones of the table.
struct RemappedKeysTests {
  /// Every command on a letter of its own that nothing else is written with.
  static let keymap: Keymap = {
    var keymap = Keymap()
    for (index, command) in Command.allCases.enumerated() {
      let scalar = Unicode.Scalar(UInt32(0x0410 + index)) ?? "?"
      keymap.remap(command, to: [Key(.character(scalar))])
    }
    return keymap
  }()

  /// Names of the table's keys that are no words or signs of sentences, and told by no other meaning.
  static let names: Set<Substring> = {
    let all = Keymap.standard.flatMap(\.keys).map(\.symbol)
    // Articles, and seconds.
    let fixed: Set = [
      "a", "A", "s", "0-9", "↑", "↓", "←", "→", "=",
      "-", "+", ".", ",", ":", "<", ">",
    ]
    return Set(all.filter { !fixed.contains($0) }.map { Substring($0) })
  }()

  /// What is told around the bytes: the message, the story, the lowest rows, and what stands in the place of
  /// a check. The conditions of one are code, with an `n` of their own.
  private func told(_ model: Model) -> [String] {
    var texts = [model.message?.text ?? ""]
    if model.mode.base.scope != .lessons, let session = model.session {
      let scene = Frozen(PaneScene(model, session))
      for placed in PlacedPanes(scene).all where placed.pane == .story || placed.pane == .check {
        if placed.pane == .check, scene.value.subject.report != nil { continue }
        let context = PaneContext(scene, rect: placed.rect.inset(), isFocused: false)
        texts += placed.pane.rows(context).texts
      }
    }
    let lines = view(model).grid.text.split(separator: "\n", omittingEmptySubsequences: false)
    switch model.mode {
    case .browse, .edit, .inside: texts += lines.suffix(3).map(String.init)
    case .lessons, .caches: texts += [String(lines[1])] + lines.suffix(2).map(String.init)
    default: break
    }
    return texts
  }

  private func check(_ model: Model, _ situation: String) {
    for text in told(model) {
      // Words of functions and files hold letters that are no keys.
      let words = text.split { " ;,()─│┌┐└┘┤├".contains($0) }
        .map { $0.last == "." ? $0.dropLast() : $0 }
      for word in words where Self.names.contains(word) {
        Issue.record("\(situation): '\(word)' in '\(text)'")
      }
    }
  }

  @Test func noSentenceNamesAKeyThatIsNotThere() throws {
    let scopes: [KeyScope] = [.browse, .edit, .inside, .events, .lessons, .caches, .kernel]
    #expect(Set(KeyScope.allCases) == Set(scopes))
    for (lesson, keys) in KeymapTests.situations {
      var model = try Fixtures.model(lesson, keys: keys, width: 80, height: 24)
      model.keymap = Self.keymap
      model.message = nil
      check(model, "\(lesson ?? "list") \(keys)")
      guard let scope = KeymapTests.scope(model) else { continue }
      for binding in Self.keymap.bindings(in: scope) {
        guard let key = binding.keys.first else { continue }
        var after = model
        try Fixtures.press(key, &after)
        check(after, "\(lesson ?? "list") \(keys) then \(binding.command)")
      }
    }
  }

  @Test func sentencesNameTheKeysThatAreThere() throws {
    var model = try Fixtures.model("past-the-end")
    model.keymap.remap(.next, to: [Key(.character("M"))])
    model.keymap.remap(.previous, to: [Key(.character("K"))])
    model.keymap.remap(.help, to: [Key(.function(1))])
    try Fixtures.press(Key(.character("K")), &model)
    #expect(model.message?.text == "already at the first step; M goes on")
    try Fixtures.press(Key(.character("é")), &model)
    #expect(model.message?.text.hasSuffix("; F1 shows the keys") == true)
    let story = try #require(PaneContext(of: .story, in: model))
    #expect(StoryRows(story).texts.joined().contains("M steps on"))
  }
}
