import Grid

/// What a command did to the story, as far as the screen has to follow.
struct Turn: Sendable {
  /// What the reader is told; nil leaves what stands there.
  var message: StatusMessage?
  /// The story stands at another point, or is another one.
  var hasArrived = false
  /// A question that comes before anything else.
  var question: PredictState?
  /// What stands on the `:` line, which is to be typed on.
  var line: String?
  /// A copy to be edited from now on.
  var edit: EditState?
  /// The running program makes its next call.
  var letsProgramGo = false

  /// The story stands at another point.
  static let arrived = Turn(hasArrived: true)

  /// Nothing but a word in passing.
  static func told(_ text: String) -> Turn { Turn(message: StatusMessage(text, .dim)) }
}
