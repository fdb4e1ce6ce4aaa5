import Grid
import Narration
import RawGadget
import Simulation
import Text
import USB

/// What v1 of the driver and mainline answer to the same calls, side by side, the last one first.
struct DriversRows: TextRows {
  let context: PaneContext
  private let both: DriverComparison

  /// Nil without a gadget, when the scenario cannot be started on another driver, and while the check
  /// of a call's copy is stepped through: the answers would tell its end.
  init?(_ context: PaneContext) {
    guard !context.subject.isOpen, context.session.world.hasGadget,
      let both = context.model.drivers?.both
    else {
      return nil
    }
    (self.context, self.both) = (context, both)
  }

  /// Columns of the mark, of a call's name and of the first answer.
  private static let widths = (mark: 2, name: 14, answer: 11)

  var title: [Span] {
    let names = [both.first, both.second].map(DriverWords.short)
    // What differs and what is out of sight stand in the same border.
    guard context.rect.width >= 60 else {
      return context.title("Drivers", names.joined(separator: " | "))
    }
    return context.title("Drivers", names.joined(separator: " beside ") + ", newest call first")
  }

  var end: [Span] {
    let count = both.rows.count { $0.difference != .none }
    return count == 0 ? [Span("no difference", .dim)] : [Span("\(count) differ", .warning, .bold)]
  }

  var shown: ScrolledRows {
    let width = ScrolledRows.width(context.rect)
    let rows = both.rows.reversed().flatMap { row in
      ([answers(row)] + explanation(row)).flatMap {
        Fitting.wrapped($0, width: width, indent: 4)
      }
    }
    return ScrolledRows(
      [heading] + (rows.isEmpty ? [[Span("no call yet", .dim)]] : rows), in: context.rect,
      scroll: context.model.scrolls[.side] ?? 0)
  }

  /// Narrow panes have no room for columns.
  private var isNarrow: Bool { ScrolledRows.width(context.rect) < 38 }

  private var heading: [Span] {
    let widths = Self.widths
    let names = [both.first, both.second].map(DriverWords.short)
    if isNarrow { return [Span("  call  \(names[0]) | \(names[1])", .label)] }
    return [
      Span(Fitting.padded("", widths.mark) + Fitting.padded("call", widths.name), .label),
      Span(Fitting.padded(DriverWords.short(both.first), widths.answer), .label),
      Span(DriverWords.short(both.second), .label),
    ]
  }

  private func answers(_ row: DriverComparison.Row) -> [Span] {
    let widths = Self.widths
    let (mark, role): (String, Role) =
      switch row.difference {
      case .none: ("=", .dim)
      case .reason: ("≈", .pending)
      case .result: ("≠", .warning)
      }
    let bold: Attributes = row.difference == .none ? [] : .bold
    let first = DriverWords.answer(row.first)
    if isNarrow {
      return [
        Span(Fitting.padded(mark, widths.mark), role, .bold),
        Span(CallWords.name(row.call), .code, bold),
        Span("  "), Span(first, self.role(row.first), bold), Span(" | ", .dim),
        Span(DriverWords.answer(row.second), self.role(row.second), bold),
      ]
    }
    return [
      Span(Fitting.padded(mark, widths.mark), role, .bold),
      Span(Fitting.padded(CallWords.name(row.call), widths.name - 1) + " ", .code, bold),
      Span(Fitting.padded(first, widths.answer - 1) + " ", self.role(row.first), bold),
      Span(DriverWords.answer(row.second), self.role(row.second), bold),
    ]
  }

  /// Why, in lines of their own: shared reasons in one, others one a version, then what is behind.
  private func explanation(_ row: DriverComparison.Row) -> [[Span]] {
    let (first, second) = (DriverWords.reason(row.first), DriverWords.reason(row.second))
    var lines: [[Span]] = []
    if row.difference == .none {
      if let first { lines.append([Span("  \(first)", .dim)]) }
      return lines
    }
    let detail = CallWords.detail(row.call)
    if !detail.isEmpty {
      let room = max(0, ScrolledRows.width(context.rect) - 2)
      lines.append([Span("  " + TextWidth.truncated(detail, to: room), .dim)])
    }
    for (driver, reason) in [(both.first, first), (both.second, second)] {
      guard let reason else { continue }
      lines.append([Span("  \(DriverWords.short(driver)): ", .label), Span(reason, .text)])
    }
    for trait in row.traits {
      lines.append([
        Span("  ▸ \(DriverWords.title(trait)): ", .accent),
        Span(DriverWords.sentence(trait) + ". ", .text),
        Span(capitalised(DriverWords.source(trait)) + ".", .dim),
      ])
    }
    return lines
  }

  private func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  private func role(_ answer: DriverComparison.Answer) -> Role {
    switch answer {
    case .returned(let result): result.errno == nil ? .allowed : .denied
    case .blocked: .pending
    case .impossible: .dim
    }
  }
}
