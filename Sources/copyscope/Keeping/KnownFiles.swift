import Foundation
import Text

/// A file as it was when it was read or written: another one, or another content, has another stamp.
struct FileStamp: Hashable {
  /// Which file it is.
  private let device: dev_t
  private let inode: ino_t
  private let size: off_t
  /// When its bytes were changed last, and when anything of it was: seconds and nanoseconds.
  private let changed: [Int]
  private let touched: [Int]

  /// The stamp of a file, behind all symbolic links; nil where there is none.
  init?(_ path: String) {
    var status = stat()
    guard stat(FileName.bytes(path), &status) == 0 else { return nil }
    self.init(status)
  }

  init(_ status: stat) {
    (device, inode, size) = (status.st_dev, status.st_ino, status.st_size)
    changed = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    touched = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }

  /// Whether it is the same file with the same bytes, whatever it is called.
  func hasBytes(of other: FileStamp) -> Bool {
    (device, inode, size, changed) == (other.device, other.inode, other.size, other.changed)
  }
}

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

  /// Writes a file of that name.
  mutating func write(_ text: String, as path: String, _ insists: Bool) throws {
    guard !path.isEmpty else { throw BadInput("the file to write has no name; give it one") }
    let name = FileName.shown(path)
    let isPlain = ShownText(path).allSatisfy { $0.form != .hidden && $0.form != .leftOut }
    guard isPlain || insists else {
      throw BadInput("\(name): has characters that nobody sees; :write! takes the name")
    }
    do {
      let file = try WholeFile(path)
      if !insists, let reason = refusal(file, path) {
        throw BadInput("\(name): \(reason); ':write! \(name)' writes over it")
      }
      note(try file.write(Array(text.utf8), over: insists ? nil : stamps), at: path)
    } catch let error as WholeFile.Problem {
      throw BadInput("\(name): \(error.words)")
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
        throw BadInput("\(FileName.shown(name)): \(error.words)")
      }
    }
    throw BadInput(
      "\(FileName.shown(base)).yaml and \(Self.mostNames - 2) more are there; ':write' with another name writes"
    )
  }

  /// Names tried for a new file.
  private static let mostNames = 1_000

  /// Why a file that is there is not written over without being asked to.
  private func refusal(_ file: WholeFile, _ path: String) -> String? {
    guard let stamp = file.stamp else { return nil }
    guard stamps.contains(stamp) else {
      return paths.contains(path)
        ? "was changed by somebody else since it was read" : "is there and was not opened here"
    }
    return file.isReadOnly ? "is read-only" : nil
  }
}
