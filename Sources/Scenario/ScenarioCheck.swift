import Simulation

/// Plays a scenario once to see that every step can be done.
enum ScenarioCheck {
  static func check(_ script: Script, file: String) throws(Diagnostic) {
    var world: World
    do throws(ActionError) { world = try script.start() } catch {
      throw Diagnostic(file: file, line: 0, column: 0, message: "cannot start: \(words(error))")
    }
    for step in script.steps {
      do throws(ActionError) { _ = try world.perform(step.action) } catch {
        let mark = step.marks[subject(error)] ?? SourceMark(line: step.line, column: step.column)
        throw Diagnostic(
          file: file, line: mark.line, column: mark.column, message: words(error),
          suggestion: suggestion(error))
      }
    }
  }

  /// Which part of a step an error is about.
  private static func subject(_ error: ActionError) -> String {
    switch error {
    case .unknownCache: "cache"
    case .unknownName: "place"
    default: "name"
    }
  }

  private static func suggestion(_ error: ActionError) -> String? {
    switch error {
    case .unknownName(let name, let known), .unknownCache(let name, let known),
      .unknownTask(let name, let known), .unknownEra(let name, let known):
      Suggestion.near(name, among: known)
    default: nil
    }
  }

  /// An action's error in words.
  static func words(_ error: ActionError) -> String {
    func known(_ names: [String]) -> String {
      names.isEmpty ? "" : " (there are: \(names.prefix(12).joined(separator: ", ")))"
    }
    switch error {
    case .unknownName(let name, let names): return "nothing is called '\(name)'\(known(names))"
    case .unknownCache(let name, let names):
      return "there is no cache '\(name)'; declare it under 'caches'\(known(names))"
    case .unknownTask(let name, let names): return "there is no task '\(name)'\(known(names))"
    case .unknownEra(let name, let names): return "unknown era '\(name)'\(known(names))"
    case .nameTaken(let name): return "the name '\(name)' is in use"
    case .notAllocated(let name): return "'\(name)' is not allocated"
    case .emptyStack: return "no function is running that could return"
    case .stackFull(let function): return "the stack has no room for a frame of '\(function)'"
    case .tooLarge(let name, let bytes, let limit):
      return "'\(name)' is too large: \(bytes) bytes, at most \(limit)"
    case .noRoom(let name): return "no memory for '\(name)'"
    }
  }
}
