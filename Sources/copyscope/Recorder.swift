import Foundation
import Grid
import Theme

/// A recording that is written as it goes: what was shown until then is in the file, however the program ends.
struct Recorder {
  private var cast: Cast
  private let path: String
  private let descriptor: Int32
  private let start = Date()
  /// Why writing ended before its time; nil while it goes on.
  private(set) var problem: BadInput?

  /// Opens a new file; one that holds something is not written over.
  init(to path: String) throws {
    guard !path.isEmpty else {
      throw BadInput("--record: the file to write has no name; give it one")
    }
    let name = FileName.shown(path)
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK
    let descriptor = open(FileName.bytes(path), flags, 0o666)
    guard descriptor >= 0 else {
      throw BadInput("\(name): cannot be written: \(SystemError.words(errno))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw BadInput("\(name): is no regular file; choose another name")
    }
    guard status.st_size == 0 else {
      close(descriptor)
      throw BadInput("\(name): is there already; take it away or choose another name")
    }
    self.path = path
    self.descriptor = descriptor
    cast = Cast(width: 80, height: 24, title: "copyscope")
  }

  /// Begins on a screen of that size.
  mutating func begin(width: Int, height: Int) {
    cast = Cast(width: width, height: height, title: "copyscope")
    write(cast.taken())
  }

  /// Adds what is shown now; words when it is the first that cannot be written.
  mutating func add(_ grid: Grid, theme: Theme) -> String? {
    guard problem == nil else { return nil }
    cast.add(grid, theme: theme, at: -start.timeIntervalSinceNow)
    write(cast.taken())
    return problem.map { "the recording ends here: \($0.description)" }
  }

  private mutating func write(_ text: String) {
    guard !text.isEmpty else { return }
    var status = stat()
    let size = fstat(descriptor, &status) == 0 ? status.st_size : 0
    let number = Output.send(Array(text.utf8), to: descriptor)
    guard number != 0 else { return }
    ftruncate(descriptor, size)
    problem = BadInput("\(FileName.shown(path)): cannot be written: \(SystemError.words(number))")
  }

  /// Ends it; why it is not whole.
  func finish() throws {
    close(descriptor)
    if let problem { throw problem }
  }
}
