import Narration
import Scenario
import Simulation
import Testing
import Usercopy

/// What stands on the screen of a comparison compares as the machine compared it.
struct TraceWordsTests {
  /// The number a reader takes `…1f30`, `0x10` or `64` for.
  private static func value(_ text: Substring) -> UInt64? {
    if text.hasPrefix("…") { return UInt64(text.dropFirst(), radix: 16) }
    return text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  }

  @Test(arguments: LessonFiles.ids)
  func shortenedNumbersCompareTheSame(id: String) throws {
    for step in try Playback(LessonFiles.script(id)).steps {
      for case .copied(let report) in step.events {
        for line in TraceWords.lines(report.outcome) {
          let parts = line.values.split(separator: " ")
          guard parts.count == 3, let left = Self.value(parts[0]), let right = Self.value(parts[2])
          else { continue }
          let holds: Bool? =
            switch parts[1] {
            case "<=": left <= right
            case "<": left < right
            case ">=": left >= right
            case ">": left > right
            case "==": left == right
            default: nil
            }
          guard let holds else { continue }
          #expect((line.answer == "yes") == holds, "\(line.text): \(line.answer) \(line.values)")
        }
      }
    }
  }
}
