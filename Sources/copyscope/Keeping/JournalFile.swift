import Foundation
import Journal

/// A sitting's journal on the disk. Its owner holds a lock on it, which ends with the owner, however that ends.
///
/// What was said is remembered, so that what could not be written is written once that is possible again.
final class JournalFile {
  /// Why there is no journal, or why it is not whole.
  struct Problem: Error {
    /// Which file or folder, ready to be shown; empty for none.
    var place: String
    /// What is wrong with it.
    var reason: String

    var words: String { place.isEmpty ? reason : "\(reason) (\(place))" }
  }

  /// Most bytes of a journal; days of work take less.
  static let limit = 64 << 20

  static let ending = ".journal"

  /// The file.
  private(set) var path: String
  /// Everything that was said.
  private var bytes: [UInt8]
  /// How many of these bytes are in the file, and how many are known to be on the disk.
  private var written = 0
  private var synced = 0
  private var isNamedForGood = false
  private var descriptor: Int32

  /// The file's name without its ending, by which it is asked for.
  var name: String { Self.name(of: path) }

  static func name(of path: String) -> String {
    String(path.split(separator: "/").last?.dropLast(ending.count) ?? "")
  }

  /// Makes the journal of a sitting that begins.
  init() throws(Problem) {
    let now = Date()
    bytes = Array(JournalEntry.started(Int(now.timeIntervalSince1970)).line.utf8)
    (descriptor, path) = try Self.made(Self.stem(now))
    let problem = write()
    if let problem {
      unlink(path)
      close(descriptor)
      throw problem
    }
    // That nothing was done yet need not outlast anything.
    synced = written
  }

  /// Takes over a journal that was left, as far as it is whole.
  private init(_ descriptor: Int32, _ path: String, _ journal: JournalText, _ bytes: [UInt8]) {
    (self.descriptor, self.path) = (descriptor, path)
    self.bytes = Array(bytes.prefix(journal.length))
    (written, synced) = (journal.length, journal.length)
    isDamaged = journal.brokenLine != nil
  }

  private var isDamaged = false

  /// Goes on with a journal that was left: what of it says nothing is taken away, where that is half a line; a file
  /// that was damaged otherwise is put aside.
  func takeOver() {
    if isDamaged {
      rename(path, path + ".damaged")
    } else {
      ftruncate(descriptor, off_t(written))
    }
  }

  deinit { close(descriptor) }

  /// Adds lines; why they are not in the file, if they are not. What was left over before is tried again.
  func add(_ entries: [JournalEntry]) -> Problem? {
    for entry in entries { bytes += Array(entry.line.utf8) }
    return write()
  }

  /// Whether nothing has to be waited for.
  var isSynced: Bool { synced == bytes.count }

  /// Waits until what is in the file is on the disk; why it is not.
  func sync() -> Problem? {
    guard written == bytes.count else { return write() }
    guard synced < written else { return nil }
    // Some file systems cannot; there is nothing more to be had of them.
    guard fdatasync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      return problem(errno)
    }
    if !isNamedForGood { Self.syncFolder(of: path) }
    (synced, isNamedForGood) = (written, true)
    return nil
  }

  /// Takes the journal away: nothing is left to be gone on with.
  func remove() { if isThere { unlink(path) } }

  private func problem(_ number: Int32) -> Problem {
    Problem(
      place: FileName.shown(path), reason: "cannot be written: \(SystemError.words(number))")
  }

  private func write() -> Problem? {
    guard bytes.count <= Self.limit else {
      return Problem(
        place: FileName.shown(path), reason: "holds no more than \(Self.limit >> 20) MiB")
    }
    if !isThere, let problem = makeAgain() { return problem }
    guard written < bytes.count else { return nil }
    let number = Output.send(Array(bytes[written...]), to: descriptor)
    guard number == 0 else {
      // Half a line would hide the next.
      ftruncate(descriptor, off_t(written))
      return problem(number)
    }
    written = bytes.count
    return nil
  }

  /// Whether the file still has its name.
  private var isThere: Bool {
    var (own, named) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && lstat(path, &named) == 0 && own.st_ino == named.st_ino
      && own.st_dev == named.st_dev
  }

  /// Makes a file that somebody took away once more.
  private func makeAgain() -> Problem? {
    do throws(Problem) {
      let (descriptor, path) = try Self.made(name)
      close(self.descriptor)
      (self.descriptor, self.path, written, synced) = (descriptor, path, 0, 0)
      isNamedForGood = false
      return nil
    } catch { return error }
  }

  private static func stem(_ now: Date) -> String {
    var (time, parts) = (time_t(now.timeIntervalSince1970), tm())
    localtime_r(&time, &parts)
    return String(
      format: "%04d%02d%02d-%02d%02d%02d-%d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
      parts.tm_hour, parts.tm_min, parts.tm_sec, getpid())
  }

  private static func made(_ stem: String) throws(Problem) -> (Int32, String) {
    let folder = try StateFolder.made()
    for number in 1...100 {
      let path = folder + "/" + stem + (number == 1 ? "" : "-\(number)") + ending
      let flags = O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
      let descriptor = open(path, flags, 0o600)
      if descriptor >= 0 {
        flock(descriptor, LOCK_EX | LOCK_NB)
        return (descriptor, path)
      }
      guard errno == EEXIST else {
        throw Problem(
          place: FileName.shown(folder), reason: "cannot be written: \(SystemError.words(errno))")
      }
    }
    throw Problem(place: FileName.shown(folder), reason: "has no name left for a journal")
  }

  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// A journal somebody left, opened and locked.
  struct Left {
    /// To be written on.
    let file: JournalFile
    /// What is in it.
    let text: JournalText
    /// When it was written last.
    let time: Date
  }

  /// Opens a journal that was left; nil when its inspector still runs, or when it is none.
  static func left(_ path: String) -> Left? {
    let descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), status.st_size <= limit,
      flock(descriptor, LOCK_EX | LOCK_NB) == 0,
      let bytes = InputFile.bytes(from: descriptor, size: Int(status.st_size))
    else {
      close(descriptor)
      return nil
    }
    let text = JournalText(bytes)
    let time = Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec))
    guard text.isJournal || bytes.isEmpty else {
      close(descriptor)
      return nil
    }
    return Left(file: JournalFile(descriptor, path, text, bytes), text: text, time: time)
  }
}
