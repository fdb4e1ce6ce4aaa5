import Grid
import Simulation
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

  /// The cell a copy lies in is judged by that copy, not by a length or a start nearby.
  @Test(arguments: places)
  func theCopysCellStandsForIt(place: Place) throws {
    for (width, height) in Self.sizes {
      let (_, attempt, scale) = try map(place, width, height)
      let column = try #require(scale.column(of: attempt.kernel))
      #expect(scale.start(column: column) == attempt.kernel)
      let (row, isBeyond) = scale.row(of: attempt.length)
      guard !isBeyond else { continue }
      #expect(scale.length(row: row) == attempt.length)
      let others = (0..<scale.rows).filter { $0 != row }.map(scale.length)
      #expect(others.allSatisfy { $0 % scale.bytesPerRow == 0 })
    }
  }

  /// A cell says what all four corners of it say, or that they differ; with one era and with two.
  @Test(arguments: places, ["", " v", " v v v v v v"])
  func cellsSayWhatTheirCornersSay(place: Place, more: String) throws {
    for (width, height) in Self.sizes.prefix(more.isEmpty ? 3 : 1) {
      let (pane, attempt, scale) = try map(place, width, height, more: more)
      let world = try #require(pane.subject.before)
      var judge = MapJudge(pane, world, attempt)
      let signs = judge.signs(scale)
      for column in 0..<scale.columns {
        for row in 0..<scale.rows {
          let corners = scale.starts(column: column).each.flatMap { start in
            scale.lengths(row: row).each.map { sign(pane, world, attempt, start, $0) }
          }
          let says = signs[column * scale.rows + row]
          #expect(Set(corners).count == 1 ? says == corners[0] : says == .mixed)
        }
      }
      if more.isEmpty, scale.bytesPerColumn > 1 { #expect(signs.contains(.mixed)) }
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
