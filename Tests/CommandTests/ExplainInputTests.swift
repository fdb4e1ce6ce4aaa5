import Foundation
import Testing

/// Logs as they lie about: compressed, broken, in folders, and still being written.
@Suite struct ExplainInputTests {
  static let report =
    "usercopy: Kernel memory exposure attempt detected from SLUB object 'kmalloc-64' (offset 56, size 150)!\n"

  private static func pack(_ folder: Folder, _ name: String, _ tool: String) throws -> String {
    let log = folder.path("log")
    let packed = folder.path(name)
    let run = try Program.shell("\(tool) -c < '\(log)' > '\(packed)'")
    try #require(run.status == 0)
    return packed
  }

  @Test(arguments: ["gzip", "xz", "zstd", "bzip2"])
  func compressedLogsAreRead(tool: String) throws {
    guard try Program.shell("command -v \(tool)").status == 0 else { return }
    let folder = try Folder()
    try folder.write("log", Self.report)
    let packed = try Self.pack(folder, "packed", tool)
    let named = try Program.run("explain", packed)
    #expect(named.status == 0 && named.text.hasPrefix("Report 1"), "\(named.errors)")
    // A pipe whose first piece is a single byte.
    let piped = try Program.shell(
      "(head -c 1 '\(packed)'; sleep 0.2; tail -c +2 '\(packed)') | $COPYSCOPE explain")
    #expect(piped.status == 0 && piped.text == named.text, "\(piped.errors)")
    let none = try Program.run("explain", packed, environment: ["PATH": folder.path])
    #expect(none.status == 2 && none.errors.contains("there is no \(tool) here"))
    #expect(none.errors.contains("\(tool) -dc"))
  }

  /// What a log cannot give is refused with the log's name.
  @Test func refusalsNameTheirLog() throws {
    let folder = try Folder()
    let cut =
      "usercopy: Kernel memory exposure attempt detected from SLUB object 'kmalloc-64' (offset 5"
    let log = try folder.write("log", Self.report + cut + "\n")
    for (words, reason) in [
      (["--report", "2", "--save", folder.path("x.yaml")], "report 2 is cut off"),
      (["--report", "3", "--open"], "holds 2 reports; --report takes 1 to 2"),
    ] {
      let refused = try Program.start(
        Program.path, ["explain", log] + words, input: [], environment: [:])
      #expect(
        refused.status == 2 && refused.errors.hasPrefix("copyscope: \(log): \(reason)"),
        "\(refused.errors)")
    }
  }

  /// What was read before the tool failed is told, the JSON is whole, and the tool's words are passed on.
  @Test func whatATornFileGaveIsTold() throws {
    let folder = try Folder()
    let noise = (0..<40_000).map { "[    1.\($0 * 7919 % 99991)] line \($0 &* 2654435761)\n" }
      .joined()
    try folder.write("log", Self.report + noise)
    let packed = try Self.pack(folder, "whole.gz", "gzip")
    let bytes = try Data(contentsOf: URL(filePath: packed))
    let torn = try folder.write("torn.gz", Array(bytes.prefix(bytes.count / 2)))
    let text = try Program.run("explain", torn)
    #expect(text.status == 2 && text.text.hasPrefix("Report 1"))
    #expect(text.errors.contains("gzip could not unpack all of it (gzip: "))
    let json = try Program.run("explain", torn, "--format", "json")
    #expect(json.status == 2)
    #expect(((json.json as? [String: Any])?["reports"] as? [Any])?.count == 1)
  }

  @Test(
    arguments: [
      ("x.zip", [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0], "unzip -p"),
      ("x.lz4", [4, 0x22, 0x4D, 0x18, 0x64, 0x40, 0xA7, 0, 0, 0], "lz4 -dc"),
    ] as [(String, [UInt8], String)])
  func otherFormsAreNamed(name: String, bytes: [UInt8], command: String) throws {
    let folder = try Folder()
    let file = try folder.write(name, bytes)
    for reader in ["explain", "capture"] {
      let run = try Program.run(reader, file)
      #expect(run.status == 2 && run.errors.contains("unpack it first, with '\(command)'"))
    }
  }

  @Test func aLineThatBeginsLikeBzip2IsALine() throws {
    for start in ["BZh", "BZh9 and more words\n", "BZ"] {
      let run = try Program.run("explain", input: Array((start + Self.report).utf8))
      #expect(run.status == 0 && run.text.hasPrefix("Report 1"), "\(run.errors)")
    }
  }

  @Test func oneBadFileStopsNoFolder() throws {
    let folder = try Folder()
    try folder.write("logs/a.log", Self.report)
    try folder.write("logs/b.gz", [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as [UInt8])
    try folder.write("logs/c.log", Self.report)
    let run = try Program.run("explain", folder.path("logs"), "--format", "json")
    #expect(run.status == 2)
    #expect(((run.json as? [String: Any])?["reports"] as? [Any])?.count == 2)
    #expect(run.errors.contains("b.gz") && run.errors.contains("1 of 3 files"))
  }

  @Test func compressedCapturesAreRead() throws {
    let folder = try Folder()
    let file = ExpectedCaseTests.path("usbpcap.pcapng")
    let packed = folder.path("x.pcapng.gz")
    #expect(try Program.shell("gzip -c '\(file)' > '\(packed)'").status == 0)
    let plain = try Program.run("capture", file)
    let run = try Program.run("capture", packed)
    #expect(run.status == 0 && run.text == plain.text)
  }

  /// A report's cache and offset put on the recorded pages of that cache.
  @Test func aReportIsPutOnRealPages() throws {
    let pages = Program.root.appending(path: "Tests/KernelPagesTests/Data/stock-part.json.xz").path
    let run = try Program.shell(
      """
      xz -dc '\(pages)' > pages.json
      echo "usercopy: Kernel memory exposure attempt detected from SLUB object 'skbuff_head_cache' \
      (offset 40, size 49)!" | $COPYSCOPE explain --kernel pages.json -
      """)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains("skbuff_head_cache, object 232, stride 256, 16 in a slab of order 0"))
    #expect(run.text.contains("bytes 40 to 87 may be copied"))
    #expect(run.text.contains("it starts in cb of struct sk_buff"))
    #expect(run.text.contains("slab 0xffff88bddfedb000: 9 of 16 in use"))
    // What the file tells is not concluded from tables.
    #expect(!run.text.contains("public tables"))
    #expect(run.text.contains("48 of the copy's 49 bytes are among them"))
    #expect(run.text.contains("below it: slot") && run.text.contains("above it: slot"))
    #expect(run.text.contains("linux-4.8 allow, linux-4.16 BUG"))
  }

  /// A verdict that hangs on what nothing tells says so in text, in JSON and on the screen; others do not.
  @Test func aVerdictThatHangsOnSomethingSaysSo() throws {
    let pages = Program.root.appending(path: "Tests/KernelPagesTests/Data/stock-part.json.xz").path
    let run = try Program.shell(
      """
      $COPYSCOPE kernel '\(pages)' --cache kmalloc-64 --save page.yaml
      sed -i 's/^kernel: { /kernel: { assumed: [hardened-usercopy], /' page.yaml
      $COPYSCOPE run page.yaml; $COPYSCOPE run --format json page.yaml
      $COPYSCOPE screen page.yaml --size 120x36 --keys 'n n n'
      $COPYSCOPE screen page.yaml --size 80x24 --keys 'n n n'
      echo the first; $COPYSCOPE screen page.yaml --size 120x36 --keys 'n n'
      """)
    let parts = run.text.components(separatedBy: "the first")
    #expect(run.status == 0, "\(run.errors)")
    let words = "not known: whether the kernel checks copies; the verdict is as if it did"
    #expect(parts[0].contains("\n    \(words)"))
    #expect(parts[0].contains("\"not_told\":[\"\(words)\"]"))
    #expect(parts[0].contains("· ? hangs on what is not known: whether copies are checked"))
    #expect(parts[0].contains("? not known: whether the kernel checks copies"))
    #expect(!parts[1].contains("not known"))
  }

  /// A report is told while the log is still open, and again when more comes.
  @Test func aLogIsFollowed() throws {
    let folder = try Folder()
    let line = Self.report.trimmingCharacters(in: .newlines)
    let out = folder.path("out")
    let run = try Program.shell(
      """
      (echo "\(line)"; echo "Call Trace:"; echo " f+0x1/0x2 [m]"; \
      for i in $(seq 100); do grep -q 'Report 1' '\(out)' && break; sleep 0.1; done; \
      grep -c 'Report 1' '\(out)' > '\(out).seen'; echo "Buffer overflow detected (8 < 192)!") \
      | $COPYSCOPE explain --follow > '\(out)'
      """)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try String(contentsOfFile: out + ".seen", encoding: .utf8) == "1\n")
    let text = try String(contentsOfFile: out, encoding: .utf8)
    #expect(text.contains("The copy is in f+0x1, module m") && text.contains("Neighbour 1"))
    let lines = try Program.shell(
      "echo \"\(line)\" | $COPYSCOPE explain --follow --format json")
    let first = try #require(lines.lines.first)
    let object = try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any]
    #expect((object?["report"] as? [String: Any])?["size"] as? Int == 150)
    #expect(try Program.run("explain", "--follow", "--open").status == 2)
  }

  /// A file that grows is followed until the program is ended.
  @Test func aGrowingFileIsFollowed() throws {
    let folder = try Folder()
    let log = try folder.write("log", Self.report)
    let out = folder.path("out")
    let run = try Program.shell(
      """
      $COPYSCOPE explain --follow '\(log)' > '\(out)' & child=$!
      for n in 1 2; do
        for i in $(seq 100); do grep -q "Report $n" '\(out)' && break; sleep 0.1; done
        cat '\(log)' >> '\(log).more'; cat '\(log).more' >> '\(log)'; : > '\(log).more'
      done
      kill $child; wait $child; grep -c 'Report' '\(out)'
      """)
    #expect(Int(run.text.trimmingCharacters(in: .newlines)) ?? 0 >= 2, "\(run.text)")
  }
}
