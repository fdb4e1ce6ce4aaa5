import Foundation

/// Text kept in a file beside the tests. With RECORD=1 in the environment files are written.
public struct Golden: Sendable {
  private let folder: URL

  /// Files in `folder` beside the source file `file`.
  public init(_ folder: String = "Goldens", beside file: String = #filePath) {
    self.folder = URL(fileURLWithPath: file).deletingLastPathComponent()
      .appendingPathComponent(folder)
  }

  public static var isRecording: Bool { ProcessInfo.processInfo.environment["RECORD"] == "1" }

  /// Where to draw pictures to look at, PICTURES in the environment.
  public static var pictures: String? { ProcessInfo.processInfo.environment["PICTURES"] }

  /// Keeps a picture to be looked at.
  public static func draw(_ svg: String, named name: String) throws {
    guard let pictures else { return }
    try FileManager.default.createDirectory(
      atPath: pictures, withIntermediateDirectories: true)
    try Data(svg.utf8).write(to: URL(fileURLWithPath: "\(pictures)/\(name).svg"))
  }

  /// What differs from the file of that name, nil when nothing does.
  public func difference(_ text: String, named name: String) throws -> String? {
    let file = folder.appendingPathComponent(name + ".txt")
    if Self.isRecording {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return nil
    }
    guard let data = try? Data(contentsOf: file) else {
      return "\(name).txt is not there; record it with RECORD=1 and look at it"
    }
    let kept = String(decoding: data, as: UTF8.self)
    guard kept != text else { return nil }
    let (old, new) = (lines(kept), lines(text))
    for index in 0..<max(old.count, new.count) {
      let before = index < old.count ? old[index] : "(none)"
      let after = index < new.count ? new[index] : "(none)"
      if before != after { return "\(name).txt:\(index + 1)\n  kept: \(before)\n  now:  \(after)" }
    }
    return "\(name).txt differs"
  }

  /// The files there are, without their ending.
  public func names() -> Set<String> {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return Set(files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) })
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
