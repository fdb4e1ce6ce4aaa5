import Grid

/// The timeline: one sign a step, the current one in brackets, `▾` behind bookmarked ones; long
/// stories show a window.
struct TimelineBar {
  let session: Session
  /// The verdict on a copy that is being edited in place of the present step's.
  var draft: StepMark?

  /// The steps shown, and whether there is room for lines between them.
  private func window(_ width: Int) -> (shown: Range<Int>, isWide: Bool) {
    let count = session.count
    guard count * 3 > width else { return (0..<count, true) }
    let shown = max(1, min(count, width - 4 - (marksFit(width) ? session.bookmarks.count : 0)))
    let start = max(0, min(session.position - shown / 2 - 1, count - shown))
    return (start..<min(count, start + shown), false)
  }

  /// Whether there is room for the marks of bookmarks between signs that stand side by side.
  private func marksFit(_ width: Int) -> Bool { session.bookmarks.count <= width / 3 }

  /// The bar in at most `width` columns.
  func spans(width: Int) -> [Span] {
    let count = session.count
    guard count > 0 else { return [Span("no steps", .dim)] }
    let (shown, isWide) = window(width)
    var spans: [Span] = shown.lowerBound > 0 ? [Span("…", .dim)] : []
    for index in shown {
      if isWide { spans.append(gap(before: index)) }
      spans += isWide ? [sign(index)] : narrow(index, width)
    }
    if isWide { spans.append(gap(before: count)) }
    if shown.upperBound < count { spans.append(Span("…", .dim)) }
    return spans
  }

  /// The position after the step drawn at a column.
  func step(at column: Int, width: Int) -> Int? {
    let (shown, isWide) = window(width)
    var x = shown.lowerBound > 0 ? 1 : 0
    for index in shown {
      let before = isWide ? Fitting.columns([gap(before: index)]) : 0
      let own = isWide ? 1 : Fitting.columns(narrow(index, width))
      if column < x + before + own { return column < x ? nil : index + 1 }
      x += before + own
    }
    return nil
  }

  /// The two columns before a step, with the brackets of the step on either side.
  private func gap(before index: Int) -> Span {
    let here = session.position - 1
    let mark = session.bookmarks.contains(index) ? "▾" : "─"
    let left = index == here + 1 && session.position > 0 ? "]" : index == 0 ? "" : mark
    let right = index == here ? "[" : index == 0 || index == session.count ? "" : "─"
    let isBracket = left == "]" || right == "["
    return Span(left + right, isBracket ? .accent : .border, isBracket ? .bold : [])
  }

  private func narrow(_ index: Int, _ width: Int) -> [Span] {
    let bare = sign(index)
    let isMarked = session.bookmarks.contains(index + 1) && marksFit(width)
    let mark = isMarked ? [Span("▾", .border)] : []
    guard index == session.position - 1 else { return [bare] + mark }
    return [Span("[", .accent, .bold), bare, Span("]", .accent, .bold)] + mark
  }

  private func sign(_ index: Int) -> Span {
    if index >= session.position { return Span("○", .undecided) }
    let isHere = index == session.position - 1
    return ((isHere ? draft : nil) ?? session.mark(at: index)).sign
  }
}

extension StepMark {
  /// How a step, or a copy, is marked.
  var sign: Span {
    switch self {
    case .ahead: Span("○", .undecided)
    case .done: Span("●", .text)
    case .allowed: Span("✔", .allowed, .bold)
    case .leaky: Span("~", .leaky, .bold)
    case .faulted: Span("–", .warning, .bold)
    case .denied: Span("✘", .denied, .bold)
    case .failed: Span("?", .error, .bold)
    }
  }
}
