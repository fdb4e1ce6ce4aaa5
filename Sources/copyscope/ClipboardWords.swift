import Foundation

/// What is said when the screen was to be put on the clipboard. No terminal tells whether it obeyed.
enum ClipboardWords {
  static func told(wasSent: Bool) -> String {
    guard wasSent else {
      return "this terminal takes no clipboard; 'copyscope screen' draws to a file"
    }
    let environment = ProcessInfo.processInfo.environment
    if environment["TMUX"] != nil {
      return "the screen was sent to tmux, which passes it on with 'set -g set-clipboard on'"
    }
    if environment["STY"] != nil {
      return
        "the screen was sent; GNU screen passes no clipboard on, 'copyscope screen' draws to a file"
    }
    return "the screen was sent to the terminal's clipboard; some ask first or refuse"
  }
}
