import Grid
import KernelLog
import Scenario
import Simulation
import Support
import Testing
import Usercopy

@testable import Inspector

/// Models to press keys on.
enum Fixtures {
  static func script(_ id: String) throws -> Script {
    try Lessons.script(#require(Lessons.find(id), "no lesson \(id)"))
  }

  static let items = Lessons.all.map {
    LessonItem(
      id: $0.id, number: $0.number, title: $0.title, about: $0.about, source: $0.source,
      chapter: $0.chapter)
  }

  /// A model on a lesson with keys pressed; lessons asked for are opened.
  static func model(
    _ lesson: String?, keys: String = "", width: Int = 80, height: Int = 24
  ) throws -> Model {
    var model = Model(lessons: items, width: width, height: height)
    model.themes.names = ["slate", "paper", "mono"]
    model.themes.used = "slate"
    if let lesson { model.open(try script(lesson)) }
    for key in try Key.sequence(parsing: keys) { try press(key, &model) }
    return model
  }

  /// Caches of a machine that was not asked as its administrator.
  static let caches: CacheListing = {
    var listing = CacheListing(source: "a test")
    listing.release = "6.1.0"
    listing.unread = [
      "/proc/slabinfo: not permitted; the administrator may read it",
      "usersize: not permitted; the administrator may read it (1 cache)",
    ]
    func add(_ name: String, _ sizes: [UInt64?], _ change: (inout CacheInfo) -> Void = { _ in }) {
      var cache = CacheInfo(name: name)
      (cache.objectSize, cache.stride, cache.objectsPerSlab) = (sizes[0], sizes[1], sizes[2])
      (cache.order, cache.usersize, cache.activeObjects) = (sizes[3], sizes[4], sizes[5])
      change(&cache)
      listing.caches.append(cache)
    }
    add("task_struct", [9792, 9792, 3, 3, 4352, 240]) { $0.constructor = "0" }
    add(":0000064", [64, 64, 64, 0, 0, 12]) {
      $0.id = ":0000064"
      $0.aliases = ["anon_vma_chain", "vm\u{1B}_area"]
    }
    add("anon_vma_chain", [64, 64, 64, 0, 0, 12]) {
      $0.id = ":0000064"
      $0.flags = [.hwcacheAlign]
    }
    for size in [8, 16, 32, 64, 96, 128, 192, 256, 512] as [UInt64] {
      add("kmalloc-\(size)", [size, size, 4096 / size, 0, size, 30 * size])
    }
    add("hidden", [nil, nil, nil, nil, nil, nil]) {
      $0.unread = [UnreadAttribute(attribute: "usersize", reason: .notPermitted)]
    }
    add("a_cache_with_a_name_that_is_too_long_for_its_column", [24, 40, 102, 0, nil, 7]) {
      $0.flags = [.redZone, .poison, .storeUser, .sanityChecks, .reclaimAccount]
      $0.totalObjects = 102
    }
    for size in stride(from: 40, through: 480, by: 40) as StrideThrough<UInt64> {
      add("fs_\(size)", [size, size, 9, 1, 0, 1])
    }
    return listing
  }()

  @discardableResult
  static func press(_ key: Key, _ model: inout Model) throws -> [Effect] {
    let effects = model.update(.key(key))
    for case .openLesson(let name) in effects {
      if let entry = Lessons.find(name) { model.open(try Lessons.script(entry)) }
    }
    if effects.contains(.readCaches) { _ = model.update(.caches(caches)) }
    return effects
  }
}

extension Model {
  /// The memory pane as it is drawn now.
  func memoryContext() throws -> PaneContext {
    try #require(PaneContext(of: .memory, in: self))
  }
}
