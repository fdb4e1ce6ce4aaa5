import Foundation
import Text

/// Files that were read or written here, and writing that is no surprise for anybody: what another one made or
/// protected is written over only by who insists.
struct KnownFiles {
  private var stamps: Set<FileStamp> = []
  private var paths: Set<String> = []

  /// Takes a file as read or written.
  mutating func note(_ stamp: FileStamp, at path: String) {
    stamps.insert(stamp)
    paths.insert(path)
  }

  /// Whether the file was read or written here.
  func has(_ path: String) -> Bool { paths.contains(path) }

  /// Writes a file of that name.
  mutating func write(_ text: String, as path: String, _ insists: Bool) throws {
    guard !path.isEmpty else { throw BadInput.noFileName }
    let isPlain = ShownText(path).allSatisfy { $0.form != .hidden && $0.form != .leftOut }
    guard isPlain || insists else {
      throw BadInput.file(path, .hiddenCharacters)
    }
    do {
      let file = try WholeFile(path)
      if !insists, let reason = refusal(file, path) {
        throw BadInput.file(path, .kept(reason))
      }
      note(try file.write(Array(text.utf8), over: insists ? nil : stamps), at: path)
    } catch let error as WholeFile.Problem {
      throw BadInput.file(path, .notWritten(error))
    }
  }

  /// Writes a new file in this folder, under a name nobody has: which one.
  mutating func write(_ text: String, asNew id: String) throws -> String {
    let base = (id.isEmpty ? "scenario" : id) + "-mine"
    for number in 1..<Self.mostNames {
      let name = number == 1 ? "\(base).yaml" : "\(base)-\(number).yaml"
      do throws(WholeFile.Problem) {
        let file = try WholeFile(name)
        guard file.isNew else { continue }
        note(try file.write(Array(text.utf8), over: []), at: name)
        return name
      } catch {
        switch error {
        case .taken, .notRegular: continue
        case .system, .changed: break
        }
        throw BadInput.file(name, .notWritten(error))
      }
    }
    throw BadInput.file("\(base).yaml", .namesTaken(Self.mostNames - 2))
  }

  /// Names tried for a new file.
  private static let mostNames = 1_000

  /// Why a file that is there is not written over without being asked to.
  private func refusal(_ file: WholeFile, _ path: String) -> FileProblem.Kept? {
    guard let stamp = file.stamp else { return nil }
    guard stamps.contains(stamp) else {
      return paths.contains(path) ? .changed : .notOpened
    }
    return file.isReadOnly ? .readOnly : nil
  }
}
