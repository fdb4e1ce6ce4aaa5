import Grid
import Scenario
import Simulation
import Support
import Testing
import Usercopy

@testable import Inspector

/// The map over every kind of memory, at every scale.
struct MapTests {
  struct Place: Sendable, CustomTestStringConvertible {
    var lesson: String
    var keys: String
    var testDescription: String { lesson }
  }

  static let places = [
    Place(lesson: "past-the-end", keys: "n n n n n m"),
    Place(lesson: "frame-fence", keys: "n n n n m"),
    Place(lesson: "vmalloc", keys: "n n n n m"),
    Place(lesson: "folio", keys: "n n n n m"),
  ]

  private static let sizes = [(80, 24), (120, 36), (200, 60)]

  /// Cells of the map that are as wanted.
  private func count(_ model: Model, where isWanted: (Cell) -> Bool) throws -> Int {
    let rect = try #require(PaneContext(of: .memory, in: model)).rect
    let grid = view(model).grid
    var found = 0
    for y in rect.y..<rect.endY - 2 {
      for x in rect.x..<rect.endX where isWanted(grid[x, y]) { found += 1 }
    }
    return found
  }

  private func count(_ role: Role, _ model: Model) throws -> Int {
    try count(model) { $0.role == role }
  }

  /// The map of a place's copy on a screen of that size.
  private func map(
    _ place: Place, _ width: Int, _ height: Int, more: String = ""
  ) throws -> (PaneContext, CopyAttempt, MapScale) {
    let model = try Fixtures.model(
      place.lesson, keys: place.keys + more, width: width, height: height)
    let pane = try #require(PaneContext(of: .memory, in: model))
    let attempt = try #require(pane.subject.report).outcome.attempt
    return (pane, attempt, try #require(MapScale(pane)))
  }

  /// Whatever a copy starts in, the border that decides lies inside the picture.
  @Test(arguments: places)
  func bothVerdictsAreInSight(place: Place) throws {
    for (width, height) in Self.sizes {
      let model = try Fixtures.model(place.lesson, keys: place.keys, width: width, height: height)
      #expect(try count(.denied, model) > 0)
      #expect(try count(.allowed, model) > 0)
    }
  }

  /// Zooming in and out never loses the copy.
  @Test(arguments: places)
  func theCopyStaysInSight(place: Place) throws {
    for zoom in [" <", " < <", " < < < <", " >", " > >", " > > > > > > > > >"] {
      let model = try Fixtures.model(
        place.lesson, keys: place.keys + zoom, width: 80, height: 24)
      #expect(try count(model) { $0.scalar == "⊕" || $0.scalar == "▲" } == 1, "after\(zoom)")
    }
  }

  /// The cell a copy lies in stands for it.
  @Test(arguments: places)
  func theCopysCellStandsForIt(place: Place) throws {
    for (width, height) in Self.sizes {
      let (_, attempt, scale) = try map(place, width, height)
      let column = try #require(scale.column(of: attempt.kernel))
      #expect(scale.starts(column: column).contains(attempt.kernel))
      let (row, isBeyond) = scale.row(of: attempt.length)
      if !isBeyond { #expect(scale.lengths(row: row).contains(attempt.length)) }
    }
  }

  /// A cell says what every copy comes to that it stands for, or that they differ.
  private func check(
    _ pane: PaneContext, _ attempt: CopyAttempt, _ scale: MapScale, pairs: Int
  ) throws {
    let world = try #require(pane.subject.before)
    var judge = MapJudge(pane, world, attempt)
    let signs = judge.signs(scale)
    var random = SplitMix(text: "\(scale.columns)")
    var (differs, isComplete) = (false, true)
    for column in 0..<scale.columns {
      for row in 0..<scale.rows {
        let (starts, lengths) = (scale.starts(column: column), scale.lengths(row: row))
        let says = signs[column * scale.rows + row]
        var seen: Set<MapJudge.Sign> = []
        let isWhole = starts.count * lengths.count <= pairs
        if isWhole {
          for start in starts {
            for length in lengths { seen.insert(sign(pane, world, attempt, start, length)) }
          }
          #expect(seen.count == 1 ? says == seen.first : says == .mixed, "\(column) \(row) \(seen)")
        } else {
          for _ in 0..<pairs {
            let start = UInt64.random(in: starts, using: &random)
            let length = UInt64.random(in: lengths, using: &random)
            seen.insert(sign(pane, world, attempt, start, length))
          }
          #expect(says == .mixed || seen == [says], "\(column) \(row) \(seen)")
          isComplete = false
        }
        differs = differs || !seen.isDisjoint(with: [.onlyFirst, .onlySecond])
      }
    }
    #expect(isComplete ? judge.differs == differs : judge.differs || !differs)
  }

  /// With one era and with two, at every zoom.
  @Test(arguments: places, ["", " v", " v v v v v v", " <", " >"])
  func cellsSayWhatAllOfThemIs(place: Place, more: String) throws {
    for (width, height) in Self.sizes.prefix(more.isEmpty ? 2 : 1) {
      let (pane, attempt, scale) = try map(place, width, height, more: more)
      try check(pane, attempt, scale, pairs: place.lesson == "past-the-end" ? 64 : 12)
    }
  }

  /// The maps of the last copies of all lessons.
  @Test(arguments: Lessons.all.map(\.id))
  func everyLessonsMapIsExact(lesson: String) throws {
    let model = try Fixtures.model(lesson, keys: "G m", width: 80, height: 24)
    let pane = try #require(PaneContext(of: .memory, in: model))
    guard let attempt = pane.subject.report?.outcome.attempt, let scale = MapScale(pane) else {
      return
    }
    try check(pane, attempt, scale, pairs: 4)
  }

  /// A window far narrower than a cell is not lost: 16 bytes of an object of 2,048.
  @Test(arguments: [
    (2048, 1001, 16), (2048, 5, 1), (976, 488, 4), (2048, 0, 1), (2048, 2047, 1),
  ])
  func aNarrowWindowIsNotLost(size: Int, from: Int, bytes: Int) throws {
    let text = """
      title: A narrow window
      kernel: { era: linux-6.1, allocator: slub, arch: x86_64 }
      caches:
        - { name: narrow, object-size: \(size), useroffset: \(from), usersize: \(bytes) }
      steps:
        - alloc: { cache: narrow, as: thing }
        - copy: { entry: copy_to_user, from: thing, offset: \(from), length: \(bytes) }
      """
    for (width, height) in Self.sizes {
      var model = try Fixtures.model(nil, width: width, height: height)
      model.open(try ScenarioReader.read(text, file: "narrow.yaml", id: "narrow"))
      for key in try Key.sequence(parsing: "G m") { try Fixtures.press(key, &model) }
      let pane = try #require(PaneContext(of: .memory, in: model))
      let attempt = try #require(pane.subject.report).outcome.attempt
      #expect(try #require(pane.subject.report).outcome.verdict == .allow)
      let scale = try #require(MapScale(pane))
      var judge = MapJudge(pane, try #require(pane.subject.before), attempt)
      let signs = judge.signs(scale)
      #expect(signs.contains(.mixed) || signs.contains(.allowed))
      try check(pane, attempt, scale, pairs: 8)
    }
  }

  /// What one copy of the map comes to, judged alone.
  private func sign(
    _ pane: PaneContext, _ world: World, _ attempt: CopyAttempt, _ start: Address, _ length: UInt64
  ) -> MapJudge.Sign {
    var tried = attempt
    (tried.kernel, tried.length) = (start, length)
    let outcome = world.kernel.judge(tried, under: pane.subject.world.era)
    let isAllowed = outcome.verdict == .allow
    if let era = pane.model.memory.comparedEra,
      (world.kernel.judge(tried, under: era).verdict == .allow) != isAllowed
    {
      return isAllowed ? .onlyFirst : .onlySecond
    }
    guard isAllowed else { return .denied }
    return world.kernel.effect(outcome).told.isEmpty ? .allowed : .leaky
  }

  /// A closer scale shows fewer bytes a cell, on both axes.
  @Test func zoomingInIsFiner() throws {
    var last: (UInt64, UInt64) = (.max, .max)
    for zoom in ["", " <", " < <", " < < <"] {
      let model = try Fixtures.model("vmalloc", keys: "n n n n m" + zoom, width: 120, height: 36)
      let pane = try #require(PaneContext(of: .memory, in: model))
      let scale = try #require(MapScale(pane))
      #expect(scale.bytesPerColumn < last.0)
      #expect(scale.bytesPerRow < last.1)
      last = (scale.bytesPerColumn, scale.bytesPerRow)
    }
  }
}
