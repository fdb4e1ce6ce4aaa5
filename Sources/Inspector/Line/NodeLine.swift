import Simulation

/// The short form of what is done with a node, as in `host lp0 write hello` or `host sda read 0 8`.
enum NodeLine {
  /// The same with the names of its fields; nil when the second word is nothing that is done with a node.
  static func spelled(_ words: ArraySlice<String>) -> ArraySlice<String>? {
    guard let name = words.first, words.count > 1, let word = word(words) else { return nil }
    let rest = Array(words.dropFirst(2))
    let plain = rest.filter { !$0.contains("=") }
    let keyed = rest.filter { $0.contains("=") }
    let fields = fields(word, plain)
    return (["node", "name=\(name)", "do=\(word.rawValue)"] + fields + keyed)[...]
  }

  /// Two numbers behind `read` are sectors of a disk.
  private static func word(_ words: ArraySlice<String>) -> NodeWord? {
    let rest = Array(words.dropFirst())
    guard let word = NodeWord(rawValue: rest[0]) else { return nil }
    return word == .read && rest.count == 3 && rest.dropFirst().allSatisfy { Int($0) != nil }
      ? .readAt : word
  }

  private static let sector = 512

  private static func fields(_ word: NodeWord, _ plain: [String]) -> [String] {
    func sectors(_ index: Int) -> Int { min(Int(plain[index]) ?? 0, 1 << 20) * sector }
    switch word {
    case .readAt where plain.count == 2:
      return ["offset=\(sectors(0))", "length=\(sectors(1))"]
    case .writeAt where plain.count > 1:
      return ["offset=\(sectors(0))", "text=\(unquoted(plain.dropFirst()))"]
    case .read where plain.count == 1: return ["length=\(plain[0])"]
    case .write where !plain.isEmpty: return ["text=\(unquoted(plain[...]))"]
    case .line where plain.count == 1: return ["speed=\(plain[0])"]
    case .line where plain.count == 2: return ["speed=\(plain[0])", "word=\(plain[1])"]
    case .raise where !plain.isEmpty, .lower where !plain.isEmpty:
      return ["lines=\(plain.joined(separator: " "))"]
    case .test where plain.count == 1: return ["case=\(plain[0])"]
    case .open, .close, .read, .write, .readAt, .writeAt, .sync, .line, .raise, .lower, .test,
      .send,
      .deviceID, .status, .modem, .size, .sector, .readOnly, .address, .reset, .sendBreak, .drain,
      .clear, .partitions, .eject, .up, .down:
      return plain
    }
  }

  private static func unquoted(_ words: ArraySlice<String>) -> String {
    let text = words.joined(separator: " ")
    guard text.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
    return String(text.dropFirst().dropLast())
  }
}
