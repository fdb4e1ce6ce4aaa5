/// Whether a grid may use all of Unicode.
public enum GlyphSet: Hashable, Sendable {
  /// Box drawing, blocks, arrows and marks.
  case unicode
  /// ASCII look-alikes alone, for other locales and plain files.
  case ascii
}

/// ASCII look-alikes of the signs the panes draw with, one column each.
public enum Glyphs {
  /// The ASCII scalar that stands for `scalar`; `?` when nothing looks like it.
  public static func ascii(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII { return scalar }
    return table[scalar] ?? (scalar.value >= 0x2500 && scalar.value < 0x2580 ? "+" : "?")
  }

  private static let table: [Unicode.Scalar: Unicode.Scalar] = {
    var table: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (ascii, scalars) in looks {
      for scalar in scalars.unicodeScalars { table[scalar] = ascii }
    }
    return table
  }()

  private static let looks: [(Unicode.Scalar, String)] = [
    ("-", "─━┄┅┈┉╌╍╴╶╸╺═‐‑‒–—−"), ("|", "│┃┆┇╎╏╵╷╹╻║▌▐▏▎▍▕"), (":", "░┊┋⋮"),
    ("%", "▒"), ("&", "▓"), ("#", "█■◼▇▆"), ("_", "▁▂▃▄▅"), ("*", "●★•◉◆✱∙"), ("o", "○◌□◇◦"),
    ("+", "✔✓"), ("x", "✘✗×✕"), (">", "▸▶►→⇒›»▹⟶"), ("<", "◀◂◄←⇐‹«◃⟵"), ("^", "▲↑▴△⇧"),
    ("v", "▼↓▾▽⇩"), ("@", "⊕⊗◎"), (".", "·…⋯"), ("=", "≡≈"), ("~", "∼↝"), ("!", "⚠≠"),
    ("'", "‘’′"), ("\"", "“”″"), ("u", "µ"), ("/", "╱÷"), ("\\", "╲"), ("X", "╳"),
    ("T", "⊤"), ("r", "↻⟳"), ("L", "↳"),
  ]
}

extension Grid {
  /// The same picture in ASCII alone: boxes of `+`, `-` and `|`, marks by look-alikes.
  public func asciiFolded() -> Grid {
    mapped { cell in
      if cell.isContinuation { return cell.showing("?") }
      return cell.code < 0x80 && !cell.hasMarks
        ? cell : cell.showing(Glyphs.ascii(cell.scalar))
    }
  }

  /// The picture in a glyph set.
  public func folded(to glyphs: GlyphSet) -> Grid {
    glyphs == .ascii ? asciiFolded() : self
  }
}
