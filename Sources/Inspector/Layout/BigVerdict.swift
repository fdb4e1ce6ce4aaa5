import DummyUDC
import Grid
import Narration
import RawGadget
import Simulation

/// What a step came to in letters of five rows, for the last row of a room.
struct BigVerdict {
  /// What is said, and its colour.
  let word: String
  let role: Role

  /// Rows of a letter, and columns with the gap behind.
  static let rows = 5
  static let columns = 6

  /// The verdict on the copy shown, else the state of the gadget's device; nil where there is neither.
  init?(_ scene: PaneScene) {
    if scene.subject.isOpen { return nil }
    if let report = scene.subject.report {
      let mark = StepMark(report)
      (word, role) = (VerdictWords.large(report), mark.sign.role)
    } else if let device = GadgetSubject(scene.session)?.device {
      (word, role) = (device.state.rawValue, StateRows.role(device.state))
    } else {
      return nil
    }
  }

  static func fits(_ area: Rect) -> Bool { area.height >= rows + 10 }

  /// Where the pane stands, and the letters below it.
  static func split(_ area: Rect) -> (pane: Rect, letters: Rect) {
    let height = area.height - rows - 1
    return (
      Rect(x: area.x, y: area.y, width: area.width, height: height),
      Rect(x: area.x, y: area.y + height, width: area.width, height: rows + 1)
    )
  }

  /// Draws the word in the middle; one that is too long is written as it is.
  func draw(in rect: Rect, into grid: inout Grid) {
    let letters = word.uppercased().map { Self.letters[$0] ?? Self.blank }
    let width = letters.count * Self.columns - 1
    guard width <= rect.width else {
      grid.put(word, x: rect.x + 1, y: rect.y + 2, role: role, attributes: .bold)
      return
    }
    let left = rect.x + (rect.width - width) / 2
    for (index, letter) in letters.enumerated() {
      for (row, line) in letter.enumerated() {
        for (column, sign) in line.enumerated() where sign != " " {
          grid.put(
            "█", x: left + index * Self.columns + column, y: rect.y + row, role: role,
            attributes: .bold)
        }
      }
    }
  }

  private static let blank = ["", "", "", "", ""]

  /// Capitals of five columns and five rows.
  private static let letters: [Character: [String]] = [
    "A": [" ### ", "#   #", "#####", "#   #", "#   #"],
    "B": ["#### ", "#   #", "#### ", "#   #", "#### "],
    "C": [" ####", "#    ", "#    ", "#    ", " ####"],
    "D": ["#### ", "#   #", "#   #", "#   #", "#### "],
    "E": ["#####", "#    ", "###  ", "#    ", "#####"],
    "F": ["#####", "#    ", "###  ", "#    ", "#    "],
    "G": [" ####", "#    ", "#  ##", "#   #", " ####"],
    "H": ["#   #", "#   #", "#####", "#   #", "#   #"],
    "I": [" ### ", "  #  ", "  #  ", "  #  ", " ### "],
    "J": ["  ###", "   # ", "   # ", "#  # ", " ##  "],
    "K": ["#   #", "#  # ", "###  ", "#  # ", "#   #"],
    "L": ["#    ", "#    ", "#    ", "#    ", "#####"],
    "M": ["#   #", "## ##", "# # #", "#   #", "#   #"],
    "N": ["#   #", "##  #", "# # #", "#  ##", "#   #"],
    "O": [" ### ", "#   #", "#   #", "#   #", " ### "],
    "P": ["#### ", "#   #", "#### ", "#    ", "#    "],
    "Q": [" ### ", "#   #", "# # #", "#  # ", " ## #"],
    "R": ["#### ", "#   #", "#### ", "#  # ", "#   #"],
    "S": [" ####", "#    ", " ### ", "    #", "#### "],
    "T": ["#####", "  #  ", "  #  ", "  #  ", "  #  "],
    "U": ["#   #", "#   #", "#   #", "#   #", " ### "],
    "V": ["#   #", "#   #", "#   #", " # # ", "  #  "],
    "W": ["#   #", "#   #", "# # #", "## ##", "#   #"],
    "X": ["#   #", " # # ", "  #  ", " # # ", "#   #"],
    "Y": ["#   #", " # # ", "  #  ", "  #  ", "  #  "],
    "Z": ["#####", "   # ", "  #  ", " #   ", "#####"],
  ]
}
