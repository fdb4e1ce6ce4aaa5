import CNcurses

/// What differs between terminals in how they are drawn on.
struct Features {
  /// Erasing gives the present background (bce); only then can it be used.
  var erasesInColour: Bool
  /// SGR sequences are understood at all.
  var hasAttributes: Bool
  /// `CSI n X` erases cells.
  var erasesCells: Bool
  /// `CSI n b` writes the last sign again.
  var repeats: Bool
  /// How the cursor moves.
  var motion: Motion
}

extension Features {
  /// What the description of the terminal says.
  init() {
    erasesInColour = cn_flag("bce") != 0
    hasAttributes = Rescue.capability("sgr0").contains(0x5B)
    erasesCells = cn_string("ech") != nil && Rescue.capability("ech").starts(with: [0x1B, 0x5B])
    repeats = Rescue.capability("rep").elementsEqual("%p1%c\u{1B}[%p2%{1}%-%db".utf8)
    motion = Motion(
      movesAnywhere: Rescue.capability("cup").elementsEqual("\u{1B}[%i%p1%d;%p2%dH".utf8),
      feedsDown: Rescue.capability("cud1") == [0x0A],
      hasColumns: Rescue.capability("hpa").elementsEqual("\u{1B}[%i%p1%dG".utf8))
  }
}
