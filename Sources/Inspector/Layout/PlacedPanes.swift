import Grid
import Simulation
import Timeline

/// Where the panes of a frame stand: room goes where there is something to show.
struct PlacedPanes {
  /// The panes in sight.
  let all: [PlacedPane]
  /// The pane that keys go to: the focused one, or what stands in its place.
  let focus: Pane
  /// Where they all stand.
  let area: Rect
  /// Rows that were made to see how much room they need.
  private var made: [MadeRows] = []

  init(_ scene: Frozen<PaneScene>) {
    let layout = scene.value.model.layout
    area = ScreenLayout(scene.value.model).panes
    if layout.preset == .wall, !layout.isZoomed, BigVerdict.fits(area) {
      focus = Self.gadgetLeads(scene.value) && !layout.isChosen ? .side : layout.focus
      all = [PlacedPane(pane: focus, rect: BigVerdict.split(area).pane)]
      return
    }
    guard !layout.isZoomed, layout.isSplit(area) else {
      focus = layout.focus
      all = [PlacedPane(pane: focus, rect: area)]
      return
    }
    if layout.preset == .tall, let tall = TallPanes(scene, area, focus: layout.focus) {
      (focus, all) = (tall.focus, tall.all)
      return
    }
    var columns = Columns(scene, area)
    defer { made = columns.made }
    if scene.value.opened != nil {
      (focus, all) = (layout.focus, columns.inStep())
    } else if Self.gadgetLeads(scene.value) {
      let isElsewhere = layout.focus == .check || !layout.isChosen && layout.focus == .memory
      focus = isElsewhere ? .side : layout.focus
      all = columns.gadgetFirst()
    } else {
      focus = layout.focus
      all = columns.forCopy()
    }
  }

  /// The panes as they stand on the screen now; nil without a scenario.
  init?(_ model: Model) {
    guard let session = model.session else { return nil }
    self.init(Frozen(PaneScene(model, session)))
  }

  func rect(of pane: Pane) -> Rect? { all.first { $0.pane == pane }?.rect }

  /// The rows of a pane where it stands.
  func rows(_ pane: Pane, _ context: PaneContext) -> any PaneRows {
    let found = made.first {
      $0.pane == pane && $0.width == context.rect.width && $0.isFocused == context.isFocused
    }
    return found?.rows.fitted(to: context) ?? pane.rows(context)
  }

  /// In a step of the gadget that copies nothing the device has the room of the bytes.
  private static func gadgetLeads(_ scene: PaneScene) -> Bool {
    let model = scene.model
    guard scene.session.world.hasGadget, scene.subject.report == nil,
      model.memory.chosen == nil, model.memory.selected == nil
    else { return false }
    if model.layout.isChosen, model.layout.focus == .memory { return false }
    return SideView.isAboutGadget(SideView.shown(model.sideView, scene.session))
  }
}

/// The rows of a pane that may have been made for another height.
private struct MadeRows {
  let pane: Pane
  let width: Int
  let isFocused: Bool
  let rows: any PaneRows
}

/// The arrangements of the panes in two columns, each a try with what the panes have to show.
private struct Columns {
  let scene: Frozen<PaneScene>
  let area: Rect
  let left, right: Rect
  private(set) var made: [MadeRows] = []
  private let layout: PaneLayout

  init(_ scene: Frozen<PaneScene>, _ area: Rect, share: Double? = nil) {
    (self.scene, self.area) = (scene, area)
    layout = scene.value.model.layout
    (left, right) = layout.columns(of: area, share: share)
  }

  mutating func need(_ pane: Pane, in column: Rect) -> PaneNeed {
    let isFocused = pane == layout.focus
    let rect = column.inset()
    if let known = made.first(where: { $0.pane == pane && $0.width == rect.width }) {
      return known.rows.need
    }
    let rows = pane.rows(PaneContext(scene, rect: rect, isFocused: isFocused))
    made.append(MadeRows(pane: pane, width: rect.width, isFocused: isFocused, rows: rows))
    return rows.need
  }

  /// What the panes of the two columns have to show.
  struct Needs {
    var memory, check, side, story: PaneNeed
  }

  mutating func needs() -> Needs {
    Needs(
      memory: need(.memory, in: left), check: need(.check, in: left),
      side: need(.side, in: right), story: need(.story, in: right))
  }

  /// The arrangement for a step's copy, or for what there is besides the gadget.
  mutating func forCopy() -> [PlacedPane] {
    let needs = needs()
    guard layout.leftRows == nil, layout.rightRows == nil else { return standard(needs) }
    let usual = checkOnTheRight(needs) ?? standard(needs)
    let lost = rowsLost(usual, needs)
    guard lost > 0 else { return usual }
    // Another arrangement, or a story that goes on in a wider or a narrower column, where that shows more.
    var best = (panes: usual, lost: lost)
    let shares = layout.columns == PaneLayout.usualColumns ? [0, -0.1, 0.08] : [0]
    for share in shares where best.lost > 0 {
      var columns =
        share == 0 ? self : Columns(scene, area, share: PaneLayout.usualColumns + share)
      let needs = share == 0 ? needs : columns.needs()
      for panes in [columns.checkOnTheRight(needs), columns.standard(needs)].compactMap(\.self) {
        let lost = columns.rowsLost(panes, needs)
        if lost < best.lost { best = (panes, lost) }
      }
      made += columns.made.dropFirst(share == 0 ? made.count : 0)
    }
    return best.panes
  }

  /// Rows out of sight in some panes, where more than two rows of another stay empty.
  private mutating func rowsLost(_ panes: [PlacedPane], _ needs: Needs) -> Int {
    var (hidden, empty) = (0, 0)
    for placed in panes {
      let need =
        switch placed.pane {
        case .memory: needs.memory
        case .check: placed.rect.x == left.x ? needs.check : self.need(.check, in: right)
        case .side: needs.side
        case .story: needs.story
        }
      let rows = placed.rect.height - 2
      hidden += max(0, need.whole - rows)
      empty = max(empty, rows - need.most)
    }
    return empty > 2 ? hidden : 0
  }

  /// Memory above check, the rest on the right; the dividers stand where they were put by hand.
  func standard(_ needs: Needs) -> [PlacedPane] {
    let (memory, check) = split(
      left, share: layout.leftShare(area), isChosen: layout.leftRows != nil, needs.memory,
      needs.check)
    let (side, story) = split(
      right, share: layout.rightShare(area), isChosen: layout.rightRows != nil, needs.side,
      needs.story)
    return [
      PlacedPane(pane: .memory, rect: memory), PlacedPane(pane: .check, rect: check),
      PlacedPane(pane: .side, rect: side), PlacedPane(pane: .story, rect: story),
    ]
  }

  private func split(
    _ column: Rect, share: Double, isChosen: Bool, _ upper: PaneNeed, _ lower: PaneNeed
  ) -> (Rect, Rect) {
    let (top, bottom) = column.splitRows(
      ratio: share, minimumTop: 6, minimumBottom: 5, overlap: 1)
    if isChosen { return (top, bottom) }
    return column.split(
      at: PaneNeed.cut(column.height, from: top.height, upper: upper, lower: lower))
  }

  /// The bytes alone on the left, where they would else be out of sight; nil where the check has no room
  /// on the right.
  private mutating func checkOnTheRight(_ needs: Needs) -> [PlacedPane]? {
    let (memory, side, story) = (needs.memory, needs.side, needs.story)
    let below = left.height - 3 - needs.check.well
    guard needs.check != .nothing, memory.most > below else { return nil }
    let check = need(.check, in: right)
    // The eras are read as well in two columns; they give way only to bytes that would be out of sight.
    let least = memory.well > below ? side.well : side.most
    let spare = right.height - 4 - least - check.well - story.most
    guard spare >= 0 else { return nil }
    // The rest of the check is worth more than what is known of an era, and that more than its folded lines.
    let whole = min(check.whole, check.well + spare)
    let rows = min(side.most, least + spare - (whole - check.well))
    let lines = min(check.most, check.well + spare - (rows - least))
    let (first, rest) = right.split(at: rows + 2)
    let (second, third) = rest.split(at: lines + 2)
    return [
      PlacedPane(pane: .memory, rect: left), PlacedPane(pane: .check, rect: second),
      PlacedPane(pane: .side, rect: first), PlacedPane(pane: .story, rect: third),
    ]
  }

  /// The gadget on the left; the memory below it or below the story, where there is room, else its title.
  mutating func gadgetFirst() -> [PlacedPane] {
    let (side, story) = (need(.side, in: left), need(.story, in: right))
    let memory = (left: need(.memory, in: left), right: need(.memory, in: right))
    for level in [\PaneNeed.well, \PaneNeed.least] {
      if side.most + 3 + memory.left[keyPath: level] <= left.height {
        return gadget(left.split(at: side.most + 2), right)
      }
      if story.most + 3 + memory.right[keyPath: level] <= right.height {
        let (upper, lower) = right.split(at: story.most + 2)
        return gadget((left, lower), upper)
      }
    }
    return gadget(left.split(at: left.height - 1), right)
  }

  /// A step gone through: the gadget over the bytes on the left, the events over the story on the right.
  mutating func inStep() -> [PlacedPane] {
    let (side, memory) = split(
      left, share: 0.62, isChosen: false, need(.side, in: left), need(.memory, in: left))
    let (events, story) = split(
      right, share: 0.6, isChosen: false, need(.check, in: right), need(.story, in: right))
    return [
      PlacedPane(pane: .side, rect: side), PlacedPane(pane: .memory, rect: memory),
      PlacedPane(pane: .check, rect: events), PlacedPane(pane: .story, rect: story),
    ]
  }

  private func gadget(_ rects: (side: Rect, memory: Rect), _ story: Rect) -> [PlacedPane] {
    [
      PlacedPane(pane: .side, rect: rects.side), PlacedPane(pane: .memory, rect: rects.memory),
      PlacedPane(pane: .story, rect: story),
    ]
  }
}

extension Rect {
  /// Two rectangles one above the other that share a row, the upper one `height` rows high.
  fileprivate func split(at height: Int) -> (Rect, Rect) {
    (
      Rect(x: x, y: y, width: width, height: height),
      Rect(x: x, y: y + height - 1, width: width, height: self.height - height + 1)
    )
  }
}

extension PlacedPanes {
  /// The divider at a cell, if there is one.
  func divider(at place: Position) -> PaneLayout.Divider? {
    guard all.count > 1, area.contains(x: place.x, y: place.y), let story = rect(of: .story) else {
      return nil
    }
    if place.x == story.x { return .columns }
    if place.x < story.x { return place.y == rect(of: .check)?.y ? .leftRows : nil }
    return rect(of: .side)?.x == story.x && place.y == story.y ? .rightRows : nil
  }

  /// The share of its column that the upper pane has where the focused one stands.
  var upperShare: Double? {
    let upper: Pane = focus == .memory || focus == .check ? .memory : .side
    guard all.count == 4, area.height > 0, let rect = rect(of: upper) else { return nil }
    return Double(rect.height) / Double(area.height)
  }

  /// The pane behind or before the focused one, in reading order.
  func next(by step: Int) -> Pane {
    let panes = all.count > 1 ? Pane.allCases.filter { rect(of: $0) != nil } : Pane.allCases
    let index = panes.firstIndex(of: focus) ?? 0
    return panes[((index + step) % panes.count + panes.count) % panes.count]
  }
}

extension PaneContext {
  /// A pane as it stands on the screen now; nil when it is not in sight.
  init?(of pane: Pane, in model: Model) {
    guard let session = model.session else { return nil }
    let scene = Frozen(PaneScene(model, session))
    let placed = PlacedPanes(scene)
    guard let rect = placed.rect(of: pane) else { return nil }
    self.init(scene, rect: rect.inset(), isFocused: pane == placed.focus)
  }
}

extension PaneLayout {
  /// The focus on the next pane in sight, or the one before.
  mutating func cycle(by step: Int, _ placed: PlacedPanes?) {
    guard let placed else { return }
    (focus, isChosen) = (placed.next(by: step), true)
  }

  /// Moves the divider beside the pane that keys go to.
  mutating func moveDivider(by share: Double, _ placed: PlacedPanes?) {
    guard let placed else { return }
    focus = placed.focus
    resize(columns: 0, rows: share, from: placed.upperShare)
  }
}
