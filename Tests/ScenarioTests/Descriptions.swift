public import Simulation
public import Testing
import Usercopy

// What a failing expectation says of a value of many thousand bytes.

extension Playback: CustomTestStringConvertible {
  public var testDescription: String {
    let misses = steps.flatMap { step in
      step.misses.map { "step \(step.number): \($0.field) \($0.got), wanted \($0.expected)" }
    }
    return
      "Playback(\(script.id), \(era), \(misses.isEmpty ? "held" : misses.joined(separator: "; ")))"
  }
}

extension World: CustomTestStringConvertible {
  public var testDescription: String {
    "World(\(era.id), \(names.keys.sorted().joined(separator: " ")))"
  }
}
