import Foundation
import Inspector
import Text

/// Files that the `:` line asks for.
extension Inspection {
  /// Writes a starter scenario to a new file and opens it; what is made of it is written there.
  mutating func create(_ name: String) {
    do {
      try StarterScenario.write(to: name)
      load(name)
      if known.has(name) { savePath = name }
    } catch {
      tell("\(error)", true)
    }
  }

  /// Does the lines of a file; what they ask for outside.
  mutating func readLines(_ name: String) -> [Effect] {
    do {
      let text = try InputFile.text(of: name, limit: 1 << 16, onlyRegular: true)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      guard lines.count <= LineFile.lineLimit else {
        throw BadInput.file(name, .manyLines(LineFile.lineLimit))
      }
      return model.update(.lines(lines, file: FileName.shown(name)))
    } catch {
      tell("\(error)", true)
      return []
    }
  }
}
