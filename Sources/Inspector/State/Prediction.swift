/// Predicting: before each copy and call the reader says how it will come out.
public struct Prediction: Sendable, Hashable {
  /// What was said right at once, and what was not.
  public internal(set) var right: Set<Item> = []
  /// What was said wrong, and not mended since.
  public internal(set) var wrong: Set<Item> = []
  /// Said right when asked again; no longer among the wrong.
  public internal(set) var mended: Set<Item> = []
  /// Wrong answers to be asked again in this round.
  var again: Set<Item> = []
  /// What was said of the coming step, until it is made.
  var said: [Part: Guess] = [:]

  /// Nothing asked yet.
  public init() {}

  /// A question: the position after the step, and what is asked of it.
  public struct Item: Sendable, Hashable {
    /// The position after the step.
    public var step: Int
    /// What of the step is asked.
    public var part: Part

    /// A question about a step.
    public init(_ step: Int, _ part: Part) {
      (self.step, self.part) = (step, part)
    }
  }

  /// What is asked of a step.
  public enum Part: Int, Sendable, Hashable, CaseIterable {
    /// How a copy comes out.
    case copy
    /// Which copies a call makes, and how they come out.
    case copies
    /// How a call ends.
    case ending
  }

  /// How a copy or a call may come out, as far as one can be asked to say.
  public enum Guess: Sendable, Hashable {
    case allowed
    case leaky
    /// No check refuses, but an end of the copy is bad, so that not all bytes move.
    case faulted
    /// Refused by the object's, the stack's or the one hardened check.
    case slab
    case stack
    case hardened
    /// Refused by something before or behind those.
    case other
    /// A BUG in the allocator, or a walk without end.
    case crash
    /// Which ways a call's copies go.
    case noCopy
    case fromUser
    case toUser
    case bothWays
    /// A copy of the call is refused, or does not go through whole.
    case refusedCopy
    /// The call comes back with a number that is no error, or not yet.
    case succeeds
    case sleeps
    /// The call fails: EINVAL, EBUSY, EFAULT, or something else.
    case invalid
    case busy
    case fault
    case otherError

    /// The words of the question.
    public var words: String {
      switch self {
      case .allowed: "it passes, every byte the object's own"
      case .leaky: "it passes, with bytes that are not the object's own"
      case .faulted: "it passes, but nothing or only a part is copied"
      case .slab: "refused by the slab check"
      case .stack: "refused by the stack check"
      case .hardened: "refused by hardened usercopy"
      case .other: "refused by another check (access_ok, object size, length)"
      case .crash: "the kernel hits a BUG or never comes back"
      case .noCopy: "nothing is copied"
      case .fromUser: "bytes come from the program only"
      case .toUser: "bytes go to the program only"
      case .bothWays: "bytes go both ways"
      case .refusedCopy: "a copy is refused or cut short"
      case .succeeds: "the call succeeds"
      case .sleeps: "the call sleeps and is not back yet"
      case .invalid: "it fails with EINVAL: a wrong argument or a wrong state"
      case .busy: "it fails with EBUSY: something is in the way"
      case .fault: "it fails with EFAULT: a copy does not go through"
      case .otherError: "it fails with another error"
      }
    }
  }

  /// Whether a question is still to be asked.
  func isOpen(_ item: Item) -> Bool {
    again.contains(item) || !right.contains(item) && !wrong.contains(item) && !mended.contains(item)
  }

  /// Notes an answer.
  mutating func note(_ item: Item, isRight: Bool) {
    said[item.part] = nil
    guard again.remove(item) == nil else {
      if isRight, wrong.remove(item) != nil { mended.insert(item) }
      return
    }
    if isRight { right.insert(item) } else { wrong.insert(item) }
  }

  /// Steps behind one that is put in move on.
  mutating func shift(behind position: Int) {
    func shifted(_ items: Set<Item>) -> Set<Item> {
      Set(items.map { $0.step > position ? Item($0.step + 1, $0.part) : $0 })
    }
    (right, wrong) = (shifted(right), shifted(wrong))
    (mended, again) = (shifted(mended), shifted(again))
  }

  /// How it went, in a sentence.
  func summary(_ keymap: Keymap) -> String {
    guard !wrong.isEmpty, let hint = keymap.says(.next, "repeats the wrong ones") else {
      return score
    }
    let steps = Set(wrong.map(\.step)).sorted().map(String.init).joined(separator: ", ")
    return score + " \(hint): step \(steps)."
  }

  /// Questions answered.
  public var answered: Int { right.count + wrong.count + mended.count }

  /// How many answers were right.
  var score: String {
    let all = answered
    guard all > 0 else { return "Nothing was predicted." }
    var words = "\(right.count) of \(all) right."
    if !mended.isEmpty { words += " \(mended.count) more when asked again." }
    return words
  }
}

/// The question before a copy or a call.
public struct PredictState: Sendable, Hashable {
  /// The selected answer, from 0.
  public var cursor = 0
  /// What is asked.
  public var part: Prediction.Part
  /// What is asked about.
  public var copy: String
  /// The answers to choose from, in the order shown.
  public var choices: [Prediction.Guess]

  /// The words above the choices.
  var title: String {
    switch part {
    case .copy: "What will happen?"
    case .copies: "What will be copied?"
    case .ending: "How will the call end?"
    }
  }
}
