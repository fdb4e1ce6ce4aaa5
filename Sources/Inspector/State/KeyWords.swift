import Grid

/// Keys told in sentences, by the keys that commands have now.
extension Keymap {
  /// What a key does: `n goes on`; nil for a command without a key.
  public func says(_ command: Command, _ words: String, in scope: KeyScope = .browse) -> String? {
    symbol(command, in: scope).map { "\($0) \(words)" }
  }

  /// A sentence with what keys do behind it: `already at the first step; n goes on`. Commands without a key are
  /// left out.
  func telling(
    _ text: String, _ hints: KeyValuePairs<Command, String>, in scope: KeyScope = .browse
  ) -> String {
    let said = hints.compactMap { says($0.key, $0.value, in: scope) }
    return said.isEmpty ? text : "\(text); \(said.joined(separator: ", "))"
  }
}
