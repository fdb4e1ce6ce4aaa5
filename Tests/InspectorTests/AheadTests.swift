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
      let ahead = Ahead(of: model, after: last) { true }
      let likely = Ahead.likelyKeys(model, after: last)
      #expect((1...2).contains(likely.count))
      for key in likely {
        var next = model
        let effects = next.update(.key(key))
        let foreseen = ahead[key]
        #expect((foreseen == nil) == !effects.isEmpty)
        guard let foreseen else { continue }
        #expect(difference(foreseen.frame, view(next)) == nil)
        #expect(difference(foreseen.frame, view(foreseen.model)) == nil)
      }
    }
  }

  /// A key that comes in rows is expected again, with a key file of the user's too; others are not.
  @Test func theLastKeyComesFirst() throws {
    func likely(_ keys: String, _ last: String, _ keymap: Keymap = Keymap()) throws -> [String] {
      var model = try Fixtures.model("past-the-end", keys: keys, width: 80, height: 24)
      model.keymap = keymap
      return Ahead.likelyKeys(model, after: try Key(parsing: last)).map(\.description)
    }
    #expect(try likely("n", "n") == ["n", "e"])
    #expect(try likely("n", "p") == ["p", "n"])
    #expect(try likely("n", "q") == ["n", "e"])
    #expect(try likely("n n n n n e", "e") == ["Right", "+"])
    #expect(try likely("n n n n n e", "-") == ["-", "Right"])
    #expect(try likely("n n n n n ?", "n") == [])
    var keymap = Keymap()
    keymap.remap(.next, to: [try Key(parsing: "x")])
    #expect(try likely("n", "q", keymap) == ["x", "e"])
    #expect(try likely("n", "n", keymap) == ["x", "e"])
  }

  /// Nothing is made while somebody waits, nor while the story plays or a program makes the steps.
  @Test func nothingIsMadeWhileSomebodyWaits() throws {
    let model = try Fixtures.model("past-the-end", keys: "n n", width: 80, height: 24)
    let next = try #require(Ahead.likelyKeys(model, after: nil).first)
    #expect(Ahead(of: model, after: nil) { true }[next] != nil)
    #expect(Ahead(of: model, after: nil) { false }[next] == nil)
    var playing = model
    _ = playing.update(.key(try Key(parsing: "R")))
    #expect(playing.story.playing != nil && Ahead.likelyKeys(playing, after: next) == [])
    var live = model
    live.story.live = LiveProgram()
    #expect(Ahead.likelyKeys(live, after: next) == [])
  }
}
