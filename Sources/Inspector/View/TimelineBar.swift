import Grid

/// The timeline: one sign a step, the current one in brackets; long stories show a window.
struct TimelineBar {
  let session: Session

  /// The bar in at most `width` columns.
  func spans(width: Int) -> [Span] {
    let count = session.count
    guard count > 0 else { return [Span("no steps", .dim)] }
    let isWide = count * 3 <= width
    let shown = isWide ? count : max(1, min(count, width - 4))
    let start = max(0, min(session.position - shown / 2 - 1, count - shown))
    var spans: [Span] = start > 0 ? [Span("…", .dim)] : []
    for index in start..<min(count, start + shown) {
      if isWide { spans.append(gap(before: index)) }
      spans += isWide ? [sign(index)] : narrow(index)
    }
    if isWide { spans.append(gap(before: count)) }
    if start + shown < count { spans.append(Span("…", .dim)) }
    return spans
  }

  /// The two columns before a step, with the brackets of the step on either side.
  private func gap(before index: Int) -> Span {
    let here = session.position - 1
    let left = index == here + 1 && session.position > 0 ? "]" : index == 0 ? "" : "─"
    let right = index == here ? "[" : index == 0 || index == session.count ? "" : "─"
    let isBracket = left == "]" || right == "["
    return Span(left + right, isBracket ? .accent : .border, isBracket ? .bold : [])
  }

  private func narrow(_ index: Int) -> [Span] {
    let bare = sign(index)
    guard index == session.position - 1 else { return [bare] }
    return [Span("[", .accent, .bold), bare, Span("]", .accent, .bold)]
  }

  private func sign(_ index: Int) -> Span {
    if index >= session.position { return Span("○", .undecided) }
    return switch session.mark(at: index) {
    case .ahead: Span("○", .undecided)
    case .done: Span("●", .text)
    case .allowed: Span("✔", .allowed, .bold)
    case .leaky: Span("~", .leaky, .bold)
    case .denied: Span("✘", .denied, .bold)
    case .failed: Span("?", .error, .bold)
    }
  }
}
