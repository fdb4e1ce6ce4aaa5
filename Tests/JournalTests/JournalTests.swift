import Grid
import Inspector
import Scenario
import Simulation
import Support
import Testing
import Usercopy

@testable import Journal

/// A sitting, its record and its journal.
private struct Sitting {
  var model: Model
  var record = WorkRecord()
  var text = JournalEntry.started(1_000_000_000).line
  /// The steps of each scenario after the last line.
  var steps: [Int: [ScriptStep]] = [:]
  /// Those before it.
  var stepsBefore: [Int: [ScriptStep]] = [:]

  init(_ lesson: String) throws {
    let items = Lessons.all.map {
      LessonItem(id: $0.id, number: $0.number, title: $0.title, about: $0.about)
    }
    model = Model(lessons: items)
    model.open(try Self.script(lesson))
    note()
  }

  static func script(_ id: String) throws -> Script {
    try Lessons.script(#require(Lessons.find(id)))
  }

  mutating func press(_ keys: String) throws {
    for key in try Key.sequence(parsing: keys) { try press(key) }
  }

  mutating func press(_ key: Key) throws {
    for effect in model.update(.key(key)) {
      if case .openLesson(let name) = effect, let entry = Lessons.find(name) {
        model.open(try Lessons.script(entry))
      }
      if case .save = effect, let session = model.session { say(record.settle(session)) }
    }
    note()
  }

  mutating func type(_ line: String) throws { try press(": \"\(line)\" Enter") }

  mutating func note() { say(record.entries(for: model.story)) }

  private mutating func say(_ entries: [JournalEntry]) {
    guard !entries.isEmpty, let session = model.session else { return }
    stepsBefore = steps
    steps[session.opening] = session.fullScript.steps
    for entry in entries { text += entry.line }
  }

  var journal: JournalText { JournalText(Array(text.utf8)) }

  func work() throws -> LeftWork { try LeftWork(journal, file: "journal") }
}

/// Steps as a file has them: where they stood is no part of them.
private func lines(_ steps: [ScriptStep]) -> [String] { steps.map(ScenarioWriter.lines) }

struct JournalTests {
  @Test func whatWasDoneByHandIsThereAgain() throws {
    var sitting = try Sitting("past-the-end")
    try sitting.press("n n n n e + + Enter")
    try sitting.type("alloc mine 64")
    let session = try #require(sitting.model.session)
    let work = try sitting.work()
    let again = try #require(work.finals.last)
    #expect(lines(again.session.fullScript.steps) == lines(session.fullScript.steps))
    #expect(again.session.position == session.position && again.actions == 2)
    #expect(again.session.script.id == "past-the-end")
    let summary = sitting.journal.summary
    #expect(summary.actions == 2 && summary.titles == ["Past the end of an object"])
    #expect(summary.ending == nil && summary.hasWork)
    // And can be undone there.
    var model = Model(lessons: [])
    model.resume(work.sessions, solved: [])
    for _ in 0..<2 { _ = model.update(.key(Key(.character("u")))) }
    let written = try Sitting.script("past-the-end").steps
    #expect(model.session.map { lines($0.fullScript.steps) } == lines(written))
  }

  @Test func lookingIsNoAction() throws {
    var sitting = try Sitting("past-the-end")
    let before = sitting.text
    try sitting.press("n n n p g G m s k Tab z z ? Escape e + Escape b ' i j Escape P P L Escape")
    #expect(sitting.text == before)
    #expect(!sitting.journal.summary.hasWork)
  }

  /// What was written, or undone to what was, is no work any more.
  @Test func settledWorkIsNotLeft() throws {
    var sitting = try Sitting("past-the-end")
    try sitting.type("alloc mine 64")
    #expect(sitting.journal.summary.hasWork && sitting.record.unsettled.count == 1)
    try sitting.press("w")
    #expect(!sitting.journal.summary.hasWork && sitting.record.unsettled.isEmpty)
    try sitting.press("u")
    #expect(sitting.journal.summary.hasWork && sitting.record.unsettled.count == 1)
    try sitting.press("C-r")
    #expect(!sitting.journal.summary.hasWork && sitting.record.unsettled.isEmpty)
  }

  @Test func everyLessonOfASittingIsKept() throws {
    var sitting = try Sitting("past-the-end")
    try sitting.type("alloc mine 64")
    try sitting.type("open frame-fence")
    try sitting.type("alloc other 32")
    try sitting.type("open overwrite")
    #expect(sitting.record.unsettled.map(\.title).count == 2)
    let work = try sitting.work()
    #expect(work.finals.map(\.session.script.id) == ["past-the-end", "frame-fence"])
    // Each can be gone back to.
    var model = Model(lessons: [])
    model.resume(work.sessions, solved: [])
    #expect(model.session?.script.id == "frame-fence")
    for _ in 0..<2 { _ = model.update(.key(Key(.character("u")))) }
    #expect(model.session?.script.id == "past-the-end")
    #expect(model.session.map { lines($0.fullScript.steps) } == sitting.steps[2].map(lines))
  }

  /// An exercise is asked on the lesson as written; what was done by hand is put aside, not lost.
  @Test func exercisesPutWorkAside() throws {
    var sitting = try Sitting("past-the-end")
    try sitting.type("alloc mine 64")
    try sitting.press("X")
    #expect(sitting.record.unsettled.count == 1 && sitting.journal.summary.actions == 1)
    #expect(try sitting.work().finals.last?.session.count == 8)
  }

  @Test func aMachineBuiltAnotherWayIsAChange() throws {
    var sitting = try Sitting("past-the-end")
    try sitting.type("allocator slob")
    let final = try #require(try sitting.work().finals.last)
    #expect(final.session.world.kernel.configuration.allocator == .slob && final.actions == 1)
    try sitting.press("u")
    #expect(!sitting.journal.summary.hasWork)
  }

  /// A sitting that is gone on with says only what is new, and what is settled stays so.
  @Test func aSittingIsGoneOnWith() throws {
    var first = try Sitting("past-the-end")
    try first.type("alloc mine 64")
    let work = try first.work()
    var model = Model(lessons: [])
    model.resume(work.sessions, solved: [])
    var record = WorkRecord(work)
    #expect(record.entries(for: model.story).isEmpty && record.unsettled.map(\.actions) == [1])
    for key in try Key.sequence(parsing: ": \"alloc more 32\" Enter") {
      _ = model.update(.key(key))
    }
    let more = record.entries(for: model.story)
    #expect(more.count == 1)
    let text = first.text + more.map(\.line).joined()
    let again = try LeftWork(JournalText(Array(text.utf8)), file: "journal")
    #expect(again.finals.last?.session.count == 9 && again.finals.last?.actions == 2)
  }

  /// Whatever is done, the journal's last line makes what the screen had; cut anywhere, at most that line is missing.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func randomSittingsAreKept(_ seed: UInt64) throws {
    var random = SplitMix(seed)
    let lessons = ["past-the-end", "gadget-hello", "stack-buffer", "overwrite", "windows"]
    var sitting = try Sitting(lessons[Int(seed) % lessons.count])
    for _ in 0..<120 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0: try sitting.type("open \(lessons.randomElement(using: &random) ?? "")")
      case 1: try sitting.type("alloc o\(Int.random(in: 0..<99, using: &random)) 64")
      case 2:
        try sitting.press(
          "u u".split(separator: " ").prefix(Int.random(in: 1...2, using: &random)).joined(
            separator: " "))
      case 3: try sitting.press("C-r")
      case 4: try sitting.press("a")
      case 5: try sitting.press("e + Enter")
      case 6:
        try sitting.type(
          ["allocator slab", "allocator slub", "arch arm64", "arch x86_64"].randomElement(
            using: &random) ?? "")
      case 7: try sitting.press("X Escape")
      case 8 where Int.random(in: 0..<4, using: &random) == 0: try sitting.press("w")
      default: try sitting.press("n")
      }
      // Escape closes what a refused key left open.
      if case .browse = sitting.model.mode {} else { try sitting.press("Escape Escape") }
    }
    let work = try sitting.work()
    for final in work.finals {
      let wanted = try #require(sitting.steps[final.session.opening])
      #expect(lines(final.session.fullScript.steps) == lines(wanted))
    }
    #expect(Set(sitting.record.unsettled.map(\.opening)) == Set(sitting.journal.summary.parts.keys))
    try cutAnywhere(sitting, &random)
  }

  private func cutAnywhere(_ sitting: Sitting, _ random: inout SplitMix) throws {
    let bytes = Array(sitting.text.utf8)
    let whole = sitting.journal.entries.count
    for _ in 0..<12 {
      let cut = Int.random(in: 0...bytes.count, using: &random)
      let journal = JournalText(Array(bytes[..<cut]))
      #expect(journal.brokenLine == nil && journal.length <= cut && journal.entries.count <= whole)
      _ = try LeftWork(journal, file: "journal")
    }
    let journal = JournalText(bytes.dropLast())
    #expect(journal.entries.count == whole - 1)
  }

  /// Bytes that are no journal are refused with the line, and never a trap.
  @Test func damagedJournalsAreTold() throws {
    var sitting = try Sitting("past-the-end")
    try sitting.type("alloc mine 64")
    try sitting.press("n e + Enter")
    var random = SplitMix(7)
    let bytes = Array(sitting.text.utf8)
    for _ in 0..<300 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      let journal = JournalText(damaged)
      _ = journal.summary
      _ = try? LeftWork(journal, file: "journal")
    }
    let strange = JournalText(
      Array(
        (sitting.text + "{\"change\": 9, \"from\": 0, \"less\": 0, \"at\": 0, \"steps\": \"\"}\n")
          .utf8))
    #expect(throws: LeftWork.Problem.self) { try LeftWork(strange, file: "journal") }
    let broken = JournalText(Array((sitting.text + "nonsense\n").utf8))
    #expect(broken.brokenLine == broken.entries.count + 1)
  }
}
