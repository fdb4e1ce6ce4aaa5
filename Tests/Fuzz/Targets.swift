import Conformance
import Grid
import Inspector
import JSON
import Journal
import KernelLog
import Narration
import RawGadget
import Scenario
import Simulation
import Text
import Theme
import USB
import Usercopy

/// What is fuzzed, by name: each takes any bytes, must not trap, and holds the laws it names.
enum Targets {
  static let all: [String: @Sendable ([UInt8]) -> Void] = [
    "scenario": scenario, "theme": theme, "keymap": keymap, "log": log, "capture": capture,
    "vectors": vectors, "slabs": slabs, "follow": follow, "calls": calls, "line": line,
    "descriptors": descriptors, "journal": journal, "json": json, "text": text,
  ]

  private static func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// What is read is played and drawn; what is written is read again and is the same.
  @Sendable private static func scenario(_ bytes: [UInt8]) {
    guard let script = try? ScenarioReader.read(string(bytes), file: "fuzz", id: "fuzz") else {
      return
    }
    let written = ScenarioWriter.text(script)
    do throws(Diagnostic) {
      let again = try ScenarioReader.parse(written, file: "again", id: "fuzz", isOwn: true)
      hold(again.steps.map(\.action) == script.steps.map(\.action), "steps after writing")
      hold(ScenarioWriter.text(again) == written, "text after writing")
    } catch { hold(false, "what was written is refused: \(error.description)") }
    _ = try? Playback(script)
    var model = Model(lessons: [], width: 100, height: 30)
    model.open(script)
    for code in [Key.Code.end, .home] {
      _ = model.update(.key(Key(code)))
      _ = view(model)
    }
  }

  @Sendable private static func theme(_ bytes: [UInt8]) {
    guard let theme = try? Theme(yaml: string(bytes), file: "fuzz") else { return }
    _ = ThemeReport(theme)
    var grid = Grid(width: 10, height: 2)
    grid.put("a\u{1B}b", x: 0, y: 0, role: .accent)
    let picture = Picture(grid, theme: theme)
    _ = (picture.ansi(), picture.svg(), picture.html())
  }

  @Sendable private static func keymap(_ bytes: [UInt8]) {
    let commands = Command.allCases.map(\.rawValue)
    guard let entries = try? KeyFile.read(string(bytes), file: "fuzz", commands: commands) else {
      return
    }
    var keymap = Keymap()
    for entry in entries {
      guard let command = Command(rawValue: entry.command),
        let keys = try? Key.sequence(parsing: entry.keys)
      else { continue }
      keymap.remap(command, to: keys)
    }
    _ = view(Model(lessons: [], keymap: keymap))
  }

  /// A log says the same whole and in pieces.
  @Sendable private static func log(_ bytes: [UInt8]) {
    var whole = ReportScanner()
    let reports = whole.scan(bytes) + whole.finish()
    var parts = ReportScanner()
    var found: [Report] = []
    for piece in pieces(bytes) { found += parts.scan(Array(piece)) }
    found += parts.finish()
    hold(found == reports, "reports in pieces")
    for report in reports.prefix(4) {
      _ = ReportWords.lines(report)
      _ = report.json.text
      if let script = ReportScene.script(report) { _ = try? Playback(script) }
    }
  }

  /// A capture says the same whole and in pieces: usbmon's text, pcap, pcapng.
  @Sendable private static func capture(_ bytes: [UInt8]) {
    func read(_ pieces: [ArraySlice<UInt8>]) -> Result<Capture, KernelLogError> {
      var reader = CaptureReader()
      do throws(KernelLogError) {
        for piece in pieces { try reader.read(piece) }
        return .success(try reader.finish())
      } catch { return .failure(error) }
    }
    let whole = read([bytes[...]])
    let parts = read(pieces(bytes))
    switch (whole, parts) {
    case (.success(let first), .success(let second)): hold(first == second, "a capture in pieces")
    case (.failure, .failure): break
    default: hold(false, "a capture is read in one way only")
    }
  }

  /// Pieces of lengths that the bytes themselves choose.
  private static func pieces(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + 1 + Int(bytes[start]) % 37)
      pieces.append(bytes[start..<end])
      start = end
    }
    return pieces
  }

  @Sendable private static func vectors(_ bytes: [UInt8]) {
    for line in bytes.split(separator: UInt8(ascii: "\n")) { _ = VectorFile.replay(line) }
  }

  @Sendable private static func slabs(_ bytes: [UInt8]) {
    guard let table = try? SlabInfo.read(bytes) else { return }
    for cache in table.caches.prefix(4) { _ = CacheScene.script(cache, release: "6.1.0") }
  }

  /// What a line of the follow protocol says is shown without anything a terminal would obey.
  @Sendable private static func follow(_ bytes: [UInt8]) {
    guard let place = try? FollowLine.place(bytes) else { return }
    for text in [place.title, place.say, place.notes, place.action, place.verdict] {
      hold(
        text.unicodeScalars.allSatisfy { $0 == "\n" || ScalarClass($0) != .hidden },
        "a field is shown as it came")
    }
    _ = FollowLine.bytes(place)
  }

  /// A program's calls: request, argument as its very bytes, what the host does between.
  @Sendable private static func calls(_ bytes: [UInt8]) {
    guard var world = try? Script(title: "fuzz", era: "linux-6.1").start() else { return }
    (world, _) = World.step(world, .open(file: "dev", nonblocking: false))
    var rest = bytes[...]
    for _ in 0..<64 {
      guard let head = rest.popFirst() else { return }
      let length = min(rest.count, Int(rest.first ?? 0) % 40)
      let content = Array(rest.prefix(length))
      rest = rest.dropFirst(length)
      let request = RawIoctl.allCases[Int(head & 0x0F) % RawIoctl.allCases.count]
      let argument: IoctlArgument =
        head & 0x80 != 0
        ? .value(UInt64(content.first ?? 0))
        : .memory(
          UserMemory(bytes: content, readable: head & 0x40 != 0 ? content.count / 2 : nil))
      let action: Action =
        head & 0x30 == 0x30
        ? .wait(milliseconds: UInt64(content.first ?? 1))
        : .ioctl(
          Action.Ioctl(request: request, file: "dev", thread: "main", real: argument, waits: false))
      let (next, events) = World.step(world, action)
      for event in events { _ = EventWords.line(event, .bits64) }
      world = next
    }
  }

  /// Lines of the `:` line, with completion, on a lesson.
  @Sendable private static func line(_ bytes: [UInt8]) {
    guard let lesson = Lessons.all.first, let script = try? Lessons.script(lesson) else { return }
    var model = Model(lessons: [])
    model.open(script)
    for line in bytes.split(separator: UInt8(ascii: "\n")).prefix(6) {
      _ = model.update(.key(Key(.character(":"))))
      for scalar in string(Array(line)).unicodeScalars.prefix(200) {
        _ = model.update(.key(scalar == "\t" ? Key(.tab) : Key(.character(scalar))))
      }
      _ = model.update(.key(Key(.enter)))
      _ = view(model)
    }
  }

  /// Report descriptors of a HID device.
  @Sendable private static func descriptors(_ bytes: [UInt8]) {
    _ = HIDParser.open(bytes)
    _ = HIDParser.scan(bytes)
  }

  /// A journal cut at any place says no more than the whole; what is played stands.
  @Sendable private static func journal(_ bytes: [UInt8]) {
    let whole = JournalText(bytes)
    let cut = JournalText(Array(bytes.prefix(bytes.count / 2)))
    hold(whole.entries.starts(with: cut.entries), "a journal that was cut")
    _ = whole.summary
    guard let work = try? LeftWork(whole, file: "fuzz") else { return }
    var model = Model(lessons: [])
    model.resume(work.sessions, solved: [])
    _ = view(model)
  }

  @Sendable private static func json(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes) else { return }
    hold((try? JSONValue(parsing: value.text)) == value, "a value after writing")
  }

  /// What may be shown holds nothing a terminal would obey, and its columns add up.
  @Sendable private static func text(_ bytes: [UInt8]) {
    let text = string(bytes)
    let glyphs = Printable.glyphs(text)
    hold(glyphs.unicodeScalars.allSatisfy { ScalarClass($0) != .hidden }, "a hidden sign is drawn")
    hold(TextWidth.of(glyphs) == TextWidth.of(text), "columns of what is drawn")
    hold(Printable.text(Printable.text(text)) == Printable.text(text), "printing twice")
    for width in [0, 1, 7, 40] {
      hold(TextWidth.of(TextWidth.truncated(text, to: width)) <= max(width, 0), "a cut to \(width)")
    }
  }
}
