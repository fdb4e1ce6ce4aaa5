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
    var lines = wanted(goal.expect).map { "\(goal.does) \($0)." }
    if goal.isConfigured { lines.append("After \(goal.does) the host has configured the device.") }
    return lines + ["At most \(goal.most) step\(goal.most == 1 ? "" : "s")."]
  }

  /// What a step must come to, a phrase for each part.
  private static func wanted(_ expect: Expectation) -> [String] {
    var wanted: [String] = []
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
    return wanted
  }

  /// What a step came to instead of what was asked.
  static func sentence(_ step: Int, _ miss: Expectation.Miss) -> String {
    "Step \(step): \(miss.field) should be \(miss.expected), and is \(miss.got)."
  }

  /// The steps that are to be put in order, with their numbers and what they must come to, in an order that is not
  /// right.
  public static func choices(_ exercise: Exercise) -> [String] {
    zip(exercise.shownSteps, exercise.shownExpectations).enumerated().map { index, step in
      let wanted = step.1.map(wanted) ?? []
      let end = wanted.isEmpty ? "" : ": " + wanted.joined(separator: ", ")
      return "\(index + 1)  \(EventWords.action(step.0))\(end)"
    }
  }

  /// The solution, a line a step; empty where only the machine knows it.
  public static func solution(_ exercise: Exercise) -> [String] {
    switch exercise.task {
    case .copy, .steps: exercise.solution.map { EventWords.action($0.action) }
    case .order: [exercise.rightOrder.map(String.init).joined(separator: " ")]
    case .number: []
    }
  }
}
