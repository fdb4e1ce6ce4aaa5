import DummyUDC
import Grid
import RawGadget
import Scenario
import Simulation
import Testing
import Text
import Timeline

@testable import Inspector

/// Room goes where content is: over every step of every lesson, at three sizes.
struct RoomTests {
  /// A pane as it stands on the screen.
  struct Seen {
    let pane: Pane
    /// Rows it has something for but no room.
    let hidden: Int
    /// Blank rows at its end.
    let empty: Int

    init(_ placed: PlacedPane, _ frame: Frame, _ scene: Shared<PaneScene>) {
      pane = placed.pane
      let inner = placed.rect.inset()
      let rows = placed.pane.rows(PaneContext(scene, rect: inner, isFocused: false))
      // In a step that copies nothing the memory has the room that is left, if any.
      let isExtra = pane == .memory && scene.value.subject.report == nil
      hidden = isExtra ? 0 : max(0, rows.need.well - inner.height)
      let blank = (inner.y..<inner.endY).reversed().prefix { y in
        (inner.x..<inner.endX).allSatisfy { frame.grid[$0, y].scalar == " " }
      }
      empty = min(blank.count, max(0, inner.height - rows.need.most))
    }
  }

  static func steps(
    _ lesson: String, _ size: (Int, Int), _ body: (Model, [Seen], Frame) throws -> Void
  ) throws {
    var model = try Fixtures.model(lesson, width: size.0, height: size.1)
    let count = try #require(model.session).count
    for _ in 0...count {
      let session = try #require(model.session)
      let frame = view(model)
      let scene = Shared(PaneScene(model, session))
      try body(model, PlacedPanes(scene).all.map { Seen($0, frame, scene) }, frame)
      try Fixtures.press(Key(.character("n")), &model)
    }
  }

  @Test(arguments: Lessons.all.map(\.id), [80, 120, 200])
  func noPaneIsCutWhileAnotherIsEmpty(lesson: String, width: Int) throws {
    let height = [80: 24, 120: 36, 200: 60][width]!
    try Self.steps(lesson, (width, height)) { model, seen, _ in
      let cut = seen.filter { $0.hidden > 0 }
      let empty = seen.filter { $0.empty > 2 }
      let place = "\(lesson) step \(model.session?.position ?? 0) at \(width)"
      #expect(
        cut.isEmpty || empty.isEmpty,
        "\(place): \(cut.map { "\($0.pane) lacks \($0.hidden)" }), \(empty.map { "\($0.pane) has \($0.empty) blank" })"
      )
    }
  }

  /// Every queued event is drawn as its cell.
  @Test(arguments: Lessons.all.map(\.id), [80, 120, 200])
  func theQueueShowsEveryEvent(lesson: String, width: Int) throws {
    let height = [80: 24, 120: 36, 200: 60][width]!
    try Self.steps(lesson, (width, height)) { model, _, _ in
      guard let session = model.session, let subject = GadgetSubject(session),
        let device = subject.device, let pane = PaneContext(of: .side, in: model),
        let rows = GadgetRows(pane)
      else { return }
      let shown = rows.visible.map { row in
        if case .text(let spans) = row { spans.map(\.text).joined() } else { "" }
      }
      let cells = QueueCells(
        events: device.events, new: subject.newEvents, width: ScrolledRows.width(pane.rect))
      for row in cells.rows(isWhole: false) {
        let text = " " + row.map(\.text).joined()
        #expect(
          shown.contains { $0.hasPrefix(text.dropLast(1)) },
          "\(lesson) \(session.position) at \(width): \(text)")
      }
      for (handle, endpoint) in device.endpoints.enumerated() where endpoint.enabled {
        let name = try #require(subject.controller?.endpoints[handle + 1].name)
        #expect(
          shown.contains { $0.contains(name) }, "\(lesson) \(session.position) at \(width): \(name)"
        )
      }
    }
  }
}
