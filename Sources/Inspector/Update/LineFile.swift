import Grid

/// A file of `:` lines.
public enum LineFile {
  /// Lines at most that one may have.
  public static let lineLimit = 1000

  /// Does the lines up to the first that cannot be done. Empty ones and those that begin with `#` say nothing.
  static func execute(_ lines: [String], of file: String, _ model: inout Model) -> [Effect] {
    var effects: [Effect] = []
    for (index, line) in lines.prefix(lineLimit).enumerated() {
      let text = line.filter { $0 != "\r" }
      guard text.contains(where: { !$0.isWhitespace }), !text.hasPrefix("#") else { continue }
      model.message = nil
      for effect in model.execute(text, isTyped: false) {
        // A file that reads itself would never end.
        if case .readLines = effect {
          model.message = StatusMessage("a file of lines reads no other", .error)
        } else {
          effects.append(effect)
        }
      }
      if let problem = model.message, problem.role == .error || problem.role == .warning {
        model.message = StatusMessage("\(file):\(index + 1): \(problem.text)", .error)
        return effects
      }
    }
    return effects
  }
}
