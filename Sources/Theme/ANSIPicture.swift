import Grid

extension Picture {
  /// The rows with SGR sequences for colours and attributes, each row ending plain and with a newline.
  public func ansi(depth: ColourDepth = .truecolor) -> String {
    let shown = depth == .none ? Picture(grid, theme: .monochrome) : self
    var result = ""
    for y in 0..<grid.height {
      var present = Rendition.plain
      for run in shown.runs(row: y) {
        let wanted = Rendition(run.style, depth: depth)
        result += wanted.sequence(after: present) + run.text
        present = wanted
      }
      result += Rendition.plain.sequence(after: present) + "\n"
    }
    return result
  }
}
