import Grid
import Support
import Testing

@testable import Inspector

/// Whatever is pressed, clicked and resized: an answer comes and the picture has the right size.
struct FuzzTests {
  private static let keys: [Key] =
    Keymap.standard.flatMap(\.keys)
    + [.init(.enter), .init(.escape), .init(.tab), .init(.backspace), .init(.function(5))]
    + "abcdefghijklmnopqrstuvwxyz0123456789:+-/ ".unicodeScalars.map { Key(.character($0)) }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func anyInputIsAnswered(seed: UInt64) throws {
    var random = SplitMix(seed)
    let lesson = Fixtures.items[Int(seed) * 5 % Fixtures.items.count].id
    var model = try Fixtures.model(lesson)
    for step in 0..<1_200 {
      switch Int.random(in: 0..<12, using: &random) {
      case 0:
        _ = model.update(
          .resize(
            width: Int.random(in: 1...130, using: &random),
            height: Int.random(in: 1...40, using: &random)))
      case 1, 2:
        let place = Position(
          x: Int.random(in: -2...model.width + 2, using: &random),
          y: Int.random(in: -2...model.height + 2, using: &random))
        let actions: [Mouse.Action] = [
          .press(.left), .drag(.left), .release(.left), .wheelUp, .wheelDown, .press(.right),
        ]
        _ = model.update(
          .mouse(Mouse(actions.randomElement(using: &random) ?? .wheelUp, at: place)))
      default:
        guard let key = Self.keys.randomElement(using: &random) else { continue }
        try Fixtures.press(key, &model)
      }
      if step.isMultiple(of: 3) {
        let frame = view(model)
        #expect(frame.grid.width == model.width && frame.grid.height == model.height)
      }
    }
  }

  /// Screens too small for a picture take keys all the same.
  @Test(arguments: [(1, 1), (2, 80), (3, 3), (250, 1), (9, 9), (29, 8)])
  func keysActOnScreensTooSmallToDraw(width: Int, height: Int) throws {
    for lesson in ["past-the-end", "stack-buffer", "gadget-overflow"] {
      var model = try Fixtures.model(lesson, keys: "n n n n")
      _ = model.update(.resize(width: width, height: height))
      for key in try ["<", "<", "<", "<", "e", "Esc"].map(Key.init(parsing:)) + Self.keys {
        try Fixtures.press(key, &model)
        #expect(view(model).grid.width == width)
      }
    }
  }

  @Test func everySizeIsDrawn() throws {
    var random = SplitMix(99)
    for keys in ["n n n n n", "n n n n m", "n n n n e", "n n n n i j", "?", ": a", "C j"] {
      var model = try Fixtures.model("past-the-end", keys: keys)
      let sizes = [(1, 1), (2, 80), (250, 1), (29, 8), (30, 7), (30, 8), (250, 80), (64, 16)]
      let more = (0..<40).map { _ in
        (Int.random(in: 1...250, using: &random), Int.random(in: 1...80, using: &random))
      }
      for (width, height) in sizes + more {
        _ = model.update(.resize(width: width, height: height))
        let grid = view(model).grid
        #expect(grid.width == width && grid.height == height)
      }
    }
  }
}
