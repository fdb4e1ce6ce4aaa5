public import Grid

/// Where an inspector is, in paragraphs for a screen and for lines of text alike.
public enum SharedPositionWords {
  /// A paragraph and what stands above it; nothing for what speaks for itself.
  public struct Paragraph: Sendable, Hashable {
    /// What stands above it; may be empty.
    public var heading: String
    /// What it says, one line however long.
    public var text: String
    /// What the text means, for its colour.
    public var role: Role
  }

  /// The lesson: `2  Past the end of an object`.
  public static func heading(_ place: SharedPosition) -> String {
    (place.number.map { "\($0)  " } ?? "") + place.title
  }

  /// What there is to say, in the order a lecturer needs it.
  public static func paragraphs(_ place: SharedPosition) -> [Paragraph] {
    let all: [(String, String, Role)] = [
      ("", place.activity.words, .warning),
      ("Exercise", place.ask, .text),
      ("Hints told", place.hints, .text),
      ("", place.action, .code),
      ("", place.verdict, .accent),
      ("Notes", place.notes, .text),
      ("Story", place.say, .text),
      ("Next", place.next, .code),
      ("Notes for the next step", place.nextNotes, .text),
    ]
    return all.compactMap { heading, text, role in
      text.isEmpty ? nil : Paragraph(heading: heading, text: text, role: role)
    }
  }
}
