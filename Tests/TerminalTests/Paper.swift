import Grid
import Text
import Theme

/// A terminal of the plainest kind: what ECMA-48 says the bytes of a frame do, and a problem for any others.
struct Paper {
  struct Glyph: Hashable {
    var text = " "
    var foreground = "39"
    var background = "49"
    var attributes: Set<String> = []
  }

  let width, height: Int
  /// Whether erased cells get the present background.
  let erasesInColour: Bool
  private(set) var rows: [[Glyph]]
  private(set) var x = 0
  private(set) var y = 0
  private(set) var problems: [String] = []
  private var pen = Glyph()
  private var last: Glyph?
  private var lastColumn = 0

  init(width: Int, height: Int, erasesInColour: Bool) {
    self.width = width
    self.height = height
    self.erasesInColour = erasesInColour
    rows = Array(repeating: Array(repeating: Glyph(), count: width), count: height)
  }

  mutating func take(_ bytes: [UInt8]) {
    var rest = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\n": y += 1
      case "\r": x = 0
      case "\u{8}": x -= 1
      case "\u{1B}": sequence(&rest)
      case _ where scalar.value < 0x20: problems.append("control \(scalar.value)")
      default: put(scalar)
      }
      if !(0..<width).contains(x) || !(0..<height).contains(y) {
        problems.append("cursor at \(x),\(y)")
        (x, y) = (min(max(x, 0), width - 1), min(max(y, 0), height - 1))
      }
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    if ScalarClass(scalar) == .mark {
      rows[y][lastColumn].text.unicodeScalars.append(scalar)
      return
    }
    pen.text = String(scalar)
    last = pen
    lastColumn = x
    let columns = TextWidth.isWide(scalar) ? 2 : 1
    for column in x..<min(x + columns, width) { separate(column) }
    rows[y][x] = pen
    if columns == 2, x + 1 < width { rows[y][x + 1] = with(pen, "") }
    // The cursor stays in the last column: nothing wraps.
    x = min(x + columns, width - 1)
  }

  private func with(_ glyph: Glyph, _ text: String) -> Glyph {
    var changed = glyph
    changed.text = text
    return changed
  }

  /// Blanks the other half of a wide glyph.
  private mutating func separate(_ column: Int) {
    if rows[y][column].text.isEmpty { rows[y][column - 1].text = " " }
    if column + 1 < width, rows[y][column + 1].text.isEmpty { rows[y][column + 1].text = " " }
  }

  private mutating func sequence(_ rest: inout Substring.UnicodeScalarView) {
    guard rest.popFirst() == "[" else { return problems.append("not a CSI") }
    let parameters = String(rest.prefix { !("@"..."~").contains($0) })
    rest = rest.dropFirst(parameters.unicodeScalars.count)
    let final = rest.popFirst() ?? " "
    let numbers = parameters.split(separator: ";").map { Int($0) ?? -1 }
    let count = numbers.first ?? 1
    switch final {
    case "m": dress(parameters)
    case "H": (y, x) = numbers.isEmpty ? (0, 0) : (numbers[0] - 1, numbers[1] - 1)
    case "A": y -= count
    case "B": y += count
    case "C": x += count
    case "D": x -= count
    case "G": x = count - 1
    case "J": for row in rows.indices { erase(row, 0..<width) }
    case "K": erase(y, x..<width)
    case "X": erase(y, x..<min(x + count, width))
    case "b": for _ in 0..<count { if let scalar = last?.text.unicodeScalars.first { put(scalar) } }
    default: problems.append("CSI \(parameters)\(final)")
    }
    if final != "b" { last = nil }
  }

  private mutating func erase(_ row: Int, _ columns: Range<Int>) {
    var blank = Glyph()
    if erasesInColour { blank.background = pen.background }
    for column in columns {
      if row == y { separate(column) }
      rows[row][column] = blank
    }
  }

  private mutating func dress(_ parameters: String) {
    var codes = parameters.split(separator: ";")[...]
    if codes.isEmpty { codes = ["0"] }
    while let code = codes.popFirst() {
      switch code {
      case "0": pen = Glyph()
      case "1", "4", "7": pen.attributes.insert(String(code))
      case "22": pen.attributes.remove("1")
      case "24": pen.attributes.remove("4")
      case "27": pen.attributes.remove("7")
      case "38", "48":
        let more = codes.prefix(codes.first == "2" ? 4 : 2)
        codes = codes.dropFirst(more.count)
        let colour = ([code] + more).joined(separator: ";")
        if code == "38" { pen.foreground = colour } else { pen.background = colour }
      default:
        let isBack = code.hasPrefix("4") || code.hasPrefix("10")
        if isBack { pen.background = String(code) } else { pen.foreground = String(code) }
      }
    }
  }
}
