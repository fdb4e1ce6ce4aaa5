import Foundation
import Text

/// Reading files the way every command does: whole errors, exit status 2.
enum InputFile {
  /// What kind of file a path names; nil when there is none.
  static func type(of path: String) -> FileAttributeType? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
  }

  /// Longest line that is read as one, bytes.
  static let lineLimit = 16 << 20

  /// What some editors put before UTF-8 text.
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// A file of UTF-8 text, without the mark some editors put before it.
  ///
  /// - Parameter onlyRegular: a pipe without a writer would be waited for for ever; refuse it.
  static func text(of path: String, limit: Int, onlyRegular: Bool = false) throws -> String {
    var bytes = try bytes(of: path, limit: limit, onlyRegular: onlyRegular)
    if bytes.starts(with: byteOrderMark) { bytes.removeFirst(byteOrderMark.count) }
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    let line = lineOfFirstError(bytes)
    throw BadInput.file(path, .notText(line: line))
  }

  /// The line, from 1, of the first byte that is no UTF-8.
  private static func lineOfFirstError(_ bytes: [UInt8]) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var line = 1
    while case .valid(let scalar) = parser.parseScalar(from: &rest) {
      if scalar.first == UInt8(ascii: "\n") { line += 1 }
    }
    return line
  }

  /// The bytes of a file, `-` for standard input.
  static func bytes(
    of path: String, limit: Int = 256 << 20, onlyRegular: Bool = false
  ) throws -> [UInt8] {
    if onlyRegular { try checkRegular(path) }
    var result: [UInt8] = []
    try chunks(of: path) { chunk in
      guard result.count + chunk.count <= limit else {
        throw BadInput.file(path, .tooLarge(limit))
      }
      result.append(contentsOf: chunk)
    }
    return result
  }

  /// Hands a file's bytes on in pieces, in constant memory.
  static func chunks(
    of path: String, size: Int = 1 << 20, _ body: (ArraySlice<UInt8>) throws -> Void
  ) throws {
    let descriptor = try path == "-" ? STDIN_FILENO : opened(path)
    defer { if path != "-" { close(descriptor) } }
    var buffer = [UInt8](repeating: 0, count: size)
    while true {
      let count = read(descriptor, &buffer, size)
      if count < 0 {
        guard errno != EINTR else { continue }
        throw unreadable(path, errno)
      }
      guard count > 0 else { return }
      try body(buffer[..<count])
    }
  }

  /// The first bytes of an open file; nil when it cannot be read.
  static func bytes(from descriptor: Int32, size: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: size)
    var done = 0
    while done < size {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + done }, size - done, off_t(done))
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      done += count
    }
    return Array(bytes.prefix(done))
  }

  /// Entries of a folder that are looked at; whoever names a whole disk is told so soon.
  static let mostInFolder = 10_000

  /// The regular files of a folder and of those in it, by name; hidden ones left out.
  static func files(in folder: String) throws -> [String] {
    let options: FileManager.DirectoryEnumerationOptions = [.skipsHiddenFiles]
    guard
      let found = FileManager.default.enumerator(
        at: URL(filePath: folder), includingPropertiesForKeys: nil, options: options)
    else { throw BadInput.file(folder, .unlistable(nil)) }
    var paths: [String] = []
    for (seen, entry) in found.enumerated() {
      guard seen < mostInFolder else {
        throw BadInput.file(folder, .tooMany(mostInFolder))
      }
      if let path = (entry as? URL)?.path, type(of: path) == .typeRegular { paths.append(path) }
    }
    guard !paths.isEmpty else {
      throw BadInput.file(folder, .emptyFolder)
    }
    return paths.sorted()
  }

  private static func checkRegular(_ path: String) throws {
    var status = stat()
    guard stat(FileName.bytes(path), &status) == 0 else { throw unreadable(path, errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw unreadable(path, EISDIR) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw BadInput.file(path, .notRegular)
    }
  }

  private static func opened(_ path: String) throws -> Int32 {
    let descriptor = open(FileName.bytes(path), O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    return descriptor
  }

  private static func unreadable(_ path: String, _ number: Int32) -> BadInput {
    switch number {
    case ENOENT: .file(path, .missing)
    case EISDIR: .file(path, .isFolder)
    default: .file(path, .unreadable(number))
    }
  }

  /// Hands a file's lines on, one at a time, without their line ends; a compressed file is unpacked.
  static func lines(of path: String, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
    var rest: [UInt8] = []
    var isFirst = true
    func line(_ bytes: ArraySlice<UInt8>) throws {
      let isMarked = isFirst && bytes.starts(with: byteOrderMark)
      try body(isMarked ? bytes.dropFirst(byteOrderMark.count) : bytes)
      isFirst = false
    }
    try PackedFile.chunks(of: path) { chunk in
      var chunk = chunk
      while let end = chunk.firstIndex(of: UInt8(ascii: "\n")) {
        if rest.isEmpty {
          try line(chunk[..<end])
        } else {
          try line((rest + chunk[..<end])[...])
          rest = []
        }
        chunk = chunk[(end + 1)...]
      }
      rest += chunk
      guard rest.count <= lineLimit else {
        throw BadInput.file(path, .longLine(lineLimit))
      }
    }
    if !rest.isEmpty { try line(rest[...]) }
  }
}
