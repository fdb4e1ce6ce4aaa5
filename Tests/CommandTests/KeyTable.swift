import Foundation
import Testing

/// The key table as the program prints it.
struct KeyTable {
  struct Row: Decodable {
    var scope: String
    var command: String
    var keys: [String]
    var help: String
  }

  let rows: [Row]

  init() throws {
    let printed = try Program.run("keys", "--format", "json")
    try #require(printed.status == 0, "\(printed.errors)")
    rows = try JSONDecoder().decode([Row].self, from: Data(printed.bytes))
  }

  func rows(_ scope: String) -> [Row] { rows.filter { $0.scope == scope } }

  /// Every key of the table once.
  var keys: [String] {
    var seen: Set<String> = []
    return rows.flatMap(\.keys).filter { seen.insert($0).inserted }
  }

  func isBound(_ key: String, in scope: String) -> Bool {
    rows(scope).contains { $0.keys.contains(key) }
  }

  /// A key's name as tmux has it.
  static func terminalName(_ key: String) -> String {
    let names = [
      "PageUp": "PPage", "PageDown": "NPage", "Esc": "Escape", "Backspace": "BSpace",
      "S-Tab": "BTab",
    ]
    if let name = names[key] { return name }
    return key.hasPrefix("A-") ? "M-" + key.dropFirst(2) : key
  }
}
