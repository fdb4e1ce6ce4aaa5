import KernelLog
import Support
import Testing

@Suite struct ReportScannerTests {
  @Test(arguments: ["reports", "synthetic"])
  func everySampleAlone(_ file: String) throws {
    let samples = try Sample.all(file)
    #expect(!samples.isEmpty)
    for sample in samples {
      #expect(scan(sample.line + "\n").map(\.bare) == [sample.report])
      #expect(scan(sample.line).map(\.bare) == [sample.report])
    }
  }

  static let noise = [
    "[   12.345678] usb 1-1: new high-speed USB device number 2 using xhci_hcd",
    "Nov 14 14:37:31 host kernel: an attempt to allocate kernel memory over the limit",
    "------------[ cut here ]------------", "detected from the compiler: gcc", "> > (offset 3)",
    "usercopy: ", "kernel memory", "attempt detected", "slab_access_ok failed",
  ]

  @Test(arguments: 0..<4 as Range<UInt64>)
  func shuffledIntoOtherText(seed: UInt64) throws {
    var random = Seeded(state: seed)
    let samples = try (Sample.all("reports") + Sample.all("synthetic")).shuffled(using: &random)
    var text = ""
    for sample in samples {
      for _ in 0..<Int.random(in: 1..<12, using: &random) {
        text += (Self.noise.randomElement(using: &random) ?? "") + "\n"
      }
      text += sample.line + "\n"
    }
    let reports = scan(text)
    #expect(difference(reports.map(\.bare), samples.map(\.report)) == nil)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for report in reports {
      #expect(report.line.hasPrefix(lines[report.lineNumber - 1]))
      #expect(Array(text.utf8)[report.byteOffset...].starts(with: report.line.utf8))
    }
  }

  @Test func piecesMakeNoDifference() throws {
    let samples = try Sample.all("reports") + Sample.all("synthetic")
    let trace = [
      "------------[ cut here ]------------", "kernel BUG at mm/usercopy.c:99!",
      "CPU: 0 PID: 1 Comm: init Not tainted 5.10.0 #1", "Call Trace:", " f+0x1/0x2", "RIP: 0033:",
    ].joined(separator: "\n")
    let text = samples.map { $0.line + "\n" + trace + "\n" }.joined()
    let whole = scan(text)
    #expect(whole.count == samples.count)
    for size in [1, 7, 64, 4095, 10_007] {
      #expect(difference(scan(text, pieces: size), whole) == nil)
    }
  }

  @Test(arguments: [
    #"  pr_emerg("Kernel memory %s attempt detected %s %s%s%s%s (offset %lu, size %lu)!\n","#,
    #"  printk(KERN_ERR "slab_access_ok failed (addr %p, len %lu)\n", ptr, len);"#,
    #"  "PAX: kernel memory %s attempt detected %s %p (%s) (%lu bytes)\n""#,
    "The log says usercopy: Kernel memory exposure attempt detected and the task dies.",
    "Subject: usercopy: Kernel memory exposure attempt detected",
    "usercopy: Kernel memory exposure attempt detected\nwhen the device is opened",
    "the words \"usercopy: Kernel memory overwrite attempt detected\" stand in the log",
    "usercopy: Kernel memory exposure attempt detected from SLUB object is what it says",
    "stack_access_ok failed for some reason", "BUG: bad usercopy in read_rio",
    "Kernel memory exposure attempt detected", "kernel memory leak attempt detected from",
  ])
  func nothingElseIsReported(_ text: String) {
    #expect(scan(text + "\n") == [])
  }

  /// A prefix of a complete report is found as incomplete or not at all. (RFC v2 ends in a number:
  /// a cut there leaves no trace.)
  @Test func everyCutOfALine() throws {
    for sample in try Sample.all("reports") + Sample.all("synthetic")
    where sample.complete && sample.era != "RFC v2" {
      let bytes = Array(sample.line.utf8)
      for length in 0..<bytes.count {
        let found = scan(Array(bytes[..<length]) + Array("\n[   13.2] next\n".utf8))
        #expect(found.count <= 1)
        guard let report = found.first else { continue }
        if report.complete {
          #expect(report.size == sample.size && report.offset == sample.offset)
        } else {
          #expect(report.isTruncated && report.era.hasSuffix(" (truncated)"))
          #expect(report.cache == nil || report.cache == sample.cache)
          #expect(report.offset == nil || report.offset == sample.offset)
        }
      }
    }
  }

  @Test func overflowingNumberIsIncomplete() throws {
    let report = try #require(
      scan(
        "usercopy: Kernel memory exposure attempt detected from SLUB object 'a' "
          + "(offset 1, size 18446744073709551616)!\n"
      ).first)
    #expect(!report.complete)
    #expect(report.size == nil)
    #expect(report.offset == 1)
  }

  /// A line break at any place must not hide a report.
  @Test func anyWrapIsUndone() throws {
    let line =
      "usercopy: Kernel memory exposure attempt detected from SLUB object 'kmalloc-96' (offset 8, size 104)!"
    let whole = try #require(scan(line).first)
    for index in line.indices.dropFirst() {
      let head = line[..<index]
      let tail = line[index...]
      for joint in ["=\n", "=\r\n", "\n", "\n> ", "\r\n>> "] {
        var report = try #require(scan(head + joint + tail).first, "\(head)|\(tail)")
        report.line = line
        #expect(difference(report, whole) == nil, "\(head)|\(tail)")
      }
    }
    for blank in line.indices where line[blank] == " " {
      for joint in ["\n", " \n", "\r\n", "\n> > ", "\n&gt; ", "=20\n>> ", "&nbsp;", "\u{A0}"] {
        let text = line[..<blank] + joint + line[line.index(after: blank)...]
        var report = try #require(scan(String(text)).first, "\(text)")
        report.line = line
        #expect(difference(report, whole) == nil, "\(text)")
      }
    }
  }

  @Test func randomBytesAreSurvived() {
    var random = Seeded(state: 7)
    let seeds = [
      "usercopy: Kernel memory exposure attempt detected from SLUB object 'a' (offset 1, size 2)!",
      "slab_access_ok failed (addr ffff88003fd2c038, len 150)", "=C2=A0&#39;\\u0027\u{1B}[0m\n>",
    ].map { Array($0.utf8) }
    let filler = [UInt8](repeating: UInt8(ascii: "x"), count: 5000)
    for round in 0..<40 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 1..<200, using: &random) {
        if round % 2 == 1, Bool.random(using: &random) {
          bytes += filler.prefix(Int.random(in: 0..<5000, using: &random)) + [0x0A]
        }
        var part = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 0..<4, using: &random) {
          part[Int.random(in: 0..<part.count, using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
        bytes += part.prefix(Int.random(in: 0...part.count, using: &random))
      }
      let whole = scan(bytes, pieces: bytes.count + 1)
      #expect(difference(scan(bytes, pieces: 977), whole) == nil)
      #expect(
        difference(scan(bytes, pieces: Int.random(in: 1...bytes.count, using: &random)), whole)
          == nil)
    }
  }
}
