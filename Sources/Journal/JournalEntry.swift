import JSON

/// One line of a journal: what happened to the work of a sitting.
///
/// A sitting opens several scenarios; each has its number, and its lines build on those before.
public enum JournalEntry: Equatable, Sendable {
  /// The first line: when the sitting began, seconds since 1970.
  case started(Int)
  /// A scenario whose steps are changed from here on, or one that is another as a whole.
  case opened(Opened)
  /// Steps were put in the place of others.
  case changed(Change)
  /// An exercise was done, from 0.
  case solved(opening: Int, exercise: Int)
  /// What there is of the scenario stands in a file, or is as it was before.
  case settled(opening: Int)
  /// The sitting ended in order; by a signal, or as its user wanted.
  case ended(signal: Int?)

  /// A scenario as it is written into a file.
  public struct Opened: Equatable, Sendable {
    /// Its number in the sitting.
    public var opening: Int
    /// The script's name.
    public var id: String
    /// Its heading.
    public var title: String
    /// The whole file.
    public var scenario: String
    /// Steps behind the current point.
    public var position: Int
  }

  /// Steps of a scenario that are others now.
  public struct Change: Equatable, Sendable {
    /// The scenario's number in the sitting.
    public var opening: Int
    /// Steps before the first that is another.
    public var start: Int
    /// Steps that are gone from there.
    public var removed: Int
    /// Those in their place, as a list in a scenario file; empty for none.
    public var steps: String
    /// Steps behind the current point afterwards.
    public var position: Int
  }

  /// The first line's version; a later one may mean something else.
  static let version = 1

  /// The line, with its end.
  public var line: String { json.text + "\n" }

  private var json: JSONValue {
    switch self {
    case .started(let time):
      .init([("journal", .init(Self.version)), ("started", .init(time))])
    case .opened(let it):
      .init([
        ("open", .init(it.opening)), ("id", .string(it.id)), ("title", .string(it.title)),
        ("at", .init(it.position)), ("scenario", .string(it.scenario)),
      ])
    case .changed(let it):
      .init([
        ("change", .init(it.opening)), ("from", .init(it.start)), ("less", .init(it.removed)),
        ("at", .init(it.position)), ("steps", .string(it.steps)),
      ])
    case .solved(let opening, let exercise):
      .init([("solve", .init(opening)), ("exercise", .init(exercise))])
    case .settled(let opening): .init([("settle", .init(opening))])
    case .ended(let signal): .init([("end", .init(signal ?? 0))])
    }
  }

  /// The entry of a line without its end; nil for a line that is none.
  init?(line: some Sequence<UInt8>) {
    guard let json = try? JSONValue(parsing: line) else { return nil }
    func count(_ key: String) -> Int? { json[key]?.int.flatMap { $0 >= 0 ? $0 : nil } }
    if json["journal"]?.int == Self.version, let time = json["started"]?.int {
      self = .started(time)
    } else if let opening = count("open"), let id = json["id"]?.string,
      let title = json["title"]?.string, let position = count("at"),
      let scenario = json["scenario"]?.string
    {
      self = .opened(
        Opened(
          opening: opening, id: id, title: title, scenario: scenario, position: position))
    } else if let opening = count("change"), let start = count("from"),
      let removed = count("less"), let position = count("at"), let steps = json["steps"]?.string
    {
      self = .changed(
        Change(
          opening: opening, start: start, removed: removed, steps: steps, position: position))
    } else if let opening = count("solve"), let exercise = count("exercise") {
      self = .solved(opening: opening, exercise: exercise)
    } else if let opening = count("settle") {
      self = .settled(opening: opening)
    } else if let signal = count("end") {
      self = .ended(signal: signal == 0 ? nil : signal)
    } else {
      return nil
    }
  }
}
