import Foundation
import KernelLog

/// A report line and the fields it must give.
struct Sample: Decodable, Sendable {
  var line: String
  var era: String
  var direction: String?
  var object: String?
  var cache: String?
  var detail: String?
  var address: String?
  var offset: UInt64?
  var size: UInt64?
  var complete: Bool

  static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Data")

  /// The samples of a file: "reports" are lines kernels printed, "synthetic" ones are made from
  /// the formats of kernels no stored log shows.
  static func all(_ name: String) throws -> [Sample] {
    try Fixture.unpacked("\(name).jsonl.gz").split(separator: 0x0A).map {
      try JSONDecoder().decode(Sample.self, from: Data($0))
    }
  }

  /// Wordings by the words of the JSON, which are not to change.
  static let wordings: [String: Wording] = [
    "RFC v1": .rfcV1, "RFC v2": .rfcV2, "RFC v3": .rfcV3, "PaX": .pax, "4.8-4.15": .pointers,
    "4.16-5.15 whitelist WARN": .whitelistWarning, "4.16+": .offsets, "5.18+": .stackOffset,
    "5.19+": .mappings,
  ]

  /// The report expected, its place and context left empty.
  var report: Report {
    Report(
      wording: Self.wordings[era.replacing(" (truncated)", with: "")] ?? .rfcV1,
      isTruncated: era.hasSuffix(" (truncated)"), direction: direction.flatMap(CopyDirection.init),
      object: object, cache: cache,
      detail: detail, address: address, offset: offset, size: size, complete: complete, line: line)
  }
}

extension Report {
  /// The fields a sample records.
  var bare: Report {
    var bare = self
    bare.lineNumber = 1
    bare.byteOffset = 0
    bare.aftermath = Aftermath()
    bare.eraGuesses = []
    return bare
  }
}

func findings(_ bytes: [UInt8], pieces: Int = 1 << 16) -> [LogFinding] {
  var scanner = ReportScanner()
  var found: [LogFinding] = []
  for start in stride(from: 0, to: bytes.count, by: pieces) {
    found += scanner.scan(Array(bytes[start..<min(bytes.count, start + pieces)]))
  }
  return found + scanner.finish()
}

func scan(_ bytes: [UInt8], pieces: Int = 1 << 16) -> [Report] {
  findings(bytes, pieces: pieces).compactMap(\.report)
}

func neighbours(_ text: String) -> [Neighbour] {
  findings(Array(text.utf8)).compactMap(\.neighbour)
}

func scan(_ text: String, pieces: Int = 1 << 16) -> [Report] {
  scan(Array(text.utf8), pieces: pieces)
}

/// A small seeded generator (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
