import Foundation

/// Writing to standard output and standard error, where every write can fail.
enum Output {
  /// Writes a line to standard output.
  static func line(_ text: String) throws { try write(text + "\n") }

  /// Writes text to standard output.
  ///
  /// A reader that has gone away (`| head`) ends the program quietly; a full disk is an error.
  static func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// Writes text in UTF-8 to standard output.
  static func write(_ bytes: [UInt8]) throws {
    let problem = send(bytes, to: STDOUT_FILENO)
    switch problem {
    case 0: return
    case EPIPE: throw ReaderIsGone()
    default: throw OutputError(number: problem)
    }
  }

  /// Writes text to standard error; there is nobody to tell when that fails.
  static func complain(_ text: String) { _ = send(Array(text.utf8), to: STDERR_FILENO) }

  /// Makes sure that no file opened later takes the place of a closed standard stream, and that a write
  /// beyond the largest file allowed fails instead of ending the program.
  static func secureStreams() {
    signal(SIGXFSZ, SIG_IGN)
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
    }
  }

  /// Writes text to a new file or over an old one, whole or not at all.
  ///
  /// Only a new name or a regular file is written: a pipe or a device would be replaced.
  static func save(_ text: String, as path: String) throws {
    guard !path.isEmpty else { throw BadInput.noFileName }
    do throws(WholeFile.Problem) { try WholeFile(path).write(Array(text.utf8)) } catch {
      throw BadInput.file(path, .notWritten(error))
    }
  }

  /// Writes all bytes to a descriptor: the error number of the write that failed, or 0.
  static func send(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if count >= 0 {
          done += count
        } else if errno == EAGAIN {
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&wait, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }
}

/// Standard output cannot be written.
struct OutputError: Error {
  /// The system's number for why.
  var number: Int32

  /// The whole message.
  var words: String { "standard output: \(SystemError.words(number))" }
}

/// Nobody reads standard output any more.
struct ReaderIsGone: Error {
  /// What shells report for a program that SIGPIPE ended.
  static let status: Int32 = 128 + SIGPIPE
}
