/// The parts of the list of memory: rows of what there is, of the copy to scale, and of its bytes.
struct ListParts {
  let lines, scale, lens: Int

  /// The parts of so many lines in a room of rows between heading and caption.
  init(_ context: PaneContext, lines count: Int, room: Int) {
    guard context.subject.report != nil else {
      (lines, scale, lens) = (min(count, max(0, room)), 0, 0)
      return
    }
    // Bytes are shown where there is room for them, and where rows would else stay empty.
    let spare = room - count - AreaScale.rows
    lens = max(
      min(SlabLayout.lensRows(context, height: room), room),
      spare >= Self.leastLens ? Self.leastLens : 0)
    scale = room - lens - AreaScale.rows >= min(count, 1) ? AreaScale.rows : 0
    lines = min(count, max(0, room - lens - scale))
  }

  /// Rows of the bytes at least, with the rule above them.
  private static let leastLens = 3

  /// Rows wanted for so many lines, and with a copy for its scale, its words and its bytes.
  static func need(lines: Int, hasCopy: Bool) -> PaneNeed {
    guard hasCopy else { return .rows(lines + 1) }
    let well = lines + 1 + 3 + AreaScale.rows
    return PaneNeed(least: min(4, well), well: well, most: well + leastLens + 1)
  }
}
