import Grid
import Narration
import RawGadget
import Simulation
import Timeline
import Usercopy

/// Program, driver, controller and host side by side, one row an event, the newest at the bottom.
struct WirePane: PaneContent {
  let context: PaneContext
  let side: GadgetSide

  var title: [Span] {
    [Span("Wire", context.titleRole, .bold), Span(" ─ newest below", context.titleRole)]
  }

  /// One event between two of the four columns.
  private struct Row {
    var from: Int
    var to: Int
    var text: String
    var role: Role
    var isNew: Bool
  }

  private static let names = ["program", "driver", "udc", "host"]

  func draw(into grid: inout Grid) {
    let rect = context.rect
    guard rect.width >= 20, rect.height >= 3 else { return }
    let columns = (0..<4).map { rect.x + 2 + $0 * (rect.width - 8) / 3 }
    for (index, name) in Self.names.enumerated() {
      let x = min(columns[index] - 1, rect.endX - name.count)
      grid.put(name, x: max(rect.x, x), y: rect.y, role: .label)
    }
    let shown = rows(last: visible - context.model.machineScroll).prefix(visible)
    for (line, row) in shown.enumerated() {
      let y = rect.y + 1 + line
      for x in columns { grid.put("│", x: x, y: y, role: .border) }
      draw(row, columns, y: y, &grid)
    }
  }

  var footer: [Span] {
    let left = -context.model.machineScroll
    return left > 0 ? [Span("↓ \(left) more", .dim)] : []
  }

  var texts: [String] { rows(last: .max).map(\.text) }

  var scrollRange: ClosedRange<Int> { min(0, visible - rows(last: .max).count)...0 }

  /// Rows under the names of the columns.
  private var visible: Int { max(1, context.rect.height - 1) }

  private func draw(_ row: Row, _ columns: [Int], y: Int, _ grid: inout Grid) {
    let bold: Attributes = row.isNew ? .bold : []
    let role: Role = row.isNew ? row.role : .dim
    let low = columns[min(row.from, row.to)]
    let high = columns[max(row.from, row.to)]
    let place = label(row.text, low, high)
    if low < high {
      for x in (low + 1)..<high { grid.put("─", x: x, y: y, role: role) }
      let (head, x) = row.from < row.to ? ("▶", high - 1) : ("◀", low + 1)
      grid.put(head, x: x, y: y, role: role, attributes: bold)
    }
    let text = TextWidth.truncated(row.text, to: place.width)
    let x = place.isLeft ? place.x + place.width - TextWidth.of(text) : place.x
    let blank = low < high ? " " : ""
    grid.put("\(blank)\(text)\(blank)", x: x - blank.count, y: y, role: role, attributes: bold)
  }

  /// Where an arrow's words stand: on it, else on the side that has more room, so that its head is seen.
  private func label(
    _ text: String, _ low: Int, _ high: Int
  ) -> (x: Int, width: Int, isLeft: Bool) {
    let rect = context.rect
    let needed = TextWidth.of(text)
    let inside = high - low - 5
    if needed <= inside { return (low + 3, inside, false) }
    let left = low - rect.x - 3
    let right = rect.endX - high - 2
    return right >= min(left, needed) ? (high + 2, right, false) : (rect.x + 2, left, true)
  }

  /// The rows of the last events, at least `count` when there are as many, oldest first.
  private func rows(last count: Int) -> ArraySlice<Row> {
    let steps = context.session.timeline.steps[..<context.session.position]
    var rows: [Row] = []
    for (index, step) in zip(steps.indices, steps).reversed() where rows.count < count {
      let isNew = index == steps.endIndex - 1
      for event in step.events.reversed() {
        switch event {
        case .gadget(let event): row(event, isNew: isNew).map { rows.append($0) }
        case .copied(let report): rows.append(row(report, isNew: isNew))
        default: break
        }
      }
    }
    return rows.reversed().suffix(count)
  }

  private func row(_ report: CopyReport, isNew: Bool) -> Row {
    let outcome = report.outcome
    let way = outcome.attempt.direction == .toUser ? "→ user" : "← user"
    let denied = outcome.verdict != .allow
    return Row(
      from: 1, to: 1,
      text: "\(denied ? "✘" : "✔") \(outcome.attempt.length) \(way) \(report.place)",
      role: denied ? .denied : report.leaks.isEmpty ? .allowed : .leaky, isNew: isNew)
  }

  private func row(_ event: GadgetEvent, isNew: Bool) -> Row? {
    func make(_ from: Int, _ to: Int, _ text: String, _ role: Role) -> Row {
      Row(from: from, to: to, text: text, role: role, isNew: isNew)
    }
    switch event.kind {
    case .callEntered(_, let call): return make(0, 1, Self.name(call), .code)
    case .callBlocked: return make(0, 0, "┊ sleeps", .pending)
    case .callReturned(_, let result):
      return make(1, 0, GadgetWords.result(result), result.errno == nil ? .allowed : .denied)
    case .eventQueued(_, let type, let depth):
      return make(2, 1, "\(type.name) \(depth)/16", .accent)
    case .eventRefused(_, let type): return make(2, 1, "\(type.name) refused", .denied)
    case .setup(_, let setup): return make(3, 2, GadgetWords.request(setup), .user)
    case .setupAnswered(_, let setup, _):
      return make(2, 3, "answers \(GadgetWords.request(setup))", .metadata)
    case .requestQueued(_, let endpoint, let length):
      return make(1, 2, "\(endpoint) \(length) bytes", .text)
    case .transferred(_, let endpoint, let toHost, let bytes):
      return toHost
        ? make(2, 3, "\(endpoint) \(bytes) bytes", .text)
        : make(3, 2, "\(endpoint) \(bytes) bytes", .text)
    case .copied(_, let copy):
      let words = "\(copy.length) \(copy.toUser ? "→ user" : "← user") \(copy.object)"
      return make(1, 1, words, copy.notCopied == 0 ? .allowed : .denied)
    case .signalled: return make(0, 0, "signal", .warning)
    case .routed(_, let setup, .gadgetfs, let status):
      return make(
        1, 3, "answers \(GadgetWords.request(setup))", status < 0 ? .denied : .metadata)
    case .gadgetfsQueued(let type, let depth):
      return make(2, 1, "\(type.name) \(depth)/5", .accent)
    case .gadgetfsRead(let event, _): return make(1, 0, GadgetFSWords.words(event), .accent)
    case .hostLog(let line): return make(3, 3, line, .dim)
    default: return nil
    }
  }

  private static func name(_ call: SystemCall) -> String {
    switch call {
    case .open: "open"
    case .close: "close"
    case .read: "read"
    case .write: "write"
    case .poll: "poll"
    case .gadgetfs(let call):
      switch call {
      case .open: "open gadgetfs"
      case .close: "close gadgetfs"
      case .read: "read ep0"
      case .write: "write ep0"
      }
    case .ioctl(_, let number, _):
      RawIoctl(rawValue: UInt8(truncatingIfNeeded: number))?.shortName ?? "ioctl"
    }
  }
}
