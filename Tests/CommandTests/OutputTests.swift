import Foundation
import Testing

/// What commands print, and what becomes of it when nobody takes it.
@Suite struct OutputTests {
  static let report =
    "[   12.345678] usercopy: Kernel memory exposure attempt detected from SLUB object "
    + "'kmalloc-64' (offset 56, size 150)!\n"

  @Test func playbacksAreJSON() throws {
    for trace in [[], ["--trace"]] {
      let outcome = try Program.start(
        Program.path, ["run", "past-the-end", "off-by-one", "--format", "json"] + trace, input: [],
        environment: [:])
      let played = try #require(outcome.json as? [[String: Any]])
      #expect(played.count == 2 && played[0]["held"] as? Bool == true)
      let steps = try #require(played[0]["steps"] as? [[String: Any]])
      #expect(steps.count == 7)
      let copies = try #require(steps[4]["copies"] as? [[String: Any]])
      #expect(copies.count == 1)
      let copy = try #require(copies.first)
      #expect(copy["verdict"] as? String == "deny" && copy["length"] as? Int == 150)
      #expect((copy["trace"] != nil) == !trace.isEmpty)
    }
  }

  @Test func lessonsAreJSONWithTheirKeys() throws {
    let lessons = try #require(
      try Program.run("lessons", "--format", "json").json as? [[String: Any]])
    for lesson in lessons {
      let keys = [
        "id", "number", "title", "about", "eras", "known", "chapter", "minutes", "steps",
        "exercises",
        "seen", "solved",
      ]
      #expect(Set(lesson.keys) == Set(keys))
      #expect((lesson["eras"] as? [String])?.isEmpty == false)
    }
  }

  @Test func reportsAreExplained() throws {
    let text = try Program.run("explain", input: Array(Self.report.utf8))
    #expect(text.status == 0 && text.text.contains("Report 1"))
    #expect(text.text.contains("8 of 150 bytes"))
    #expect(text.text.contains("The same copy in every era"))
    let json = try Program.run("explain", "-", "--format", "json", input: Array(Self.report.utf8))
    let reports = try #require((json.json as? [String: Any])?["reports"] as? [[String: Any]])
    let report = try #require(reports.first)
    #expect(reports.count == 1 && report["complete"] as? Bool == true)
    #expect(report["cache"] as? String == "kmalloc-64" && report["size"] as? Int == 150)
    #expect(report["offset"] as? Int == 56 && report["direction"] as? String == "to_user")
    let nothing = try Program.run("explain", "--format", "json", input: Array("no\n".utf8))
    #expect(((nothing.json as? [String: Any])?["reports"] as? [Any])?.isEmpty == true)
    #expect(try Program.run("explain").text == "No usercopy report found.\n")
  }

  @Test func compressedLogsAndFoldersAreRead() throws {
    let folder = try Folder()
    let log = try folder.write("log", Self.report)
    #expect(try Program.shell("gzip -k '\(log)'").status == 0)
    let packed = try Program.run("explain", log + ".gz")
    #expect(packed.status == 0 && packed.text.contains("8 of 150 bytes"))
    let both = try Program.run("explain", folder.path, "--format", "json")
    let reports = try #require((both.json as? [String: Any])?["reports"] as? [[String: Any]])
    let files = reports.compactMap { $0["file"] as? String }
    #expect(files.count == 2 && files[0].hasSuffix("/log") && files[1].hasSuffix("/log.gz"))
    let second = try Program.run("explain", folder.path, "--report", "2")
    #expect(second.text.hasPrefix("Report 2, ") && second.text.contains("log.gz"))
    let bytes = try Data(contentsOf: URL(filePath: log + ".gz"))
    let piped = try Program.run("explain", input: Array(bytes))
    #expect(piped.status == 0 && piped.text == packed.text)
  }

  @Test func reportsBecomeScenarios() throws {
    let folder = try Folder()
    let log = try folder.write("log", Self.report + "noise\n" + Self.report)
    let saved = folder.path("report.yaml")
    let outcome = try Program.run("explain", log, "--report", "2", "--save", saved)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let played = try Program.run("run", saved)
    #expect(played.status == 0 && played.text.contains("DENIED"))
    #expect(try Program.run("explain", log, "--report", "3", "--save", saved).status == 2)
    let lost = try Program.run("explain", log, "--save", folder.path("no/such/folder.yaml"))
    #expect(lost.status == 2 && lost.errors.contains("cannot be written"))
  }

  /// Keys may begin with the one for a shorter copy, which no option is.
  @Test func keysMayBeginWithADash() throws {
    let outcome = try Program.run("screen", "past-the-end", "--keys", "- n n", "--size", "80x24")
    #expect(outcome.status == 0 && outcome.text.contains("step 2/7"))
  }

  @Test(arguments: ["text", "ansi", "svg", "html"])
  func picturesInEveryFormat(_ format: String) throws {
    for size in ["80x24", "120x36", "250x80", "30x8", "3x2", "1x1"] {
      let outcome = try Program.run(
        "screen", "past-the-end", "--keys", "n n n n n", "--size", size, "--format", format)
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      let mark = ["text": "", "ansi": "\u{1B}[", "svg": "<svg", "html": "<"][format] ?? "?"
      #expect(mark.isEmpty || outcome.text.contains(mark), "\(size)")
      let isRoomy = size.count > 3
      #expect(outcome.text.contains("step 5/7") == isRoomy || format == "svg", "\(size)")
      if format == "text" {
        #expect(!outcome.bytes.contains(0x1B))
        let wide = Int(size.prefix { $0 != "x" }) ?? 0
        #expect(outcome.lines.allSatisfy { $0.count <= wide })
      }
      if format == "svg" {
        let reader = try Program.shell(
          "$COPYSCOPE screen 2 --size \(size) --format svg | head -c 65536")
        #expect(reader.text.hasPrefix("<"))
      }
    }
  }

  @Test func themesAreListedAndChecked() throws {
    let list = try Program.run("themes")
    #expect(list.status == 0)
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Program.root.appending(path: "themes").path)
    for file in files where file.hasSuffix(".yaml") {
      #expect(list.text.contains(file.dropLast(5) + ":"), "\(file)")
      let path = Program.root.appending(path: "themes/\(file)").path
      #expect(try Program.run("themes", path).status == 0, "\(file)")
    }
  }

  @Test(arguments: [
    "lessons", "run 1 2 3", "run 1 --format json", "screen 2", "themes", "--help", "--version",
    "explain $LOG", "explain $LOG --format json",
  ])
  func outputThatCannotBeWritten(_ arguments: String) throws {
    let folder = try Folder()
    let log = try folder.write("log", String(repeating: Self.report, count: 100))
    let more = ["LOG": log]
    let full = try Program.shell("$COPYSCOPE \(arguments) > /dev/full", environment: more)
    #expect(full.status == 2)
    #expect(full.errors == "copyscope: standard output: No space left on device\n")
    let gone = try Program.shell(
      "$COPYSCOPE \(arguments) | true; exit ${PIPESTATUS[0]}", environment: more)
    #expect([0, 1, 141].contains(gone.status) && gone.errors.isEmpty)
    let ignoring = try Program.shell(
      "trap '' PIPE; $COPYSCOPE \(arguments) | sleep 0.01; exit ${PIPESTATUS[0]}",
      environment: more)
    #expect([0, 1, 141].contains(ignoring.status) && ignoring.errors.isEmpty)
    let closed = try Program.shell("$COPYSCOPE \(arguments) >&-", environment: more)
    #expect([0, 1].contains(closed.status) && closed.errors.isEmpty)
    let silent = try Program.shell("$COPYSCOPE \(arguments) >/dev/full 2>/dev/full")
    #expect(silent.status == 2)
    let alone = try Program.shell("$COPYSCOPE run 1 <&- 2>&- && $COPYSCOPE run nothing 2>&-")
    #expect(alone.status == 2 && alone.text.contains("Step 1"))
  }

  @Test func closedStreamsAreNotWrittenOver() throws {
    let folder = try Folder()
    let log = try folder.write("log", Self.report)
    let saved = folder.path("saved.yaml")
    let outcome = try Program.shell("$COPYSCOPE explain \(log) --save \(saved) <&- >&- 2>&-")
    #expect(outcome.status == 0)
    #expect(try String(contentsOfFile: saved, encoding: .utf8).hasPrefix("title: "))
    #expect(try String(contentsOfFile: log, encoding: .utf8) == Self.report)
  }

  @Test func noTerminalIsSaidInWords() throws {
    let noInput = try Program.run("open", "2")
    #expect(noInput.status == 2 && noInput.text.isEmpty)
    #expect(noInput.errors.hasPrefix("copyscope: standard input is not a terminal"))
    let piped = try Program.shell("$COPYSCOPE open 2 < /dev/null | cat; exit ${PIPESTATUS[0]}")
    #expect(piped.status == 2 && piped.text.isEmpty)
  }
}
