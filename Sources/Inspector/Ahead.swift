public import Grid

/// What the likely next key would show, made while the screen before it is looked at.
///
/// Taking a key and drawing touch nothing but the model, so what is made ahead is what would be made then, and is
/// there at once. It is for the time in which nobody waits, and for one key alone: it costs no more than a key does.
public struct Ahead: Sendable {
  /// The model once a key has been taken, and its frame.
  public struct Outcome: Sendable {
    /// The inspector as it will be.
    public let model: Model
    /// What it shows then.
    public let frame: Frame
  }

  private var foreseen: (key: Key, outcome: Outcome)?

  /// Nothing made ahead.
  public init() {}

  /// Takes the likely key, if there is one. A key that asks for more than a picture is left to be taken when it
  /// comes.
  public init(of model: Model, after last: Key?) {
    guard let key = Self.likelyKey(model, after: last) else { return }
    var next = model
    guard next.update(.key(key)).isEmpty else { return }
    foreseen = (key, Outcome(model: next, frame: view(next)))
  }

  /// Takes out what a key leads to; nil when it was not foreseen. Nothing is foreseen any more then.
  public mutating func take(_ key: Key) -> Outcome? {
    defer { foreseen = nil }
    return foreseen?.key == key ? foreseen?.outcome : nil
  }

  /// Forgets what was made ahead.
  public mutating func forget() { foreseen = nil }

  /// The key that is likely to be next: the last one again where it is one that comes in rows, else what leads on.
  static func likelyKey(_ model: Model, after last: Key?) -> Key? {
    guard model.story.playing == nil, model.story.live == nil,
      let (scope, onward) = onward(model.mode)
    else { return nil }
    let keymap = model.keymap
    if let last, let command = keymap.command(last, in: scope), comesInRows.contains(command) {
      return last
    }
    return keymap.key(onward, in: scope)
  }

  private static func onward(_ mode: Mode) -> (KeyScope, Command)? {
    switch mode {
    case .browse: (.browse, .next)
    case .inside: (.inside, .next)
    case .events: (.events, .next)
    case .edit: (.edit, .right)
    case .lessons: (.lessons, .down)
    case .caches: (.caches, .down)
    case .kernel: (.kernel, .down)
    default: nil
    }
  }

  /// Commands that are given many times in a row.
  private static let comesInRows: Set<Command> = [
    .next, .previous, .jumpForward, .jumpBack, .nextCopy, .previousCopy, .nextSlab, .previousSlab,
    .up, .down, .pageUp, .pageDown, .left, .right, .longer, .shorter, .rowUp, .rowDown, .wordLonger,
    .wordShorter, .entry, .entryBack, .constant, .era, .eraBack, .scaleUp, .scaleDown, .findNext,
    .findPrevious, .nextBookmark, .widen, .narrow, .dividerDown, .dividerUp, .undo, .redo,
  ]
}
