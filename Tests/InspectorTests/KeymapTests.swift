import Foundation
import Grid
import KernelPages
import Scenario
import Support
import Testing

@testable import Inspector

/// The key table, the help and what keys do agree.
struct KeymapTests {
  /// Situations in which every command has something to do in at least one.
  static let situations: [(lesson: String?, keys: String)] = [
    (nil, ""), (nil, "j j j"), (nil, "G"),
    (nil, "C"), ("past-the-end", "C G"), (nil, "C j j s"),
    ("past-the-end", ""), ("past-the-end", "n n n n"), ("past-the-end", "G"),
    ("past-the-end", "n n n n m"), ("past-the-end", "n n n n Tab"),
    ("past-the-end", "n n n n Tab Tab"), ("past-the-end", "n n n n Tab Tab Tab"),
    ("past-the-end", "n n n n > >"), ("past-the-end", "n n n n e + Enter"),
    ("past-the-end", "n n n n e + Enter u"), ("past-the-end", "n n n n e"),
    ("past-the-end", "n n n n e m"), ("past-the-end", "n n n n e > >"),
    ("past-the-end", "n n n n i"), ("past-the-end", "n n n n i j j j"),
    ("past-the-end", "n n n n i > >"), ("past-the-end", "n n n n L"),
    ("past-the-end", "n n n / s Enter"), ("past-the-end", "n n b n n"),
    ("past-the-end", "n n n n n Tab / s Enter"), ("past-the-end", "n n n n R"),
    ("usb-meets-usercopy", "G"), ("usb-meets-usercopy", "n n n n n n n"),
    ("usb-meets-usercopy", "G e"), ("gadget-hello", "n n n n"), ("gadget-hello", "n n n n i"),
    ("gadget-keyboard", "n n n"), ("gadget-keyboard", "n n n e"), ("gadget-keyboard", "n n n i"),
    ("wrong-object", "G"), ("stack-buffer", "G"), ("stack-buffer", "n n j j j"),
    ("entry-points", "G"), ("entry-points", "g n n n Tab j j"), ("endless-walk", "G Tab j j j"),
    ("gadget-keyboard", "n n n n n"), ("gadget-keyboard", "n n n n n i"),
    ("gadget-keyboard", "n n n n n e"), ("slack", "G"), ("slack", "X"),
    ("gadget-keyboard", "n n n I"), ("gadget-keyboard", "n n n n n I n n"),
    ("gadget-keyboard", "n n n I n"), ("gadget-keyboard", "n n n I t"),
    ("gadget-hello", "n n n I n"), ("gadget-hello", "n n n I n n"),
    ("gadget-hello", "n n n I n n n"), ("gadget-hello", "n n n n I n n n"),
    ("gadget-hello", "n n n n I n"), ("gadget-first-version", "n n n n I"),
  ]

  /// The list of a real kernel's pages, at its start and in the middle, found in and not.
  private static func lists() throws -> [Model] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../KernelPagesTests/Data/stock-part.json.xz").standardized
    let snapshot = try SnapshotReader.read(Array(try Packed.content(of: file)))
    return try [nil, "past-the-end"].flatMap { lesson in
      try ["", "j j j", "G", "/ \"kmalloc\" Enter", "s s", "Escape", "C"].map { keys in
        var model = try Fixtures.model(lesson)
        _ = model.update(.pieces(snapshot, source: "pages.json"))
        for key in try Key.sequence(parsing: keys) { try Fixtures.press(key, &model) }
        return model
      }
    }
  }

  static func scope(_ model: Model) -> KeyScope? {
    switch model.mode {
    case .lessons: .lessons
    case .caches: .caches
    case .kernel: .kernel
    case .browse: .browse
    case .edit: .edit
    case .inside: .inside
    case .events: .events
    default: nil
    }
  }

  @Test func everyBindingDoesSomethingInItsScope() throws {
    let exercises = Lessons.all.map { (lesson: Optional($0.id), keys: "X") }
    let models =
      try (Self.situations + exercises).map {
        try Fixtures.model($0.lesson, keys: $0.keys)
      } + Self.lists()
    for scope in KeyScope.allCases {
      let inScope = models.filter { Self.scope($0) == scope }
      for binding in Keymap().bindings(in: scope) {
        for key in binding.keys where Keymap().command(key, in: scope) == binding.command {
          let acts = inScope.contains { model in
            var after = model
            after.message = nil
            let before = view(after)
            let effects = after.update(.key(key))
            let isRefused = after.message?.role == .dim
            return !effects.isEmpty || !isRefused && view(after) != before
          }
          #expect(acts, "\(key) (\(binding.command)) does nothing in \(scope)")
        }
      }
    }
  }

  @Test func keysOfAScopeAreNotTakenTwice() {
    for scope in KeyScope.allCases {
      var taken: [Key: Command] = [:]
      for binding in Keymap().bindings(in: scope) {
        for key in binding.keys {
          #expect(
            taken[key] == nil, "\(key) in \(scope): \(binding.command) and \(taken[key]!)")
          taken[key] = binding.command
        }
        #expect(!binding.keys.isEmpty, "\(binding.command) has no key")
      }
    }
  }

  @Test func helpListsEveryBinding() throws {
    for lesson in [nil, "past-the-end"] {
      var model = try Fixtures.model(lesson, keys: "?", width: 100, height: 400)
      model.height = 400
      let text = view(model).grid.text
      for binding in Keymap.standard {
        #expect(text.contains(binding.help), "help lacks '\(binding.help)'")
        for key in binding.keys { #expect(text.contains(key.symbol)) }
      }
    }
  }

  @Test func helpCanBeScrolledToItsEndAt80x24() throws {
    var model = try Fixtures.model("past-the-end", keys: "?")
    var seen = ""
    for _ in 0..<200 {
      seen += view(model).grid.text
      try Fixtures.press(Key(.down), &model)
    }
    for binding in Keymap.standard { #expect(seen.contains(binding.help)) }
  }
}
