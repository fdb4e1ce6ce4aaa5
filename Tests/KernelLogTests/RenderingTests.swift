import KernelLog
import Testing

/// A report says the same in whatever dress it comes.
@Suite struct RenderingTests {
  /// Complete reports that stand on one line, as the kernel printed them.
  static func lines() throws -> [Sample] {
    try (Sample.all("reports") + Sample.all("synthetic") + Sample.all("wild")).filter {
      $0.complete && !$0.line.utf8.contains { $0 == 0x0A || $0 == 0x3D || $0 == 0x2A }
        && !$0.line.contains("off set")
    }
  }

  @Test(arguments: Rendering.allCases, 0..<2 as Range<UInt64>)
  func theFieldsComeOutTheSame(_ rendering: Rendering, seed: UInt64) throws {
    var random = Seeded(state: seed &+ 99)
    let samples = try Self.lines()
    #expect(samples.count > 80)
    for sample in samples {
      // RFC v2 ends in a number, which whatever is put behind it may continue.
      if sample.era == "RFC v2", rendering != .asIs, rendering != .prefixed { continue }
      // Markup torn by a line end is no markup any more.
      if sample.line.contains("&"), rendering == .wrapped || rendering == .quoted { continue }
      let bytes = rendering.bytes(sample.line, using: &random)
      Self.check(bytes, sample, "\(rendering)")
    }
  }

  /// Real lines with what stood around them.
  @Test func linesFromTheWild() throws {
    for sample in try Sample.all("wild") {
      Self.check(Array(sample.line.utf8), sample, "wild")
      Self.check(Array("before\n\(sample.line)\nafter\n".utf8), sample, "wild")
    }
  }

  private static func check(_ bytes: [UInt8], _ sample: Sample, _ how: String) {
    let isRight = scan(bytes, pieces: 997).map(fields) == [fields(sample.report)]
    guard !isRight else { return }
    let found = scan(bytes).map { "\($0.era) \($0.object ?? "-") \($0.cache ?? "-")" }
    Issue.record("\(how) \(String(decoding: bytes, as: UTF8.self).debugDescription) \(found)")
  }

  private static func fields(_ report: Report) -> Report {
    var bare = report.bare
    bare.line = ""
    return bare
  }

  /// Two at a time, a character set last.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func twoAtOnce(seed: UInt64) throws {
    var random = Seeded(state: seed &+ 1)
    let inner: [Rendering] = [.prefixed, .coloured, .smartQuotes, .noBreakSpaces]
    let outer: [Rendering] = [
      .entities, .entitiesTwice, .json, .quotedPrintable, .wrapped, .flowed, .quoted,
      .utf16LittleEndian, .utf16BigEndian, .carriageReturns, .markup,
    ]
    for sample in try Self.lines() where sample.era != "RFC v2" && !sample.line.contains("&") {
      let first = inner.randomElement(using: &random) ?? .asIs
      var second = outer.randomElement(using: &random) ?? .asIs
      // A line end within an escape sequence leaves something else.
      if first == .coloured, [.wrapped, .quoted].contains(second) { second = .json }
      let once = String(decoding: first.bytes(sample.line, using: &random), as: UTF8.self)
      let bytes = second.bytes(once, using: &random)
      Self.check(bytes, sample, "\(first) \(second)")
    }
  }

  /// A whole line of another CPU between two pieces of a report: cut, or whole and right.
  @Test(arguments: [
    "[   13.000001][  T2] audit: type=1400", "<4>[   13.000001] a: 17, size 4)!",
    "------------[ cut here ]------------",
  ])
  func anotherProcessorInBetween(_ other: String) throws {
    for sample in try Self.lines() where sample.era != "RFC v2" {
      let bytes = Array(sample.line.utf8)
      for cut in bytes.indices.dropFirst() {
        let text = bytes[..<cut] + Array("\n\(other)\n".utf8) + bytes[cut...]
        for report in scan(Array(text)) where report.complete {
          #expect(
            report.size == sample.size && report.offset == sample.offset
              && report.address == sample.address,
            "\(String(decoding: text, as: UTF8.self))")
        }
      }
    }
  }
}
