import Simulation

/// Which parts of an expectation can come of which action.
enum ExpectedKeys {
  private static let ofCalls = ["ret", "errno", "why", "blocked", "event"]
  private static let ofCopies = [
    "verdict", "by", "not-copied", "copied", "returned", "leaked", "eras", "consequence",
  ]

  /// What cannot come of an action, and of what it comes.
  static func barred(of word: ActionWord) -> (owner: String, keys: [String]) {
    switch word {
    case .copy: ("a call on a device", ofCalls)
    case .ioctl, .host, .gadgetfs, .gadgetfsRead, .gadgetfsWrite, .gadgetfsStall:
      ("a copy", ["eras"])
    case .open, .close, .wait, .signal, .signalRestart: ("a copy", ofCopies)
    case .alloc, .free, .call, .return, .vmalloc, .pages, .user, .image, .module, .kmap, .task,
      .run, .write, .era, .note:
      ("a copy or a call", ofCopies + ofCalls)
    }
  }
}
