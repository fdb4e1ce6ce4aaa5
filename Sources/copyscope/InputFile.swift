import ArgumentParser
import Foundation

/// Reading files the way every command does: whole errors, exit status 2.
enum InputFile {
  /// The bytes of a file, `-` for standard input.
  static func bytes(of path: String, limit: Int = 256 << 20) throws -> [UInt8] {
    var result: [UInt8] = []
    try chunks(of: path) { chunk in
      result.append(contentsOf: chunk)
      guard result.count <= limit else {
        throw BadInput(
          "\(path): larger than \(limit >> 20) MiB; that is too large for this command")
      }
    }
    return result
  }

  /// Hands a file's bytes on in pieces, in constant memory.
  static func chunks(of path: String, size: Int = 1 << 20, _ body: ([UInt8]) throws -> Void) throws
  {
    let handle: FileHandle
    if path == "-" {
      handle = .standardInput
    } else {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw BadInput("\(path): no such file")
      }
      guard !isFolder.boolValue else { throw BadInput("\(path): a folder; name a file in it") }
      guard let opened = FileHandle(forReadingAtPath: path) else {
        throw BadInput("\(path): cannot be read; check its permissions")
      }
      handle = opened
    }
    while true {
      let data: Data?
      do { data = try handle.read(upToCount: size) } catch {
        throw BadInput("\(path): reading failed: \(error.localizedDescription)")
      }
      guard let data, !data.isEmpty else { return }
      try body([UInt8](data))
    }
  }

  /// Hands a file's lines on, one at a time, without their line ends.
  static func lines(of path: String, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
    var rest: [UInt8] = []
    try chunks(of: path) { chunk in
      rest.append(contentsOf: chunk)
      var start = rest.startIndex
      while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
        try body(rest[start..<end])
        start = end + 1
      }
      rest.removeSubrange(..<start)
    }
    if !rest.isEmpty { try body(rest[...]) }
  }
}

/// Input that cannot be used: what, where, and what to do. Exit status 2.
struct BadInput: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
