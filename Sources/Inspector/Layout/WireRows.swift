import GadgetWorld
import Grid
import Narration
import RawGadget
import Simulation
import Text
import Timeline
import Usercopy
import USB

/// Program, driver, controller and host side by side, one row an event, the newest at the bottom.
struct WireRows: PlainRows {
  let context: PaneContext

  /// Nil without a gadget.
  init?(_ context: PaneContext) {
    guard context.session.world.hasGadget else { return nil }
    self.context = context
  }

  var title: [Span] { context.title("Wire", "newest below") }

  /// One event between two of the four columns.
  struct Row: Equatable {
    var from: Int
    var to: Int
    /// What happens, the longest form first.
    var forms: [String]
    var role: Role
    var isNew: Bool
    /// A line of the host's log, across all columns.
    var isNote = false
  }

  private static let names = ["program", "driver", "udc", "host"]

  private var width: Int { context.rect.width }

  /// The names of the columns, and the events in sight below them.
  var visible: [PaneRow] {
    guard width >= 20, context.rect.height >= 3 else { return [] }
    let columns = (0..<4).map { 2 + $0 * (width - 8) / 3 }
    var heading = Grid(width: width, height: 1)
    for (index, name) in Self.names.enumerated() {
      let x = min(columns[index] - 1, width - name.count)
      heading.put(name, x: max(0, x), y: 0, role: .label)
    }
    let shown = rows(last: height - scroll).prefix(height)
    return [.picture(heading)] + shown.map { .picture(picture($0, columns)) }
  }

  private func picture(_ row: Row, _ columns: [Int]) -> Grid {
    var grid = Grid(width: width, height: 1)
    if row.isNote {
      grid.put(TextWidth.truncated(row.forms[0], to: width - 3), x: 2, y: 0, role: row.role)
    } else {
      for x in columns { grid.put("│", x: x, y: 0, role: .border) }
      draw(row, columns, &grid)
    }
    return grid
  }

  var footer: [Span] {
    let below = -max(scroll, scrollRange.lowerBound)
    return ScrolledRows.more(above: -scrollRange.lowerBound - below, below: max(0, below))
  }

  var need: PaneNeed {
    let count = rows(last: .max).count + 1
    return PaneNeed(least: min(count, 7), well: min(count, 14), whole: count, most: count)
  }

  var texts: [String] { rows(last: .max).map { $0.forms[0] } }

  /// From the newest event back.
  var scroll: Int { context.model.scrolls[.side] ?? 0 }

  var scrollRange: ClosedRange<Int> { min(0, height - rows(last: .max).count)...0 }

  /// Rows under the names of the columns.
  private var height: Int { max(1, context.rect.height - 1) }

  private func draw(_ row: Row, _ columns: [Int], _ grid: inout Grid) {
    let y = 0
    let bold: Attributes = row.isNew ? .bold : []
    let role: Role = row.isNew ? row.role : .dim
    let low = columns[min(row.from, row.to)]
    let high = columns[max(row.from, row.to)]
    let next = columns.first { $0 > high } ?? (width - 1)
    let inside = low < high ? high - low - 4 : next - high - 3
    let beside = width - high - 2
    let form =
      row.forms.first { TextWidth.of($0) <= inside }
      ?? row.forms.first { TextWidth.of($0) <= beside } ?? row.forms[row.forms.count - 1]
    let place = label(
      form, low, high, inside: low < high ? inside : 0, pointsLeft: row.from > row.to)
    if low < high {
      for x in (low + 1)..<high { grid.put("─", x: x, y: y, role: role) }
      let (head, x) = row.from < row.to ? ("▶", high - 1) : ("◀", low + 1)
      grid.put(head, x: x, y: y, role: role, attributes: bold)
    }
    let text = TextWidth.truncated(form, to: place.width)
    let x = place.isLeft ? place.x + place.width - TextWidth.of(text) : place.x
    let blank = low < high ? " " : ""
    grid.put("\(blank)\(text)\(blank)", x: x - blank.count, y: y, role: role, attributes: bold)
  }

  /// Where an arrow's words stand: on it, else on the side that has more room, so that its head is seen.
  private func label(
    _ text: String, _ low: Int, _ high: Int, inside: Int, pointsLeft: Bool
  ) -> (x: Int, width: Int, isLeft: Bool) {
    let needed = TextWidth.of(text)
    if needed <= inside { return (low + (pointsLeft || needed < inside ? 3 : 2), inside, false) }
    let left = low - 3
    let right = width - high - 2
    return right >= min(left, needed) ? (high + 2, right, false) : (2, left, true)
  }

  /// The rows of the last events, at least `count` when there are as many, oldest first.
  private func rows(last count: Int) -> ArraySlice<Row> {
    let steps = context.told.timeline.steps[..<context.told.position]
    var rows: [Row] = []
    for (index, step) in zip(steps.indices, steps).reversed() where rows.count < count {
      let isNew = index == steps.endIndex - 1
      for event in step.kept.reversed() {
        switch event {
        case .gadget(let event): row(event, isNew: isNew).map { rows.append($0) }
        case .copied(let copy): rows.append(row(copy, isNew: isNew))
        case .logged, .refused: break
        }
      }
    }
    return rows.reversed().suffix(count)
  }

  private func row(_ copy: KeptCopy, isNew: Bool) -> Row {
    let way = copy.direction == .toUser ? "→ user" : "← user"
    let denied = copy.verdict != .allow
    return Row(
      from: 1, to: 1, forms: Self.copy(denied, "\(copy.length)", way, copy.place),
      role: denied ? .denied : copy.isLeaky ? .leaky : .allowed, isNew: isNew)
  }

  private static func copy(
    _ isDenied: Bool, _ length: String, _ way: String, _ object: String
  ) -> [String] {
    let sign = isDenied ? "✘" : "✔"
    return [
      "\(sign) \(length) \(way) \(object)", "\(sign) \(object) \(length)", "\(sign) \(length)",
    ]
  }

  /// `ep1in-bulk 8 bytes`, and shorter.
  private static func transfer(_ endpoint: String, _ bytes: Int) -> [String] {
    let short = endpoint.split(separator: "-").first.map(String.init) ?? endpoint
    return [
      "\(endpoint) \(ValueWords.bytes(UInt64(max(0, bytes))))", "\(short) \(bytes) B",
      "\(short) \(bytes)",
    ]
  }

  /// `answers GET_DESCRIPTOR device, 18`, and shorter; what is asked for goes last.
  private static func answer(_ setup: SetupPacket) -> [String] {
    let forms = QueuedEventWords.forms(setup)
    return forms.map { "answers \($0)" } + forms.map { "↳ \($0)" }
  }

  /// What is drawn of an event; nil for nothing.
  func row(_ event: GadgetEvent, isNew: Bool) -> Row? {
    func make(_ from: Int, _ to: Int, _ forms: [String], _ role: Role) -> Row {
      Row(from: from, to: to, forms: forms, role: role, isNew: isNew)
    }
    func make(_ from: Int, _ to: Int, _ text: String, _ role: Role) -> Row {
      make(from, to, [text], role)
    }
    switch event.kind {
    case .callEntered(_, let call): return make(0, 1, GadgetWords.name(call), .code)
    case .callBlocked: return make(0, 0, "┊ sleeps", .pending)
    case .callReturned(_, let result):
      return make(1, 0, GadgetWords.result(result), result.errno == nil ? .allowed : .denied)
    case .eventQueued(_, let type, let depth):
      return make(2, 1, "\(type.name) \(depth)/16", .accent)
    case .eventRefused(_, let type): return make(2, 1, "\(type.name) refused", .denied)
    case .setup(_, let setup): return make(3, 2, QueuedEventWords.forms(setup), .user)
    case .setupAnswered(_, let setup, _):
      return make(2, 3, Self.answer(setup), .metadata)
    case .requestQueued(_, let endpoint, let length):
      return make(1, 2, Self.transfer(endpoint, length), .text)
    case .transferred(_, let endpoint, let toHost, let bytes):
      return toHost
        ? make(2, 3, Self.transfer(endpoint, bytes), .text)
        : make(3, 2, Self.transfer(endpoint, bytes), .text)
    case .copied(_, let copy):
      let way = copy.toUser ? "→ user" : "← user"
      let isDenied = copy.notCopied > 0
      return make(
        1, 1, Self.copy(isDenied, "\(copy.length)", way, copy.object),
        isDenied ? .denied : .allowed)
    case .signalled: return make(0, 0, "signal", .warning)
    case .routed(_, let setup, .gadgetfs, let status):
      return make(1, 3, Self.answer(setup), status < 0 ? .denied : .metadata)
    case .gadgetfsQueued(let type, let depth):
      return make(2, 1, "\(type.name) \(depth)/5", .accent)
    case .gadgetfsRead(let event, _): return make(1, 0, GadgetFSWords.words(event), .accent)
    case .hostLog(let line):
      return Row(
        from: 3, to: 3, forms: ["log: \(line)"], role: .dim, isNew: isNew, isNote: true)
    default: return nil
    }
  }
}
