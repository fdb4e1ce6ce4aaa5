import CNcurses
import Grid
import Theme

/// The attributes and colour pairs of curses for every role of a theme.
struct Colours {
  /// How curses draws a style.
  struct Ink: Hashable {
    var attributes: attr_t
    let pair: Int32
    /// The background's number, -1 for the terminal's own.
    let background: Int32
  }

  private var inks: [Ink] = []

  init(theme: Theme, depth: ColourDepth) {
    let shown = depth == .none ? Theme.monochrome : theme
    var pairs: [[Int32]: Int32] = [:]
    for role in Role.allCases {
      let style = shown.style(for: role)
      let (front, back) = Colours.numbers(of: style, depth: depth)
      var pair: Int32 = 0
      if front >= 0 || back >= 0 {
        pair = pairs[[front, back]] ?? Int32(pairs.count + 1)
        if pairs.updateValue(pair, forKey: [front, back]) == nil {
          init_extended_pair(pair, front, back)
        }
      }
      inks.append(
        Ink(attributes: Colours.bits(style.attributes), pair: pair, background: back))
    }
  }

  subscript(cell: Cell) -> Ink {
    var ink = inks[Int(cell.role.rawValue)]
    if !cell.attributes.isEmpty { ink.attributes |= Colours.bits(cell.attributes) }
    return ink
  }

  private static func numbers(of style: Style, depth: ColourDepth) -> (Int32, Int32) {
    guard depth == .truecolor else {
      let indexed = IndexedStyle(style, depth: depth)
      return (Int32(indexed.foreground ?? -1), Int32(indexed.background ?? -1))
    }
    return (direct(style.foreground), direct(style.background))
  }

  /// Direct colour: red, green and blue of eight bits. Terminals take the first eight numbers for their own
  /// colours, so the darkest blues become black.
  private static func direct(_ colour: Colour?) -> Int32 {
    switch colour {
    case nil: return -1
    case .ansi(let ansi) where ansi.rawValue < 8: return Int32(ansi.rawValue)
    case .some(let colour):
      let rgb = colour.rgb
      let value = Int32(rgb.red) << 16 | Int32(rgb.green) << 8 | Int32(rgb.blue)
      return value < 8 ? 0 : value
    }
  }

  private static func bits(_ attributes: Attributes) -> attr_t {
    (attributes.contains(.bold) ? cn_bold() : 0)
      | (attributes.contains(.reverse) ? cn_reverse() : 0)
      | (attributes.contains(.underline) ? cn_underline() : 0)
  }
}
