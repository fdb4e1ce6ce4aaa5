import Grid
import Support
import Testing
import Theme

@testable import Inspector

/// Screens kept as text and roles. Record with RECORD=1, and look at them: PICTURES=folder draws them in a
/// dark, a light and a theme without colours.
struct GoldenTests {
  struct Scene: Sendable, CustomTestStringConvertible {
    var name: String
    var lesson: String?
    var keys: String
    var testDescription: String { name }
  }

  static let scenes: [Scene] = [
    Scene(name: "lessons", lesson: nil, keys: "j"),
    Scene(name: "start", lesson: "past-the-end", keys: ""),
    Scene(name: "slab-denied", lesson: "past-the-end", keys: "n n n n n"),
    Scene(name: "slab-leaky", lesson: "slack", keys: "G p"),
    Scene(name: "slab-hex", lesson: "red-zone", keys: "G p x"),
    Scene(name: "slab-window", lesson: "windows", keys: "G"),
    Scene(name: "stack", lesson: "frame-fence", keys: "G p"),
    Scene(name: "cleared", lesson: "zeros-past-the-end", keys: "n n n n"),
    Scene(name: "map", lesson: "past-the-end", keys: "n n n n m"),
    Scene(name: "map-compared", lesson: "slack", keys: "G p m v"),
    Scene(name: "map-stack", lesson: "frame-fence", keys: "G p m"),
    Scene(name: "map-area", lesson: "vmalloc", keys: "n n n n m"),
    Scene(name: "map-zoomed", lesson: "past-the-end", keys: "n n n n m < <"),
    Scene(name: "edit", lesson: "past-the-end", keys: "n n n n e Right + S-Down"),
    Scene(name: "inside", lesson: "stack-buffer", keys: "G i j j j j j j j j j j j j"),
    Scene(name: "check-zoomed", lesson: "stack-buffer", keys: "G Tab z"),
    Scene(name: "eras-zoomed", lesson: "past-the-end", keys: "n n n n Tab Tab z"),
    Scene(name: "story-zoomed", lesson: "past-the-end", keys: "G S-Tab z"),
    Scene(name: "command", lesson: "past-the-end", keys: ": \"alloc x 64\""),
    Scene(name: "completion", lesson: "past-the-end", keys: "n n : \"copy to \" Tab Tab"),
    Scene(name: "search", lesson: "past-the-end", keys: "n n n / \"sec\""),
    Scene(name: "lessons-found", lesson: nil, keys: "/ \"stack\""),
    Scene(name: "caches", lesson: nil, keys: "C j"),
    Scene(name: "caches-found", lesson: "past-the-end", keys: "C s s / \"c\" Enter j"),
    Scene(name: "caches-page", lesson: nil, keys: "C / \"task\" Enter Enter"),
    Scene(name: "palette", lesson: "past-the-end", keys: "C-p \"sl\""),
    Scene(name: "themes", lesson: "past-the-end", keys: "n n n n T Down"),
    Scene(name: "predict", lesson: "past-the-end", keys: "n n n P n Down"),
    Scene(name: "bookmarks", lesson: "past-the-end", keys: "n n b n n b p"),
    Scene(name: "inside-window", lesson: "red-zone", keys: "G p i j j j"),
    Scene(name: "drivers", lesson: "gadget-first-version", keys: "n n n n n V"),
    Scene(name: "drivers-zoomed", lesson: "gadget-first-version", keys: "G V z"),
    Scene(name: "help", lesson: "past-the-end", keys: "?"),
    Scene(name: "help-edit", lesson: "past-the-end", keys: "n n n n e ?"),
    Scene(name: "slab-scaled", lesson: "past-the-end", keys: "n n n n n > > >"),
    Scene(name: "slab-poison", lesson: "poison", keys: "G"),
    Scene(name: "memory-list", lesson: "folio", keys: "G"),
    Scene(name: "exercise", lesson: "off-by-one", keys: "X Right +"),
    Scene(name: "refused-command", lesson: "past-the-end", keys: "n : \"alloc x\" Enter"),
    Scene(name: "gadget", lesson: "gadget-keyboard", keys: "n n n n n n n n"),
    Scene(name: "gadget-zoomed", lesson: "gadget-keyboard", keys: "G Tab Tab z"),
    Scene(name: "gadget-blocked", lesson: "gadget-blocked", keys: "G"),
    Scene(name: "gadget-queue", lesson: "gadget-overflow", keys: "G"),
    Scene(name: "gadget-copy", lesson: "usb-meets-usercopy", keys: "G ,"),
    Scene(name: "wire", lesson: "gadget-keyboard", keys: "G r"),
    Scene(name: "wire-zoomed", lesson: "gadget-keyboard", keys: "G r Tab Tab z"),
    Scene(name: "kernel-log", lesson: "past-the-end", keys: "G r"),
    Scene(name: "host", lesson: "host-urbs", keys: "G"),
    Scene(name: "gadgetfs", lesson: "gadgetfs-beside", keys: "G"),
  ]

  /// The pictures that are kept as ASCII too.
  static let keptInASCII = ["slab-denied-80x24", "map-120x36", "gadget-queue-120x36"]

  /// Scenes that are kept at the largest size too, one of each kind; every step of every lesson is measured
  /// there by the tests of room.
  private static let keptLarge: Set = [
    "lessons", "slab-denied", "stack", "map", "caches", "memory-list", "gadget",
    "gadget-queue",
  ]

  private static func sizes(_ scene: Scene) -> [(width: Int, height: Int)] {
    [(80, 24), (120, 36)] + (keptLarge.contains(scene.name) ? [(200, 60)] : [])
  }

  @Test(arguments: scenes)
  func screensAreAsKept(scene: Scene) throws {
    let golden = Golden()
    for (width, height) in Self.sizes(scene) {
      let model = try Fixtures.model(scene.lesson, keys: scene.keys, width: width, height: height)
      let grid = view(model).grid
      let name = "\(scene.name)-\(width)x\(height)"
      let difference = try golden.difference(grid.text + "\n" + grid.roles, named: name)
      #expect(difference == nil, "\(difference ?? "")")
      if Golden.pictures != nil {
        for theme in ["slate", "paper", "mono"] {
          let picture = Picture(grid, theme: try .builtin(theme))
          try Golden.draw(picture.svg(), named: "\(name)-\(theme)")
        }
      }
      let ascii = grid.asciiFolded()
      #expect(ascii.text.utf8.count == ascii.text.unicodeScalars.count)
      // Every sign of the panes has a look-alike.
      #expect(ascii.text.count { $0 == "?" } == grid.text.count { $0 == "?" })
      guard Self.keptInASCII.contains(name) else { continue }
      let folded = try golden.difference(ascii.text, named: name + "-ascii")
      #expect(folded == nil, "\(folded ?? "")")
    }
  }

  @Test func noGoldenIsLeftOver() {
    let wanted = Self.scenes.flatMap { scene in
      Self.sizes(scene).flatMap { width, height in
        let name = "\(scene.name)-\(width)x\(height)"
        return Self.keptInASCII.contains(name) ? [name, name + "-ascii"] : [name]
      }
    }
    #expect(Golden().names() == Set(wanted))
  }
}
