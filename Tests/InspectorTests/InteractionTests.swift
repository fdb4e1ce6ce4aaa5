import Grid
import Scenario
import Simulation
import Support
import Testing
import Timeline
import Usercopy

@testable import Inspector

/// Searching, completing, playing, pointing and the other ways to get about.
struct InteractionTests {
  private func text(_ model: Model) -> String { view(model).grid.text }

  private func command(_ model: Model) throws -> CommandState {
    guard case .command(let state) = model.mode else {
      throw Unexpected(what: "not on the command line")
    }
    return state
  }

  private struct Unexpected: Error { var what: String }

  /// The lesson's words are about the lesson's copy.
  @Test func aChangedCopyIsNotToldInTheLessonsWords() throws {
    let words = try #require(try Fixtures.script("past-the-end").steps.dropFirst(4).first?.say)
    let before = try Fixtures.model("past-the-end", keys: "n n n n n")
    let same = try Fixtures.model("past-the-end", keys: "n n n n n e Enter")
    let changed = try Fixtures.model("past-the-end", keys: "n n n n n e - Enter")
    #expect(before.session?.step?.say == words && same.session?.step?.say == words)
    #expect(same.session?.handmade == 0)
    #expect(changed.session?.step?.say == Session.madeInstead)
    #expect(view(changed).grid.text.contains("149 bytes"))
    let again = try Fixtures.model("past-the-end", keys: "n n n n n e - Enter u")
    #expect(again.session?.step?.say == words)
  }

  /// What lies above a stack is in its picture when a copy comes out of the stack or begins right behind it in nothing, and not
  /// when a slab's page happens to be there.
  @Test func onlyCopiesOutOfTheStackReachBehindIt() throws {
    var shown = 0
    for lesson in Lessons.all {
      var model = try Fixtures.model(lesson.id, keys: "t", width: 120, height: 36)
      for _ in 0..<(model.session?.count ?? 0) {
        try Fixtures.press(try Key(parsing: "n"), &model)
        let subject = try model.memoryContext().subject
        guard let range = subject.report?.outcome.range else { continue }
        let stack = subject.world.kernel.currentStack
        let comesOut = stack.contains(range.start) && range.length > stack.end - range.start
        let behind = subject.world.kernel.classify(ByteRange(start: stack.end, length: 1))
        let beginsInNothing =
          range.start == stack.end && behind.allSatisfy { $0.kind == .unmapped }
        let isTold = comesOut || beginsInNothing && range.length > 0
        #expect(text(model).contains("behind the stack") == isTold, "\(lesson.id)")
        shown += comesOut ? 1 : 0
      }
    }
    #expect(shown > 0)
  }

  @Test func theEndSaysWhereToGoOn() throws {
    #expect(try Fixtures.model("slack", keys: "G n n n n").message?.text.contains("X asks") == true)
    #expect(try Fixtures.model("null", keys: "G n n n n").message?.text.contains("L lists") == true)
  }

  /// Titles of lessons are never cut where the machine is named beside them.
  @Test(arguments: Lessons.all.map(\.id))
  func titlesAreWhole(lesson: String) throws {
    let model = try Fixtures.model(lesson, keys: "G")
    let title = try Fixtures.script(lesson).title
    #expect(view(model).grid.text.prefix(80).contains(title))
  }

  @Test func completionOffersWhatCanStandThere() throws {
    func offers(_ line: String) throws -> [String] {
      let model = try Fixtures.model("past-the-end", keys: "n n n")
      let stem = line.last == " " ? "" : line.split(separator: " ").last.map(String.init) ?? ""
      return Completion.offers(line, stem: stem, model)
    }
    #expect(try offers("al") == ["alloc", "allocator"])
    #expect(try offers("alloc x kmalloc-19") == ["kmalloc-192"])
    #expect(try offers("free ") == ["key", "request", "secret"])
    #expect(try offers("copy ") == ["to", "from"])
    #expect(try offers("copy to se") == ["secret"])
    #expect(try offers("copy to secret 4 put") == ["put_user"])
    #expect(try offers("era linux-4.").allSatisfy { $0.hasPrefix("linux-4.") })
    #expect(try offers("era ").count == Era.all.count)
    #expect(try offers("open past").contains("past-the-end"))
    #expect(try offers("nothing ").isEmpty)
  }

  @Test func tabGoesRoundTheOffersAndBack() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n n : \"free \"")
    var seen: [String] = []
    for _ in 0..<3 {
      try Fixtures.press(Key(.tab), &model)
      seen.append(try command(model).text)
    }
    #expect(seen == ["free key ", "free request ", "free secret "])
    try Fixtures.press(Key(.tab), &model)
    #expect(try command(model).text == "free key ")
    try Fixtures.press(Key(.backTab), &model)
    #expect(try command(model).text == "free secret ")
  }

  @Test func theLineIsEditedAndRemembered() throws {
    var model = try Fixtures.model("past-the-end", keys: "n : \"alloc a 8\" Enter")
    #expect(model.session?.world.names["a"]?.size == 8)
    for key in try Key.sequence(parsing: ": Up Left Left b Home x Delete End 0") {
      try Fixtures.press(key, &model)
    }
    #expect(try command(model).text == "xlloc ab 80")
    for key in try Key.sequence(parsing: "C-u Down \"alloc c 8\" Enter : Up Up Down") {
      try Fixtures.press(key, &model)
    }
    #expect(try command(model).text == "alloc c 8")
  }

  @Test func everyCommandRunsByItsNameOnTheLine() throws {
    for command in Command.allCases {
      var model = try Fixtures.model("past-the-end", keys: "n n n n")
      guard model.keymap.has(command, in: .browse) else { continue }
      for key in try Key.sequence(parsing: ": \"\(command.rawValue)\" Enter") {
        try Fixtures.press(key, &model)
      }
      #expect(model.message?.role != .error, "\(command.rawValue)")
    }
  }

  @Test func searchSelectsTheObjectFound() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n n / \"secret\" Enter")
    #expect(model.memory.selected == MemoryState.Slot(slab: 0, index: 1))
    try Fixtures.press(Key(.character("f")), &model)
    #expect(model.memory.selected == MemoryState.Slot(slab: 0, index: 1))
    model = try Fixtures.model("past-the-end", keys: "n n n / \"e\" Enter f")
    #expect(model.memory.selected?.index == 1)
    try Fixtures.press(Key(.character("F")), &model)
    try Fixtures.press(Key(.character("F")), &model)
    #expect(model.memory.selected?.index == 2)
  }

  @Test func searchFiltersTheLessons() throws {
    var model = try Fixtures.model(nil, keys: "/ \"stack\"")
    let found = model.lessonList.found(model.search.text)
    #expect(!found.isEmpty && found.count < model.lessonList.items.count)
    #expect(found.contains(model.lessonList.cursor))
    for _ in 0..<100 { try Fixtures.press(Key(.down), &model) }
    #expect(model.lessonList.cursor == found.last)
    try Fixtures.press(Key(.enter), &model)
    try Fixtures.press(Key(.enter), &model)
    #expect(model.session?.script.id == found.last.map { model.lessonList.items[$0].id })
  }

  @Test func playGoesToTheEndAndStops() throws {
    var model = try Fixtures.model("past-the-end")
    #expect(model.wakeAfter == nil)
    try Fixtures.press(Key(.character("R")), &model)
    #expect(model.wakeAfter == 1_500)
    try Fixtures.press(Key(.character(")")), &model)
    #expect(model.wakeAfter == 800)
    var ticks = 0
    while model.wakeAfter != nil, ticks < 100 {
      _ = model.update(.tick)
      ticks += 1
    }
    #expect(ticks == model.session?.count && model.session?.position == ticks)
    try Fixtures.press(Key(.character("R")), &model)
    #expect(model.session?.position == 0 && model.wakeAfter == 800)
    try Fixtures.press(Key(.character("n")), &model)
    #expect(model.wakeAfter == nil)
  }

  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func scalesChangeWithTheFirstKey(_ width: Int, _ height: Int) throws {
    for key in [">", "<"] {
      let start = key == ">" ? "" : "> >"
      var model = try Fixtures.model(
        "past-the-end", keys: "n n n n \(start)", width: width, height: height)
      let before = text(model)
      try Fixtures.press(Key(parsing: key), &model)
      #expect(text(model) != before, "\(key)")
    }
  }

  @Test func bookmarksMoveWithTheirSteps() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n b n n n b g")
    #expect(model.session?.bookmarks == [2, 5])
    try Fixtures.press(Key(.character("'")), &model)
    #expect(model.session?.position == 2)
    try Fixtures.press(Key(.character("'")), &model)
    #expect(model.session?.position == 5)
    try Fixtures.press(Key(.character("'")), &model)
    model.session?.seek(3)
    model.session?.insert(.note)
    #expect(model.session?.bookmarks == [2, 6])
  }

  @Test func clicksOnTheTimelineGoToTheStep() throws {
    for (width, height) in [(80, 24), (120, 36), (40, 12)] {
      var model = try Fixtures.model("past-the-end", keys: "n n", width: width, height: height)
      var reached: Set<Int> = []
      for x in 0..<width / 2 {
        _ = model.update(.mouse(Mouse(.press(.left), at: Position(x: x, y: height - 1))))
        reached.insert(model.session?.position ?? -1)
      }
      #expect(reached.isSuperset(of: [1, 2, 3]))
    }
  }

  @Test func clicksWhileEditingPutTheStartUnderTheMouse() throws {
    var model = try Fixtures.model("past-the-end", keys: "G e", width: 160, height: 40)
    model.memory.chosen = .slab
    model.memory.scale = 1
    let pane = try model.memoryContext()
    let index = try #require(pane.subject.slab(model.memory))
    let kernel = pane.subject.world.kernel
    let layout = SlabLayout(pane, index)
    let body = layout.body
    for byte in [0, 7, 40, 63] {
      let place = Position(x: body.x + layout.gutter + byte, y: body.y + 1)
      _ = model.update(.mouse(Mouse(.press(.left), at: place)))
      let after = try model.memoryContext().subject.report?.outcome.attempt.kernel
      let slot = kernel.slabs[index].firstSlot + UInt64(layout.first + 1) * layout.cache.stride
      #expect(after == slot + UInt64(byte))
    }
  }

  @Test func dividersAreDraggedAndKept() throws {
    var model = try Fixtures.model("past-the-end", width: 120, height: 36)
    func placed() throws -> PlacedPanes { try #require(PlacedPanes(model)) }
    let border = Position(x: try #require(placed().rect(of: .side)).x, y: 3)
    _ = model.update(.mouse(Mouse(.press(.left), at: border)))
    _ = model.update(.mouse(Mouse(.drag(.left), at: Position(x: 50, y: 3))))
    _ = model.update(.mouse(Mouse(.release(.left), at: Position(x: 50, y: 3))))
    #expect(try placed().rect(of: .side)?.x == 50)
    let rule = Position(x: 5, y: try #require(placed().rect(of: .check)).y)
    _ = model.update(.mouse(Mouse(.press(.left), at: rule)))
    _ = model.update(.mouse(Mouse(.drag(.left), at: Position(x: 5, y: 12))))
    #expect(try placed().rect(of: .check)?.y == 12)
    let shown = try placed().all
    var restored = PaneLayout()
    restored.restore(model.layout.saved)
    model.layout = restored
    #expect(try placed().all == shown)
    for broken in ["", "nan 0.5 0.5", "0.5 0.5", "9 - -", "0.5 x -", "0.5 0.01 -"] {
      var layout = PaneLayout()
      layout.restore(broken)
      #expect(layout == PaneLayout())
    }
  }

  @Test func theThemePickerShowsAndPutsBack() throws {
    var model = try Fixtures.model("past-the-end", keys: "T")
    #expect(model.update(.key(Key(.down))) == [.useTheme("paper")])
    #expect(model.update(.key(Key(.escape))) == [.useTheme("slate")])
    #expect(model.themes.used == "slate")
    for key in try Key.sequence(parsing: "T Down Enter") { _ = model.update(.key(key)) }
    #expect(model.themes.used == "paper")
  }

  @Test func paletteFindsCommandsByTheirLetters() throws {
    for command in Command.allCases where command != .palette {
      var state = PaletteState(back: .browse)
      state.text = command.rawValue
      let model = try Fixtures.model("past-the-end", keys: "n n n n")
      let choices = state.choices(model.keymap)
      guard model.keymap.has(command, in: .browse) || model.keymap.has(command, in: .edit) else {
        continue
      }
      #expect(choices.prefix(3).contains { $0.binding.command == command }, "\(command)")
    }
    #expect(Fuzzy.score("zz", in: "zoom") == nil)
    let model = try Fixtures.model("past-the-end", keys: "n n n n C-p \"zoom\" Enter")
    #expect(model.layout.isZoomed)
  }

  @Test func remappedKeysWinAndOthersLoseThem() throws {
    var keymap = Keymap()
    keymap.remap(.next, to: [Key(.character("m"))])
    #expect(keymap.command(Key(.character("m")), in: .browse) == .next)
    #expect(keymap.command(Key(.character("n")), in: .browse) == nil)
    #expect(
      !keymap.bindings(in: .browse).contains {
        $0.command == .map && $0.keys.contains(Key(.character("m")))
      })
  }

  @Test func typedNumbersGiveStartAndLength() throws {
    let model = try Fixtures.model("past-the-end", keys: "G e 1 2 Tab 3 0 Backspace")
    guard case .edit(let edit) = model.mode else {
      Issue.record("not editing")
      return
    }
    #expect(edit.draft.offset == 12 && edit.draft.length == 3)
    #expect(edit.report.outcome.attempt.length == 3)
  }

  @Test func anotherAllocatorIsAnotherMachine() throws {
    var model = try Fixtures.model("past-the-end", keys: "n n n n n e b")
    guard case .edit(let edit) = model.mode else {
      Issue.record("not editing")
      return
    }
    #expect(edit.base.kernel.configuration.allocator == .slob)
    try Fixtures.press(Key(.enter), &model)
    #expect(model.session?.world.kernel.configuration.allocator == .slob)
    #expect(model.session?.script.configuration.allocator == .slob)
    try Fixtures.press(Key(.character("u")), &model)
    #expect(model.session?.world.kernel.configuration.allocator == .slub)
  }
}
