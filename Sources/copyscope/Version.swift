import CVersion

/// The program's version, written here alone.
enum Version {
  /// By the rules of semantic versioning (<https://semver.org>); what it promises stands in the page of changes.
  static let number = "1.0.0"

  /// The number, and the commit the program was built from where that is known.
  static var text: String {
    let commit = String(cString: copyscope_commit())
    return commit.isEmpty ? number : "\(number) (commit \(commit))"
  }
}
