import Grid
import Narration
import Scenario
import Simulation
import Testing
import Text
import Timeline
import Usercopy

@testable import Inspector

/// What the panes say is said whole, over every step of every lesson.
struct WholeWordsTests {
  @Test func nothingThatHasRoomIsCut() throws {
    let width = 80
    var said = Said()
    for lesson in Lessons.all {
      var model = try Fixtures.model(
        lesson.id, width: width, height: #require(RoomTests.heights[width]))
      let count = try #require(model.session).count
      for step in 0...count {
        let scene = Frozen(PaneScene(model, try #require(model.session)))
        try said.look("\(lesson.id) step \(step) at \(width)", model, scene)
        model.session?.seek(min(step + 1, count))
      }
    }
    #expect(said.remarks > 300 && said.leaks > 50 && said.listed > 20)
    #expect(said.long > said.cut)
  }

  @Test(arguments: [
    ("password=hunter2", 0, "password=hunter2"), ("pass", 60, "pass 60 zeros"),
    ("", 64, "64 zeros"), ("\u{12}\u{1}", 3, "1201000000"), ("", 3, "000000"),
    ("AAAAAAAAAA", 0, "10×'A'"),
    ("\u{12}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}", 0, "12 8×7f"),
  ])
  func bytesAreTextOrNumbers(text: String, zeros: Int, words: String) {
    let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: zeros)
    let told = BytesInWords(bytes, of: UInt64(bytes.count))
    #expect(told.text(columns: 80) == words)
    for columns in 2...words.count {
      let cut = told.text(columns: columns)
      #expect(cut.count <= columns && (cut == words || cut.hasSuffix("…")), "\(cut)")
    }
    // More of them than were read.
    #expect(BytesInWords(bytes, of: UInt64(bytes.count) + 1).text(columns: 80) == words + "…")
  }

  /// Whoever searches the help finds a key once, and then the words that are meant.
  @Test func aSearchOfTheHelpListsAKeyOnce() throws {
    let model = try Fixtures.model("past-the-end", keys: "? s l a b")
    guard case .help(let help) = model.mode else {
      Issue.record("no help")
      return
    }
    let keys = help.choices(model.keymap).map { "\($0.binding.keys) \($0.binding.help)" }
    #expect(keys.count > 3 && Set(keys).count == keys.count)
    #expect(view(model).grid.text.contains("Words"))
  }
}

/// What was seen on all screens.
private struct Said {
  var (remarks, leaks, listed, long, cut) = (0, 0, 0, 0, 0)

  mutating func look(_ place: String, _ model: Model, _ scene: Frozen<PaneScene>) throws {
    eras(place, scene)
    guard let context = PaneContext(of: .memory, in: model) else { return }
    try passage(place, context)
    switch MemoryRows(context).picture {
    case .list: list(place, context, model)
    case .slab(let layout): names(place, context, layout)
    case .stack, .map: break
    }
  }

  /// Verdicts, what they leave open and what is known of an era: whole or not at all.
  private mutating func eras(_ place: String, _ scene: Frozen<PaneScene>) {
    let subject = scene.value.subject
    for (columns, height) in [(33, 8), (33, 15), (44, 14), (76, 3)] {
      let rect = Rect(x: 0, y: 0, width: columns, height: height)
      let eras = ErasRows(PaneContext(scene, rect: rect, isFocused: false))
      let rows = eras.visible.map { row in
        switch row {
        case .text(let spans): spans.map(\.text).joined()
        case .picture(let grid): grid.text
        }
      }
      let all = rows.joined(separator: "\n")
      #expect(!all.contains("…"), "\(place): \(all)")
      for (outcome, effect) in zip(subject.verdicts, subject.effects) {
        let sign = VerdictWords.signed(outcome, effect).text
        let names = [outcome.era, Era.named(outcome.era)?.shortName ?? outcome.era]
        let row = rows.first { row in
          names.contains { row.contains("\($0) ") } && row.contains(sign)
        }
        #expect(row != nil, "\(place): \(outcome.era) \(sign)\n\(all)")
        if VerdictWords.remarks(outcome, effect).contains(where: { row?.contains($0) == true }) {
          remarks += 1
        }
      }
    }
  }

  /// Bytes that are not the copy's own are told before its own, and the arrow agrees with the verdict.
  private mutating func passage(_ place: String, _ context: PaneContext) throws {
    guard let report = context.subject.report else { return }
    let outcome = report.outcome
    for most in 1...3 {
      let rows = CopyPassage(report, context).rows(atMost: most)
      #expect((1...most).contains(rows.count), "\(place)")
      #expect(rows.allSatisfy { Fitting.columns($0) <= context.rect.width }, "\(place)")
    }
    let row = try #require(CopyPassage(report, context).rows(atMost: 1).first)
    let text = row.map(\.text).joined()
    let isStopped = outcome.verdict != .allow || outcome.movedNothing
    #expect(text.contains("╳") == isStopped, "\(place): \(text)")
    guard outcome.verdict == .allow, !outcome.isCheckOnly else { return }
    for run in report.effect.moved where !run.story.isClean {
      leaks += 1
      let shown = row.filter { $0.role == .leaky && $0.text.contains("~") }.map(\.columns)
      #expect(shown.contains { $0 >= 6 || $0 >= Int(min(run.length, 6)) }, "\(place): \(text)")
    }
  }

  /// In the list of memory the last line that the copy touches is in sight.
  private mutating func list(_ place: String, _ context: PaneContext, _ model: Model) {
    let touched = MemoryItem.all(context.subject).last {
      !context.marks.touched($0.address, length: $0.size).isEmpty
    }
    guard context.subject.report != nil, let touched else { return }
    listed += 1
    let rows = view(model).grid.text.split(separator: "\n")
    #expect(
      rows.contains { $0.contains(Fitting.padded(touched.name, 10)) }, "\(place): \(touched.name)")
  }

  /// A live object's name is cut only where its row has no column left.
  private mutating func names(_ place: String, _ context: PaneContext, _ layout: SlabLayout) {
    let slab = context.subject.world.kernel.slabs[layout.slab]
    for object in slab.objects where object.state == .live {
      let columns = min(16, TextWidth.of(object.label))
      if columns > 7 { long += 1 }
      guard columns > layout.nameWidth else { continue }
      cut += 1
      let spare = context.rect.width + 1 - layout.columns * layout.columnWidth
      #expect(spare < layout.columns || layout.rowsPerObject > 1, "\(place): \(object.label)")
    }
  }
}
