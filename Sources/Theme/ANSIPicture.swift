import Grid

extension Picture {
  /// The rows with SGR sequences for colours and attributes, each row ending plain and with a newline.
  public func ansi(depth: ColourDepth = .truecolor) -> String {
    var result = ""
    for y in 0..<grid.height {
      var present = ""
      for run in runs(row: y) {
        let wanted = Picture.sequence(run.style, depth: depth)
        if wanted != present {
          if !present.isEmpty { result += "\u{1B}[0m" }
          if !wanted.isEmpty { result += "\u{1B}[\(wanted)m" }
          present = wanted
        }
        result += run.text
      }
      if !present.isEmpty { result += "\u{1B}[0m" }
      result += "\n"
    }
    return result
  }

  /// The parameters of the SGR sequence for a style, empty when there are none.
  static func sequence(_ style: Style, depth: ColourDepth) -> String {
    var parts: [String] = []
    if style.attributes.contains(.bold) { parts.append("1") }
    if style.attributes.contains(.underline) { parts.append("4") }
    if style.attributes.contains(.reverse) { parts.append("7") }
    if depth == .truecolor {
      if let colour = style.foreground { parts.append(direct(colour, base: 30)) }
      if let colour = style.background { parts.append(direct(colour, base: 40)) }
    } else {
      let indexed = IndexedStyle(style, depth: depth)
      if let index = indexed.foreground { parts.append(number(index, base: 30)) }
      if let index = indexed.background { parts.append(number(index, base: 40)) }
    }
    return parts.joined(separator: ";")
  }

  private static func direct(_ colour: Colour, base: Int) -> String {
    switch colour {
    case .ansi(let ansi): number(Int(ansi.rawValue), base: base)
    case .rgb(let rgb): "\(base + 8);2;\(rgb.red);\(rgb.green);\(rgb.blue)"
    }
  }

  private static func number(_ index: Int, base: Int) -> String {
    switch index {
    case ..<8: String(base + index)
    case ..<16: String(base + 60 + index - 8)
    default: "\(base + 8);5;\(index)"
    }
  }
}
