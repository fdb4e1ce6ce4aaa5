import Grid
import Support
import Testing

@testable import Inspector

/// What is made ahead is what the key would have made.
struct AheadTests {
  static let places = [
    ("past-the-end", "n n n n"), ("past-the-end", "n n n n n e"), ("past-the-end", "n n n n n i"),
    ("past-the-end", "n n n n n e m Right"), ("off-by-one", "G p p"), ("frame-fence", "n n n u"),
    ("gadget-keyboard", "n n n n n"), ("gadget-keyboard", "G r p"), ("past-the-end", "L Down"),
  ]

  @Test(arguments: places)
  func guessesComeTrue(_ lesson: String, _ keys: String) throws {
    for last in ["n", "p", "Right", "+", "Down", "e", "q", "Tab"] {
      let last = try Key(parsing: last)
      let model = try Fixtures.model(lesson, keys: keys, width: 120, height: 36)
      var ahead = Ahead(of: model, after: last)
      let key = try #require(Ahead.likelyKey(model, after: last))
      var next = model
      let effects = next.update(.key(key))
      let foreseen = ahead.take(key)
      #expect(ahead.take(key) == nil)
      #expect((foreseen == nil) == !effects.isEmpty)
      guard let foreseen else { continue }
      #expect(difference(foreseen.frame, view(next)) == nil)
      #expect(difference(foreseen.frame, view(foreseen.model)) == nil)
    }
  }

  /// A key that comes in rows is expected again, with a key file of the user's too; others are not.
  @Test func theLastKeyComesFirst() throws {
    func likely(_ keys: String, _ last: String, _ keymap: Keymap = Keymap()) throws -> String? {
      var model = try Fixtures.model("past-the-end", keys: keys, width: 80, height: 24)
      model.keymap = keymap
      return Ahead.likelyKey(model, after: try Key(parsing: last))?.description
    }
    #expect(try likely("n", "n") == "n")
    #expect(try likely("n", "p") == "p")
    #expect(try likely("n", "q") == "n")
    #expect(try likely("n n n n n e", "e") == "Right")
    #expect(try likely("n n n n n e", "-") == "-")
    #expect(try likely("n n n n n ?", "n") == nil)
    var keymap = Keymap()
    keymap.remap(.next, to: [try Key(parsing: "x")])
    #expect(try likely("n", "q", keymap) == "x")
    #expect(try likely("n", "n", keymap) == "x")
  }

  /// Nothing is made while the story plays or a program makes the steps.
  @Test func nothingIsMadeWhereStepsComeByThemselves() throws {
    let model = try Fixtures.model("past-the-end", keys: "n n", width: 80, height: 24)
    let next = try #require(Ahead.likelyKey(model, after: nil))
    var ahead = Ahead(of: model, after: nil)
    #expect(ahead.take(next) != nil)
    ahead = Ahead(of: model, after: nil)
    #expect(ahead.take(try Key(parsing: "p")) == nil)
    var playing = model
    _ = playing.update(.key(try Key(parsing: "R")))
    #expect(playing.story.playing != nil && Ahead.likelyKey(playing, after: next) == nil)
    var live = model
    live.story.live = LiveProgram()
    #expect(Ahead.likelyKey(live, after: next) == nil)
  }
}
