public import Simulation
import Usercopy

/// Exercises about steps, their order and numbers, in words.
public enum ExerciseTaskWords {
  /// What must hold of what is handed in.
  static func conditions(_ exercise: Exercise) -> [String] {
    switch exercise.task {
    case .copy: []
    case .steps(let goal): conditions(goal)
    case .order: ["Each step does what is expected of it."]
    case .number(.distance): ["A number of bytes."]
    case .number(.outcome(let count, let action)):
      ["Asked of: \(EventWords.action(action)).", unit(count)]
    }
  }

  private static func unit(_ count: Exercise.Count) -> String {
    switch count {
    case .copied: "How many bytes are copied."
    case .notCopied: "How many bytes are not copied."
    case .leaked: "How many of the bytes are not the object's own."
    case .returned: "What the function returns."
    case .ret: "What the call returns."
    case .most: "The longest copy from that start that passes."
    }
  }

  private static func conditions(_ goal: Exercise.Goal) -> [String] {
    var wanted: [String] = []
    let expect = goal.expect
    for (what, value) in [
      ("returns", expect.ret.map(String.init)), ("answers", expect.errno),
      ("is refused by", expect.why), ("brings the event", expect.event),
      ("leaves the device", expect.state), ("is judged", expect.verdict?.rawValue),
      ("logs", expect.log),
    ] {
      if let value { wanted.append("\(what) \(value)") }
    }
    if expect.blocked == true { wanted.append("sleeps") }
    if let line = expect.hostLog { wanted.append("makes the host log \"\(line)\"") }
    var lines = wanted.map { "\(goal.does) \($0)." }
    if goal.isConfigured { lines.append("After \(goal.does) the host has configured the device.") }
    return lines + ["At most \(goal.most) step\(goal.most == 1 ? "" : "s")."]
  }

  /// What a step came to instead of what was asked.
  static func sentence(_ step: Int, _ miss: Expectation.Miss) -> String {
    "Step \(step): \(miss.field) should be \(miss.expected), and is \(miss.got)."
  }

  /// The steps that are to be put in order, with their numbers, in an order that is not right.
  public static func choices(_ exercise: Exercise) -> [String] {
    guard case .order(let steps) = exercise.task else { return [] }
    return shuffled(steps).enumerated().map { index, step in
      "\(index + 1)  \(EventWords.action(step.action))"
    }
  }

  /// The steps as they are shown: turned round, so that the first comes last.
  public static func shuffled(_ steps: [ScriptStep]) -> [ScriptStep] {
    let middle = steps.count / 2
    return Array(steps[middle...].reversed() + steps[..<middle])
  }

  /// The order that numbers say, such as `3 1 2`; nil where one is missing, stands twice or is none.
  public static func order(_ text: String, of steps: [ScriptStep]) -> [Action]? {
    let given = text.filter { !$0.isWhitespace && $0 != "," }.map { $0.wholeNumberValue ?? 0 }
    guard given.sorted() == Array(1...steps.count) else { return nil }
    let shown = shuffled(steps)
    return given.map { shown[$0 - 1].action }
  }

  /// The solution, a line a step; empty where only the machine knows it.
  public static func solution(_ exercise: Exercise) -> [String] {
    switch exercise.task {
    case .copy, .steps: exercise.solution.map { EventWords.action($0.action) }
    case .order(let steps):
      [
        steps.compactMap { step in
          let index = shuffled(steps).firstIndex { $0.action == step.action }
          return index.map { String($0 + 1) }
        }.joined(separator: " ")
      ]
    case .number: []
    }
  }
}
