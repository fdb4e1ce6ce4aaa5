import Grid
import KernelLog
import Simulation
import Testing
import Usercopy

@testable import Inspector

/// The list of slab caches.
struct CachesTests {
  private func names(_ model: Model) -> [String] {
    (model.caches?.found(model.search.text) ?? []).compactMap {
      model.caches?.listing.caches[$0].name
    }
  }

  @Test func theyAreReadWhenAskedForOnly() throws {
    var model = Model(lessons: Fixtures.items)
    #expect(model.update(.key(Key(.character("j")))) == [])
    #expect(model.caches == nil)
    #expect(model.update(.key(Key(.character("C")))) == [.readCaches])
    #expect(model.caches == nil)
    _ = model.update(.told("/sys/kernel/slab: not there", isError: true))
    #expect(view(model).grid.text.contains("/sys/kernel/slab: not there"))
  }

  @Test func everyOrderSortsAndKeepsTheSelection() throws {
    var model = try Fixtures.model(nil, keys: "C / \"hidden\" Enter Escape")
    for _ in CacheOrder.allCases {
      try Fixtures.press(Key(.character("s")), &model)
      let list = try #require(model.caches)
      #expect(list.selected?.name == "hidden")
      let keys = list.listing.caches.map { list.order.key($0) }
      let known = keys.prefix { $0 != nil }.compactMap { $0 }
      #expect(known == known.sorted(by: >))
      #expect(keys.dropFirst(known.count).allSatisfy { $0 == nil })
    }
    #expect(model.caches?.order == .name)
    try Fixtures.press(Key(.character("S")), &model)
    #expect(model.caches?.order == .objects)
  }

  @Test func searchNarrowsAndEscapeWidens() throws {
    var model = try Fixtures.model("past-the-end", keys: "C / \"MALLOC-1\"")
    #expect(names(model) == ["kmalloc-16", "kmalloc-128", "kmalloc-192"])
    for key in try Key.sequence(parsing: "Enter j j j Escape") { try Fixtures.press(key, &model) }
    #expect(model.caches?.selected?.name == "kmalloc-192")
    #expect(names(model).count == Fixtures.caches.caches.count)
    try Fixtures.press(Key(.escape), &model)
    guard case .browse = model.mode else { Issue.record("not back"); return }
  }

  @Test func everyCacheOpensAsAPageOrSaysWhyNot() throws {
    for cache in Fixtures.caches.caches {
      var model = try Fixtures.model(nil, keys: "C")
      let index = try #require(model.caches?.listing.caches.firstIndex { $0.name == cache.name })
      model.caches?.cursor = index
      try Fixtures.press(Key(.enter), &model)
      if cache.objectSize == nil {
        #expect(model.session == nil && model.message?.text.contains("cannot be read") == true)
      } else {
        let session = try #require(model.session)
        #expect(session.position == session.count && session.shownCopy != nil)
        #expect(session.world.kernel.caches.contains { $0.name == cache.name })
      }
    }
  }

  @Test func readingAgainKeepsOrderSearchAndCache() throws {
    var model = try Fixtures.model(nil, keys: "C s / \"kmalloc\" Enter j j")
    let before = model.caches?.selected?.name
    var fewer = Fixtures.caches
    fewer.caches.removeAll { $0.name == "kmalloc-512" }
    _ = model.update(.caches(fewer))
    #expect(model.caches?.selected?.name == before && model.caches?.order == .size)
    #expect(model.search.text == "kmalloc")
    fewer.caches = []
    _ = model.update(.caches(fewer))
    for key in try Key.sequence(parsing: "Enter j s G") { try Fixtures.press(key, &model) }
    #expect(view(model).grid.text.contains("0 of 0 caches"))
  }

  @Test func theCommandLineAndThePaletteLeadToThem() throws {
    for keys in [": \"caches\" Enter", "C-p \"caches\" Enter"] {
      let model = try Fixtures.model("past-the-end", keys: keys)
      guard case .caches = model.mode else { Issue.record("\(keys) leads elsewhere"); continue }
    }
  }

  @Test func aClickSelectsAndOpens() throws {
    var model = try Fixtures.model(nil, keys: "C")
    let row = ListLayout.caches(model).top + 3
    let click = Message.mouse(Mouse(.press(.left), at: Position(x: 5, y: row)))
    _ = model.update(click)
    #expect(model.caches?.cursor == 3 && model.session == nil)
    _ = model.update(click)
    #expect(model.session != nil)
  }

  @Test func whatWasNotReadIsSaid() throws {
    let text = view(try Fixtures.model(nil, keys: "C / \"hidden\" Enter", width: 120)).grid.text
    #expect(text.contains("not read: /proc/slabinfo: not permitted"))
    #expect(text.contains("The size of its objects could not be read."))
    #expect(text.contains("Not read: usersize"))
  }
}
