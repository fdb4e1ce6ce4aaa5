/// The subcommands by what they are called on the command line.
enum CommandName: String, CaseIterable {
  case open, run, lessons, verify, explain, screen, caches, kernel, capture, gadget, bench, themes,
    schema, keys, follow, export, progress
  /// For packagers; not offered.
  case manual

  /// Those that help names.
  static var offered: [String] { allCases.filter { $0 != .manual }.map(\.rawValue) }
}
