import Foundation
import JSON
import KernelHistory
import KernelLog
import Narration
import Testing

@Suite struct AftermathTests {
  static let message =
    "usercopy: Kernel memory exposure attempt detected from SLUB object 'kmalloc-192' "
    + "(offset 82, size 499712)!"

  static let oops = """
    [ 1987.159822] \(message)
    [ 1987.170845] ------------[ cut here ]------------
    [ 1987.176086] kernel BUG at mm/usercopy.c:102!
    [ 1987.180946] invalid opcode: 0000 [#1] PREEMPT SMP NOPTI
    [ 1987.186866] CPU: 17 PID: 528 Comm: kworker/17:1 Not tainted
    6.8.0-rc2+ #5
    [ 1987.212338] RIP: 0010:usercopy_abort+0x72/0x90
    [ 1987.212339] Call Trace:
    [ 1987.212340]  <TASK>
    [ 1987.212341]  ? die+0x32/0x80
    [ 1987.212342]  __check_heap_object+0x10/0x20
    [ 1987.212343]  check_object mm/usercopy.c:250 [inline]
    [ 1987.212344]  [<ffffffff81234567>] vfs_read+0x12/0x34 fs/read_write.c:12
    [ 1987.212345]  entry_SYSCALL_64_after_hwframe
    [ 1987.212346] RIP: 0033:0x7f12
    [ 1987.212347]  late+0x1/0x2
    """

  @Test(arguments: ["", "> ", ">> > "])
  func readsTraceAssertionAndRelease(_ quoting: String) throws {
    let text = Self.oops.split(separator: "\n").map { quoting + $0 }.joined(separator: "\n")
    let report = try #require(scan(text).first)
    let aftermath = report.aftermath
    #expect(
      aftermath.frames == [
        TraceFrame("__check_heap_object", offset: 0x10, length: 0x20),
        TraceFrame("check_object", place: "mm/usercopy.c:250", isInline: true),
        TraceFrame("vfs_read", offset: 0x12, length: 0x34, place: "fs/read_write.c:12"),
        TraceFrame("entry_SYSCALL_64_after_hwframe"),
      ])
    #expect(aftermath.release == "6.8.0-rc2+" && aftermath.command == "kworker/17:1")
    #expect(aftermath.bugFile == "mm/usercopy.c" && aftermath.bugLine == 102)
    #expect(aftermath.pid == 528 && aftermath.cpu == 17 && aftermath.taint == "")
    #expect(aftermath.machine == .x86_64)
    #expect(report.eraGuesses.first?.id == "linux-6.8")
    #expect(report.eraGuesses.map(\.reason).contains(.bugLine(file: "mm/usercopy.c", line: 102)))
  }

  @Test func traceOfArm() throws {
    let text = """
      [    1.4] \(Self.message)
      [    1.4] Call trace:
      [    1.4] [<c010>] (usercopy_abort) from [<c020>] (__check_heap_object+0x18/0x1c)
      [    1.4]  __check_heap_object from __check_object_size+0x1/0x2
      """
    let report = try #require(scan(text).first)
    #expect(
      report.aftermath.callTrace
        == ["usercopy_abort", "__check_heap_object", "__check_object_size"])
  }

  @Test(
    arguments: [
      ("kernel BUG at mm/usercopy.c:75!", 75),
      ("kernel BUG at /build/linux-4.10/mm/usercopy.c:75", 75),
      ("| usercopy: BUG: failure at mm/usercopy.c:99/usercopy_abort()!", 99),
      ("WARNING: CPU: 0 PID: 3663 at mm/usercopy.c:81 usercopy_warn+0xdb/0x100", 81),
      ("RIP: 0010:usercopy_abort+0xb9/0xbb mm/usercopy.c:98", nil),
    ] as [(String, Int?)])
  func assertionLine(_ line: String, _ number: Int?) throws {
    let report = try #require(scan(Self.message + "\n" + line + "\n").first)
    #expect(report.aftermath.bugLine == number)
  }

  @Test func traceBelongsToTheReportBeforeIt() throws {
    let text = Self.message + "\n" + Self.oops
    let reports = scan(text)
    #expect(reports.map(\.aftermath.callTrace.isEmpty) == [true, false])
    #expect(reports.map(\.lineNumber) == [1, 2])
  }

  @Test func jsonHasStableKeysAndParses() throws {
    let report = try #require(scan("\u{1B}[0m" + Self.oops).first)
    let json = report.json.spacedText
    let keys = [
      "era", "direction", "object", "cache", "detail", "address", "offset", "size",
      "complete", "line", "line_number", "byte_offset", "eras", "bug_file", "bug_line",
      "release", "command", "call_trace", "basis", "copier", "frames", "pid", "cpu", "taint",
      "hardware", "architecture", "kernel", "object_size", "place", "causes",
    ]
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(Set(object.keys) == Set(keys))
    let places = keys.prefix(18).compactMap { json.range(of: "\"\($0)\": ")?.lowerBound }
    #expect(places == places.sorted() && places.count == 18)
    #expect(object["line"] as? String == report.line)
    #expect(!json.utf8.contains(0x1B))
  }

  @Test func jsonStringsSurviveAnything() throws {
    var random = Seeded(state: 3)
    for _ in 0..<200 {
      let text = String(
        String.UnicodeScalarView(
          (0..<20).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0..<0x3000, using: &random)) }
        ))
      let parsed = try JSONSerialization.jsonObject(
        with: Data(JSONText.quoted(text).utf8), options: .fragmentsAllowed)
      #expect((parsed as? String).map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }
  }

  @Test(
    arguments: [
      ("SLUB object", "kmalloc-64", "4.16", nil), ("SLUB object", "kmalloc-1024", "4.16", "4.19"),
      ("SLUB object", "kmalloc-1k", "4.20", nil), ("SLUB object", "kmalloc-cg-96", "5.14", nil),
      ("SLUB object", "kmalloc-rnd-03-8k", "6.6", nil), ("SLAB object", "filp", "4.16", "6.7"),
      ("SLAB object", "kmalloc-4k", "4.20", "6.7"), ("spans multiple pages", nil, "4.16", "5.18"),
      ("vmalloc", nil, "5.19", nil), ("SLUB object", "skbuff_small_head", "6.3", nil),
      ("SLUB object", "dma-kmalloc-512", "4.16", nil),
    ] as [(String, String?, String, String?)])
  func aFormatThatEndedSaysSo(
    _ object: String, _ cache: String?, _ first: String, _ last: String?
  ) throws {
    let name = cache.map { " '\($0)'" } ?? ""
    let line =
      "usercopy: Kernel memory exposure attempt detected from \(object)\(name) (offset 0, size 9)!"
    let guess = try #require(scan(line).first?.eraGuesses.last)
    #expect(
      guess.first?.description == first && guess.last?.description == last, "\(guess)")
  }

  @Test func theWhitelistWarningsOfShortNamesAreNewer() throws {
    let line =
      "Bad or missing usercopy whitelist? Kernel memory exposure attempt detected from "
    let old = try #require(scan(line + "SLUB object 'kmalloc-2048' (offset 0, size 1)!").first)
    #expect(old.eraGuesses.last?.last?.description == "4.19")
    let new = try #require(scan(line + "SLUB object 'kmalloc-2k' (offset 0, size 1)!").first)
    #expect(new.eraGuesses.last?.first == KernelVersion(4, 20))
    #expect(new.eraGuesses.last?.last == KernelVersion(5, 15))
  }

  /// A log that was made one line of JSON keeps its call trace.
  @Test func theTraceOfAnEscapedLogIsRead() throws {
    let text =
      #"{"report":"[ 1.0] usercopy: Kernel memory exposure attempt detected from null address (offset 0, size 4)!\n[ 1.1] kernel BUG at mm/usercopy.c:102!\n[ 1.2] CPU: 0 PID: 7 Comm: cat Not tainted 6.8.0 #1\n[ 1.3] Call Trace:\n[ 1.4]  <TASK>\n[ 1.5]  vfs_read+0x1\/0x2\n"}"#
    let report = try #require(scan(text).first)
    #expect(report.aftermath.bugLine == 102 && report.aftermath.release == "6.8.0")
    #expect(report.aftermath.callTrace == ["vfs_read"])
  }

  /// The kernels a line of the assertion speaks for.
  @Test(arguments: [
    (75, ["4.8-4.10"]), (98, ["5.2-5.3"]), (99, ["5.4-5.16"]),
    (100, ["4.16-4.16", "4.17-4.18", "5.17-5.18"]),
    (101, ["5.19-6.1"]), (102, ["4.19-5.1", "6.2-"]), (7, []),
  ])
  func theLineTellsTheReleases(line: Int, spans: [String]) throws {
    let text = Self.message + "\nkernel BUG at mm/usercopy.c:\(line)!\n"
    let guesses = try #require(scan(text).first?.eraGuesses)
    let told = guesses.compactMap { guess -> String? in
      guard case .bugLine = guess.reason, let first = guess.first else { return nil }
      return "\(first)-\(guess.last?.description ?? "")"
    }
    #expect(told == spans)
  }

  /// The reader and the judge have one table.
  @Test func everyLineKnownTellsItsRelease() throws {
    for row in AssertionLine.all {
      let text = Self.message + "\nkernel BUG at \(row.text)!\n"
      let guesses = try #require(scan(text).first?.eraGuesses)
      let reason = EraReason.bugLine(file: row.file.rawValue, line: row.line)
      let told = guesses.filter { $0.reason == reason }
      switch row.origin {
      case .mainline(let first, let last):
        #expect(told.contains { $0.first == first && $0.last == last }, "\(row.text)")
      case .others(let first, let last):
        #expect(told.contains { $0.first == first && $0.last == last }, "\(row.text)")
      case .patch(let era): #expect(told.contains { $0.id == era }, "\(row.text)")
      }
    }
  }

  /// Every word a check can print for what a copy touched is read back.
  @Test(arguments: ReportedObject.allCases)
  func everyObjectIsRead(object: ReportedObject) throws {
    let quoted = object.namesCache ? " 'filp'" : ""
    let line =
      "usercopy: Kernel memory exposure attempt detected from \(object.rawValue)\(quoted) "
      + "(offset 0, size 9)!"
    let report = try #require(scan(line).first)
    #expect(report.known == object && report.complete)
    #expect(report.cache == (object.namesCache ? "filp" : nil))
    let cut = try #require(scan("[    1.0] " + String(line.prefix(line.count - 20))).first)
    #expect(cut.isTruncated && cut.known == object)
    let early =
      "usercopy: kernel memory exposure attempt detected from ffff880012345678 "
      + "(<\(object.earlyWord)>) (9 bytes)"
    #expect(scan(early).first?.object == object.earlyWord)
  }
}
