import Foundation
import Journal

/// The folder for what the program remembers from one time to the next: `$XDG_STATE_HOME/copyscope`.
enum StateFolder {
  /// Its path; nil when the user has no home.
  static var path: String? { UserFiles.folder("XDG_STATE_HOME", ".local/state") }

  /// Its path once it is there and the user's own.
  static func made() throws(JournalFile.Problem) -> String {
    guard let path else {
      throw JournalFile.Problem(
        place: "", reason: "there is no home folder: HOME and XDG_STATE_HOME say none")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw JournalFile.Problem(place: FileName.shown(path), reason: reason(path))
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw JournalFile.Problem(place: FileName.shown(path), reason: "is no folder")
    }
    guard status.st_uid == geteuid() else {
      throw JournalFile.Problem(place: FileName.shown(path), reason: "is another user's folder")
    }
    return path
  }

  /// Why it could not be made: the system's words for making its last part.
  private static func reason(_ path: String) -> String {
    var known = ""
    for part in path.split(separator: "/") {
      known += "/" + part
      if mkdir(known, 0o700) != 0, errno != EEXIST {
        return "cannot be made: \(SystemError.words(errno))"
      }
    }
    return "cannot be made"
  }

  /// Journals looked at in one folder, the latest; each is an open file while it is.
  static let mostJournals = 256

  /// Journals with work that no running inspector owns, the one written last first. Those with nothing in them are
  /// taken away.
  static func left() -> [JournalFile.Left] {
    guard let path, let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      return []
    }
    let journals = names.filter { $0.hasSuffix(JournalFile.ending) }.sorted(by: >)
    let found = journals.prefix(mostJournals).compactMap { JournalFile.left(path + "/" + $0) }
    for one in found where one.text.brokenLine == nil && !one.text.summary.hasWork {
      one.file.remove()
    }
    return found.filter { $0.text.brokenLine != nil || $0.text.summary.hasWork }
      .sorted { ($0.time, $0.file.name) > ($1.time, $1.file.name) }
  }
}
