import DummyUDC
import Foundation
import Grid
import Narration
import RawGadget
import Scenario
import Simulation
import Testing
import Text
import Timeline
import USB
import Usercopy

@testable import Inspector

/// Room goes where content is: over every step of every lesson, at three sizes, read off the drawn screen.
struct RoomTests {
  /// A screen's size, by its columns.
  static let heights = [80: 24, 120: 36, 200: 60]

  /// A pane as it stands on the drawn screen.
  struct Seen {
    let pane: Pane
    let rect: Rect
    /// Rows that the border says are out of sight.
    let hidden: Int
    /// Blank rows in a row, inside the border.
    let empty: Int
    /// The rows inside the border, as text.
    let rows: [String]
    /// It stands from the top to the bottom, or to the title of a folded pane.
    let isHighest: Bool

    init(_ placed: PlacedPane, _ grid: Grid, in area: Rect) {
      (pane, rect) = (placed.pane, placed.rect)
      isHighest = rect.height >= area.height - 1
      let isLowest = rect.endY == area.endY
      let (top, low) = (rect.y, rect.endY - 1)
      hidden =
        Self.more(Self.text(grid, rect, top))
        + (isLowest ? Self.more(Self.text(grid, rect, low)) : 0)
      let inner = rect.inset()
      rows = (inner.y..<max(inner.y, inner.endY)).map { Self.text(grid, inner, $0) }
      var (longest, now) = (0, 0)
      for row in rows {
        now = row.allSatisfy { $0 == " " } ? now + 1 : 0
        longest = max(longest, now)
      }
      empty = longest
    }

    private static func text(_ grid: Grid, _ rect: Rect, _ y: Int) -> String {
      var text = String.UnicodeScalarView()
      for x in rect.x..<rect.endX where !grid[x, y].isContinuation {
        text.append(grid[x, y].scalar)
      }
      return String(text)
    }

    /// What `↑ 3 ↓ 21 more` adds up to.
    private static func more(_ border: String) -> Int {
      let words = border.split(separator: " ")
      return zip(words, words.dropFirst()).reduce(0) { sum, pair in
        let isMark = pair.0 == "↑" || pair.0 == "↓"
        return sum + (isMark ? Int(pair.1) ?? 0 : 0)
      }
    }
  }

  static func steps(
    _ lesson: String, _ size: (Int, Int), _ body: (Model, [Seen], Grid) throws -> Void
  ) throws {
    var model = try Fixtures.model(lesson, width: size.0, height: size.1)
    let count = try #require(model.session).count
    for _ in 0...count {
      let grid = view(model).grid
      let placed = try #require(PlacedPanes(model))
      let seen = placed.all.map { Seen($0, grid, in: placed.area) }
      try body(model, seen, grid)
      try Fixtures.press(Key(.character("n")), &model)
    }
  }

  /// Every step of every lesson at one size, once for all that is asked of a screen.
  @Test(arguments: [80, 120, 200])
  func roomGoesWhereContentIs(width: Int) throws {
    var (panes, gadget, copies) = (PanesCut(), GadgetInSight(), CopiesInSight())
    for lesson in Lessons.all {
      try Self.steps(lesson.id, (width, #require(Self.heights[width]))) { model, seen, grid in
        let place = "\(lesson.id) step \(model.session?.position ?? 0) at \(width)"
        panes.look(place, model, seen)
        try gadget.look(place, model, seen)
        try copies.look(place, model, seen, grid)
      }
    }
    #expect(panes.found.isEmpty, "\(panes.found.joined(separator: "\n"))")
    #expect(copies.found.isEmpty, "\(copies.found.joined(separator: "\n"))")
    print("ROOM \(width): \(panes.screens) screens, \(panes.cut) with a pane cut")
    print(
      "GADGET \(width): \(gadget.screens) screens, \(gadget.cut) cut; "
        + "\(gadget.events) events, \(gadget.endpoints) endpoints in sight")
    print("COPY \(width): \(copies.screens) copies")
  }
}

/// No pane is cut while another has more than two empty rows.
///
/// Two exceptions, for which no other arrangement has room: a slab of more slots than rows is drawn whole in its
/// strip, and a stack of more rows than the screen has (a real kernel's has 76) stands from top to bottom.
private struct PanesCut {
  var (screens, cut) = (0, 0)
  var found: [String] = []

  mutating func look(_ place: String, _ model: Model, _ seen: [RoomTests.Seen]) {
    screens += 1
    var hidden = seen.filter { $0.hidden > 0 }
    if hidden.contains(where: { $0.pane == .memory }) {
      let strip = Self.showsWholeSlab(model)
      hidden.removeAll { $0.pane == .memory && (strip || $0.isHighest) }
    }
    guard !hidden.isEmpty else { return }
    cut += 1
    let empty = seen.filter { $0.empty > 2 }
    guard !empty.isEmpty else { return }
    found.append(
      "\(place): \(hidden.map { "\($0.pane) hides \($0.hidden) of \($0.rect.height)" }), "
        + "\(empty.map { "\($0.pane) has \($0.empty) blank" })")
  }

  /// The slab that the slots are of is drawn whole below them.
  private static func showsWholeSlab(_ model: Model) -> Bool {
    guard let context = PaneContext(of: .memory, in: model),
      case .slab(let layout) = MemoryRows(context).picture
    else { return false }
    return layout.showsStrip
  }
}

/// Every queued event is drawn, and every endpoint the program enabled has its row with state and transfer.
private struct GadgetInSight {
  var (screens, cut, events, endpoints) = (0, 0, 0, 0)

  mutating func look(_ place: String, _ model: Model, _ seen: [RoomTests.Seen]) throws {
    guard let session = model.session, let subject = GadgetSubject(session),
      let device = subject.device, SideView.shown(model.sideView, session) == .gadget
    else { return }
    let pane = try #require(seen.first { $0.pane == .side })
    screens += 1
    if pane.hidden > 0 { cut += 1 }
    let text = pane.rows.joined(separator: "\n")
    for (forms, count) in Dictionary(
      device.events.map { (QueuedEventWords.forms($0).last ?? "", 1) }, uniquingKeysWith: +)
    {
      events += count
      let drawn = Self.cells(pane.rows).count { $0.contains(forms.prefix(6)) }
      #expect(drawn >= count, "\(place): \(forms) \(drawn) of \(count) times\n\(text)")
    }
    guard device.state == .running || device.state == .failed else { return }
    for (handle, endpoint) in device.endpoints.enumerated() where endpoint.enabled {
      endpoints += 1
      let udc = try #require(subject.controller?.endpoints[handle + 1])
      try look(at: udc, pane.rows, "\(place): \(udc.name)\n\(text)")
    }
  }

  private func look(at udc: DummyEndpoint, _ rows: [String], _ place: String) throws {
    let row = try #require(rows.first { $0.contains(udc.name) }, "\(place)")
    let states = udc.wedged ? ["wedged"] : udc.halted ? ["halted"] : ["disabling", "enabled"]
    #expect(states.contains { row.contains($0) }, "\(place)")
    let bytes = udc.queue.reduce(0) { $0 + $1.length }
    let queued =
      udc.queue.isEmpty ? ["–", "waits"] : ["\(udc.queue.count) (\(bytes) B)", "\(bytes) B"]
    #expect(queued.contains { row.contains($0) }, "\(place)")
  }

  /// What stands between the borders of the queue's cells.
  private static func cells(_ rows: [String]) -> [String] {
    rows.flatMap { $0.split(whereSeparator: { $0 == "│" || $0 == "+" }).map(String.init) }
  }
}

/// The line that decided, and the first and the last byte of the copy, are on the screen.
private struct CopiesInSight {
  var screens = 0
  var found: [String] = []

  mutating func look(_ place: String, _ model: Model, _ seen: [RoomTests.Seen], _ grid: Grid) throws
  {
    guard let context = PaneContext(of: .memory, in: model), let report = context.subject.report
    else { return }
    screens += 1
    let check = TraceWords.lines(report.outcome)
    if let focus = CheckFolding.focus(check) {
      let pane = try #require(seen.first { $0.pane == .check }, "\(place): no check")
      let begins = wrap(check[focus].text, width: pane.rect.width / 2).first ?? ""
      #expect(
        pane.rows.contains { $0.contains(begins) },
        "\(place): \(check[focus].text)\n\(pane.rows.joined(separator: "\n"))")
    }
    let attempt = report.outcome.attempt
    guard attempt.length > 0, !report.marks.isEmpty else { return }
    let ends = [attempt.kernel, attempt.kernel &+ attempt.length &- 1]
    let isThere = ends.map { BytesInSight(context, grid).has($0) }
    if isThere.contains(false) { found.append("\(place): \(isThere) \(attempt.length) bytes") }
  }
}

/// Whether a byte of a copy is drawn, with its mark, in the memory pane.
private struct BytesInSight {
  let context: PaneContext
  let grid: Grid

  init(_ context: PaneContext, _ grid: Grid) { (self.context, self.grid) = (context, grid) }

  func has(_ address: Address) -> Bool {
    guard let mark = context.marks.mark(from: address, length: 1) else { return true }
    let glyph = ByteMarks.glyph(mark)
    switch MemoryRows(context).picture {
    case .map: return true
    case .stack(let rows):
      // A row of which any byte is marked has the sign.
      return rows.placed.contains { row, y in
        row.length > 0 && address >= row.start && address &- row.start < row.length
          && signs(in: y).contains(glyph)
      }
    case .slab(let layout): return isDrawn(address, glyph, layout)
    case .list:
      return (context.rect.y..<context.rect.endY).contains { signs(in: $0).contains(glyph) }
    }
  }

  /// In a slot's cells, in the strip of the whole slab, or told to lie behind it.
  private func isDrawn(_ address: Address, _ glyph: Unicode.Scalar, _ layout: SlabLayout) -> Bool {
    let slab = context.subject.world.kernel.slabs[layout.slab]
    let stride = layout.cache.stride
    let end = slab.base &+ layout.cache.slabBytes
    guard address >= slab.base, address < end else {
      let words = (context.rect.y..<context.rect.endY).map { text(in: $0) }
      return words.contains { $0.contains("runs on behind") } || address < slab.base
    }
    if address >= slab.firstSlot {
      let (number, byte) = (address - slab.firstSlot).quotientAndRemainder(dividingBy: stride)
      let slot = min(Int(number), slab.objects.count)
      let behind = slot == Int(number) ? 0 : (Int(number) - slot) * Int(stride)
      let cell = (Int(byte) + behind) / layout.scale
      if let place = layout.place(of: slot) {
        let (x, y) = (place.x + layout.gutter, place.y + cell / layout.perRow)
        if y < layout.body.endY { return grid[x + cell % layout.perRow, y].scalar == glyph }
      }
    }
    return layout.showsStrip && signs(in: layout.body.endY).contains(glyph)
  }

  private func text(in y: Int) -> String {
    var text = String.UnicodeScalarView()
    for x in context.rect.x..<context.rect.endX { text.append(grid[x, y].scalar) }
    return String(text)
  }

  private func signs(in y: Int) -> Set<Unicode.Scalar> {
    Set((context.rect.x..<context.rect.endX).map { grid[$0, y].scalar })
  }
}
