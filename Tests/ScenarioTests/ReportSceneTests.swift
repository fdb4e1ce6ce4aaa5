import KernelHistory
import Foundation
import KernelLog
import Narration
import Scenario
import Simulation
import Support
import Testing
import Usercopy

/// Real report lines as scenarios: written, read again and played.
@Suite struct ReportSceneTests {
  static func reports(_ file: String) throws -> [Report] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "KernelLogTests/Data/\(file).jsonl.gz")
    let lines = try Packed.content(of: path).split(separator: 0x0A).map {
      try #require(
        (JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])?["line"] as? String)
    }
    return lines.flatMap { line in
      var scanner = ReportScanner()
      return (scanner.scan(Array(line.utf8)) + scanner.finish()).compactMap(\.report)
    }
  }

  /// Objects whose own bytes the line gives an offset into.
  private static func namesPlace(_ report: Report) -> Bool {
    guard let object = report.object else { return false }
    return ["SLUB object", "SLAB object", "page alloc"].contains(object)
      || object == "vmalloc" && report.detail == nil
  }

  /// The kernel only warned of copies that stayed inside the object, and let them pass.
  @Test(arguments: [(128, 2712), (64, 40), (0, 1), (4000, 4096)])
  func whitelistWarningsPassed(_ offset: Int, _ size: Int) throws {
    for way in ["overwrite attempt detected to", "exposure attempt detected from"] {
      var scanner = ReportScanner()
      let line =
        "Bad or missing usercopy whitelist? Kernel memory \(way) SLUB object 'some_cache' "
        + "(offset \(offset), size \(size))!\n"
      let report = try #require((scanner.scan(Array(line.utf8)) + scanner.finish()).first?.report)
      #expect(ReportWords.lines(report)[0].contains("with a warning"))
      let script = try #require(ReportScene.script(report))
      let last = try #require(Playback(script).steps.last)
      guard case .copy(let request) = last.script.action else { Issue.record("no copy"); return }
      for outcome in try last.before.comparison(request) {
        let isRefused = (Era.named(outcome.era)?.release ?? .of2011) >= KernelVersion(5, 16)
        // A private cache without a window does not carry PaX's flag either.
        let isFlagged = Era.named(outcome.era)?.family == .pax
        #expect((outcome.verdict == .allow) == !(isRefused || isFlagged), "\(outcome.era)")
        if outcome.era == script.era { #expect(outcome.usedUpWarning) }
      }
    }
  }

  @Test(arguments: ["reports", "wild", "synthetic"])
  func theCopyIsTheOneReported(_ file: String) throws {
    var rebuilt = 0
    for report in try Self.reports(file) where report.complete {
      guard let script = ReportScene.script(report) else { continue }
      rebuilt += 1
      let text = ScenarioWriter.text(script)
      let again = try ScenarioReader.read(text, file: "report.yaml", id: "report")
      #expect(difference(ScenarioWriter.text(again), text) == nil)
      let copies = try Playback(again).steps.flatMap(\.events).compactMap { event in
        if case .copied(let copy) = event { copy } else { nil }
      }
      let copy = try #require(copies.last, "\(report.line)")
      #expect(copies.count == 1)
      let outcome = copy.outcome
      #expect(
        outcome.verdict == .deny || !outcome.warnings.isEmpty || outcome.usedUpWarning,
        "\(report.line)")
      #expect(
        report.direction == nil
          || (outcome.attempt.direction == .toUser) == (report.direction == .toUser))
      guard Self.namesPlace(report), let offset = report.offset else { continue }
      #expect(outcome.attempt.length == report.size, "\(report.line)")
      #expect(copy.offset == Int64(clamping: offset) || offset > 1 << 20, "\(report.line)")
      if let cache = report.cache { #expect(again.caches.map(\.name) == [cache]) }
    }
    #expect(rebuilt > 20)
  }
}

/// Pictures of what is no slab object, and of other machines.
@Suite struct ReportPictureTests {
  static func script(_ lines: String) throws -> Script {
    var scanner = ReportScanner()
    let found = scanner.scan(Array(lines.utf8)) + scanner.finish()
    let report = try #require(found.first?.report)
    return try #require(ReportScene.script(report))
  }

  static func copy(_ script: Script) throws -> CopyOutcome {
    for case .copied(let report) in try #require(Playback(script).steps.last).events {
      return report.outcome
    }
    throw Missing()
  }

  struct Missing: Error {}

  /// The end of a wrapped copy is the address that was printed.
  @Test(arguments: [18_446_612_689_754_797_056, 4096, 1_720_107_193, 18_446_744_073_709_551_614])
  func aWrappedCopyEndsWhereTheLineSays(end: UInt64) throws {
    let script = try Self.script(
      "usercopy: Kernel memory exposure attempt detected from wrapped address (offset 0, size \(end))!\n"
    )
    let attempt = try Self.copy(script).attempt
    #expect(attempt.kernel &+ attempt.length == end && attempt.kernel > end)
    #expect(script.steps.last?.say.contains("where it starts is assumed") == true)
  }

  /// The kernel prints the pointer as the offset and the length as the size.
  @Test func aNullAddressHasItsLength() throws {
    let attempt = try Self.copy(
      Self.script(
        "usercopy: Kernel memory exposure attempt detected from null address (offset 16, size 280)!\n"
      )
    ).attempt
    #expect(attempt.kernel == 16 && attempt.length == 280)
  }

  @Test(arguments: [
    ("epc: ffffffe0003b5120 ra : ffffffe0003b5120", "of riscv; x86_64 is drawn"),
    ("pc : [<c02d33fc>]    lr : [<c02d33fc>]    psr: 60000013", "of arm; x86_32 is drawn"),
    ("no more", "does not tell its architecture; x86_64 is assumed"),
  ])
  func theMachineDrawnIsTold(line: String, words: String) throws {
    let script = try Self.script(
      "usercopy: Kernel memory exposure attempt detected from SLUB object 'kmalloc-64' "
        + "(offset 56, size 150)!\n\(line)\n")
    #expect(script.about.contains(words))
    #expect(script.configuration.architecture == (words.contains("x86_32") ? .x86_32 : .x86_64))
  }

  @Test func anAddressTellsTheSizeOfAWord() throws {
    let early = try Self.script(
      "usercopy: kernel memory exposure attempt detected from c01ff000 (<kernel text>) (4096 bytes)\n"
    )
    #expect(early.configuration.wordSize == .bits32)
    #expect(early.about.contains("32 bits, by its address; x86_32 is assumed"))
    let hashed = try Self.script(
      "usercopy: kernel memory exposure attempt detected from 0000000053b3152f (kmalloc-64) (65 bytes)\n"
    )
    #expect(hashed.configuration.wordSize == .bits64)
  }
}
