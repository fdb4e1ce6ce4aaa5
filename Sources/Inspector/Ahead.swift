public import Grid

/// What likely next keys would show, made while the screen before them is looked at.
///
/// Taking a key and drawing touch nothing but the model, so what is made ahead is what would be made then, and is
/// there at once. It costs what the keys would: it is for the time in which nobody waits.
public struct Ahead: Sendable {
  /// The model once a key has been taken, and its frame.
  public struct Outcome: Sendable {
    /// The inspector as it will be.
    public let model: Model
    /// What it shows then.
    public let frame: Frame
  }

  private var outcomes: [Key: Outcome] = [:]

  /// Nothing made ahead.
  public init() {}

  /// Takes likely keys one after the other as long as nobody waits. A key that asks for more than a picture is
  /// left to be taken when it comes.
  public init(of model: Model, after last: Key?, while isIdle: () -> Bool) {
    for key in Self.likelyKeys(model, after: last) where isIdle() {
      var next = model
      guard next.update(.key(key)).isEmpty else { continue }
      outcomes[key] = Outcome(model: next, frame: view(next))
    }
  }

  /// What a key leads to, when it was foreseen.
  public subscript(_ key: Key) -> Outcome? { outcomes[key] }

  /// Two keys that are likely to be next, the likelier first: the last one again where it is one that comes in
  /// rows, and what leads on.
  static func likelyKeys(_ model: Model, after last: Key?) -> [Key] {
    guard model.story.playing == nil, model.story.live == nil,
      let (scope, onward) = likelyCommands(model.mode)
    else { return [] }
    let keymap = model.keymap
    let again = last.flatMap { key in
      keymap.command(key, in: scope).flatMap { comesInRows.contains($0) ? key : nil }
    }
    let keys = onward.compactMap { keymap.key($0, in: scope) }.filter { $0 != again }
    return Array(([again].compactMap(\.self) + keys).prefix(2))
  }

  private static func likelyCommands(_ mode: Mode) -> (KeyScope, [Command])? {
    switch mode {
    case .browse: (.browse, [.next, .edit])
    case .inside: (.inside, [.next])
    case .events: (.events, [.next])
    case .edit: (.edit, [.right, .longer])
    case .lessons: (.lessons, [.down])
    case .caches: (.caches, [.down])
    case .kernel: (.kernel, [.down])
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
