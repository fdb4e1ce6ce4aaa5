import Narration
import Simulation
import Text

/// Why a typed command cannot be understood.
enum CommandLineError: Error, Sendable, Hashable {
  case unknownCommand(String)
  /// Something has to follow.
  case missing(form: String)
  case tooMuch(String, form: String)
  /// The line has no length behind a copy's offset.
  case noLength(offset: String, form: String)
  /// A word that is none of those it may be.
  case unknown(String, what: String, known: [String])
  /// What has to follow a word.
  case oneOf(String, [String])
  case unknownKey(String, subject: String, known: [String])
  case twice(key: String)
  case needs(String, subject: String)
  /// Exactly one of the fields, or at least one.
  case needsOne([String], subject: String)
  case number(String, name: String, range: ClosedRange<UInt64>)
  case notSigned(String, name: String)
  case notTruth(String, key: String)
  case notLocal(String, most: UInt64)
  case notHexadecimal(key: String)
  case halfByte(key: String)
  case openQuotation
  /// The entry point copies the other way.
  case wrongWay(entry: String, way: String, form: String)
  case fillsNothing(key: String)
  /// Two fields of which one says it all.
  case both(String, String)
  /// What a field holds is no C structure.
  case structure(key: String, StructProblem)
}

extension CommandLineError: CustomStringConvertible {
  var description: String {
    switch self {
    case .unknownCommand(let word):
      "unknown command '\(word)'"
        + (Nearest.word(to: word, among: CommandLine.words).map { "; did you mean '\($0)'?" }
          ?? "; Tab shows what there is")
    case .missing(let form): "missing argument: \(form)"
    case .tooMuch(let word, let form): "unexpected '\(word)'; usage: \(form)"
    case .noLength(let offset, let form): "no length behind the offset \(offset): \(form)"
    case .unknown(let word, let what, let known):
      "'\(word)' is no \(what)" + Self.known(word, known)
    case .oneOf(let word, let known): "\(word): one of \(known.joined(separator: ", "))"
    case .unknownKey(let key, let subject, let known):
      "'\(subject)' has no '\(key)='" + Self.known(key, known)
    case .twice(let key): "'\(key)=' stands twice"
    case .needs(let key, let subject): "'\(subject)' needs '\(key)='"
    case .needsOne(let keys, let subject):
      "'\(subject)' needs one of " + keys.map { "'\($0)='" }.joined(separator: ", ")
    case .number(let text, let name, let range):
      "'\(text)' for '\(name)' is no number"
        + (range.upperBound == .max ? "" : " from \(range.lowerBound) to \(range.upperBound)")
    case .notSigned(let text, let name): "'\(text)' is no \(name)"
    case .notTruth(let text, let key): "'\(text)' for '\(key)=' is neither true nor false"
    case .notLocal(let text, let most):
      "'\(text)' is no local: NAME:SIZE, of \(most) bytes at most"
    case .notHexadecimal(let key):
      "'\(key)=' takes hexadecimal bytes, such as \(key)=12010002"
    case .halfByte(let key): "'\(key)=' ends in half a byte"
    case .openQuotation: "the quotation has no closing quotation mark"
    case .wrongWay(let entry, let way, let form):
      "\(entry) does not copy \(way) the user: \(form)"
    case .fillsNothing(let key): "'\(key)=' needs a size to fill"
    case .both(let first, let second): "'\(first)=' and '\(second)=' say the same"
    case .structure(let key, let problem): "'\(key)=': \(StructProblemWords.line(problem))"
    }
  }

  /// `; did you mean …?` or the words there are.
  private static func known(_ word: String, _ words: [String]) -> String {
    if let near = Nearest.word(to: word, among: words) { return "; did you mean '\(near)'?" }
    return words.isEmpty ? "" : "; there are \(words.joined(separator: ", "))"
  }
}
