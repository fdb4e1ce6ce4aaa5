import Foundation
import Journal
import Scenario
import Text

/// Sittings whose work was left: told, asked for and taken.
enum LeftList {
  /// A line for each, the one written last first.
  static func lines(_ left: [JournalFile.Left]) -> [String] {
    let formatter = DateFormatter()
    formatter.dateFormat = "yyyy-MM-dd HH:mm"
    let numbers = String(left.count).count
    return left.enumerated().map { index, one in
      let number = String(index + 1)
      let space = String(repeating: " ", count: numbers - number.count)
      return "\(space)\(number)  \(formatter.string(from: one.time))  \(words(one))"
    }
  }

  private static func words(_ left: JournalFile.Left) -> String {
    let summary = left.text.summary
    var parts: [String] = []
    if summary.actions > 0 {
      parts.append("\(summary.actions) action\(summary.actions == 1 ? "" : "s")")
    }
    if summary.solved > 0 {
      parts.append("\(summary.solved) exercise\(summary.solved == 1 ? "" : "s") done")
    }
    switch summary.ending {
    case nil: parts.append("crashed")
    case .inOrder(signal: nil): parts.append("left with q")
    case .inOrder(let signal?): parts.append("ended by signal \(signal)")
    }
    if let line = left.text.brokenLine { parts.append("damaged from line \(line) on") }
    let titles = summary.titles.map { "'\($0)'" }.joined(separator: ", ")
    return Printable.text("\(left.file.name)  \(parts.joined(separator: ", "))  \(titles)")
  }

  /// The one asked for by number or name.
  static func find(_ wanted: String, in left: [JournalFile.Left]) throws -> JournalFile.Left {
    if let number = Int(wanted), left.indices.contains(number - 1) { return left[number - 1] }
    if let found = left.first(where: { $0.file.name == wanted }) { return found }
    throw BadInput(
      left.isEmpty
        ? "nothing is left to go on with"
        : "'\(FileName.shown(wanted))' is none of those left; 'copyscope open --resume' lists them")
  }

  /// Asks on the terminal which one to take; nil for none.
  static func ask(_ left: [JournalFile.Left]) throws -> JournalFile.Left? {
    try Output.write("Which one? (1; q takes none) ")
    guard let line = readLine() else { return nil }
    let word = line.trimmingCharacters(in: .whitespaces)
    if word == "q" { return nil }
    return try find(word.isEmpty ? "1" : word, in: left)
  }

  /// What was left, played again.
  static func work(_ left: JournalFile.Left) throws -> LeftWork {
    let path = FileName.shown(left.file.path)
    if let line = left.text.brokenLine {
      Output.complain(
        "copyscope: \(path):\(line): is no line of a journal; what stands before it is taken\n")
    }
    do throws(LeftWork.Problem) { return try LeftWork(left.text, file: left.file.path) } catch {
      switch error {
      case .scenario(let diagnostic, let line):
        throw BadInput(
          "\(path):\(line): " + Printable.text(diagnostic.message) + "; nothing of it was changed")
      case .machine(_, let line):
        throw BadInput("\(path):\(line): its machine cannot be built; nothing of it was changed")
      case .unopened(let line):
        throw BadInput(
          "\(path):\(line): is about a scenario that was not opened; nothing of it was changed")
      }
    }
  }
}
