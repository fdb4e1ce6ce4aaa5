/// How many colours an output can show.
public enum ColourDepth: Hashable, Sendable {
  /// Attributes only.
  case none
  /// The terminal's own colours: 8 or 16.
  case ansi8, ansi16
  /// The 256 colours of xterm.
  case indexed256
  /// Any sRGB colour.
  case truecolor
}

/// The 256 colours of xterm and the search for the nearest.
public enum IndexedColours {
  /// The usual values: 16 colours of the terminal's own, a cube of 6 × 6 × 6, 24 greys.
  public static let table: [RGB] = {
    let own: [UInt32] = [
      0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
      0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]
    var result = own.map { value -> RGB in
      let red = UInt8(truncatingIfNeeded: value >> 16)
      let green = UInt8(truncatingIfNeeded: value >> 8)
      return RGB(red: red, green: green, blue: UInt8(truncatingIfNeeded: value))
    }
    let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
    for red in levels {
      for green in levels {
        for blue in levels { result.append(RGB(red: red, green: green, blue: blue)) }
      }
    }
    for step in 0..<24 {
      let grey = UInt8(8 + 10 * step)
      result.append(RGB(red: grey, green: grey, blue: grey))
    }
    return result
  }()

  private static let labs: [Lab] = table.map { Lab($0) }

  /// The index among colours `range` that is nearest to `colour` in CIE Lab; the first of equals.
  public static func nearest(to colour: RGB, in range: Range<Int>, except: Int? = nil) -> Int {
    let wanted = Lab(colour)
    var best = range.lowerBound
    var least = Double.infinity
    for index in range.clamped(to: 0..<256) where index != except {
      let distance = wanted.distance76(to: labs[index])
      if distance < least {
        least = distance
        best = index
      }
    }
    return best
  }
}

/// A style in the numbers of an output; nil is the terminal's default.
public struct IndexedStyle: Hashable, Sendable {
  /// Indices of ``IndexedColours/table``.
  public let foreground, background: Int?

  /// The nearest colours of `depth`; a foreground never becomes its own background. Of no use for
  /// ``ColourDepth/truecolor`` and ``ColourDepth/none``, which give defaults.
  public init(_ style: Style, depth: ColourDepth) {
    let count: Int
    switch depth {
    case .none, .truecolor:
      (foreground, background) = (nil, nil)
      return
    case .ansi8: count = 8
    case .ansi16: count = 16
    case .indexed256: count = 256
    }
    let back = style.background.map { IndexedStyle.index($0, count: count, except: nil) }
    background = back
    foreground = style.foreground.map { colour in
      let differs = style.background.map { $0.rgb != colour.rgb } ?? false
      return IndexedStyle.index(colour, count: count, except: differs ? back : nil)
    }
  }

  private static func index(_ colour: Colour, count: Int, except: Int?) -> Int {
    switch colour {
    case .ansi(let ansi):
      let index = Int(ansi.rawValue)
      return index < count ? index : index - 8
    case .rgb(let rgb):
      return IndexedColours.nearest(
        to: rgb, in: count > 16 ? 16..<count : 0..<count, except: except)
    }
  }
}
