import Grid
import Simulation
import Support
import Testing
import Usercopy

@testable import Inspector

/// The cells painted are the bytes the verdict is about, whatever is edited.
struct PaintingTests {
  /// What a byte's mark must be, from the outcome alone; nil for bytes the copy does not name.
  static func expected(_ address: Address, _ report: CopyReport) -> Set<ByteMark> {
    let isAstray = report.effect.astray.contains {
      address >= $0.start && address - $0.start < $0.length
    }
    if isAstray { return [.leaky] }
    let range = report.outcome.range
    guard address >= range.start, address - range.start < range.length else { return [] }
    let (outcome, offset) = (report.outcome, address - range.start)
    let isCleared = outcome.sideEffects.contains { effect in
      switch effect {
      case .zeroedKernel(let length): offset < length
      case .zeroedTail(let from, let length): offset >= from && offset - from < length
      }
    }
    if outcome.refuser == .accessOK { return isCleared ? [.cleared] : [.unmoved] }
    guard outcome.verdict == .allow else { return [.allowed, .denied] }
    let moved = outcome.isCheckOnly ? range.length : outcome.copied
    guard offset < moved else { return isCleared ? [.cleared] : [.unmoved] }
    let leaks = report.leaks.contains { address >= $0.start && address - $0.start < $0.length }
    return leaks ? [.leaky] : [.allowed]
  }

  private static let signs = ByteMark.allCases.map {
    (scalar: ByteMarks.glyph($0), role: ByteMarks.role($0), mark: $0)
  }

  static func mark(_ cell: Cell) -> ByteMark? {
    let (scalar, role) = (cell.scalar, cell.role)
    for sign in signs where sign.scalar == scalar && sign.role == role { return sign.mark }
    return nil
  }

  private static let keys: [Key] = [
    "Left", "Right", "Up", "Down", "+", "-", "S-Down", "S-Up", "S-Down", "S-Down", "d", "o", "O",
    "c", "a", "A",
  ].compactMap { try? Key(parsing: $0) }

  @Test(arguments: [
    "past-the-end", "red-zone", "slack", "slab-bug-on", "slob", "freed-object", "bad-user-pointer",
    "zeros-past-the-end",
  ])
  func slabCellsAreTheVerdictsBytes(lesson: String) throws {
    var random = SplitMix(text: lesson)
    var model = try Fixtures.model(lesson, keys: "G p e z", width: 200, height: 60)
    model.memory.scale = 1
    model.memory.chosen = .slab
    var painted = 0
    for _ in 0..<250 {
      if case .edit = model.mode {} else { try Fixtures.press(Key(.character("e")), &model) }
      _ = model.update(.key(try #require(Self.keys.randomElement(using: &random))))
      painted += try checkSlab(model)
    }
    #expect(painted > 700)
  }

  private func checkSlab(_ model: Model) throws -> Int {
    let context = try model.memoryContext()
    guard let report = context.subject.report, let index = context.subject.slab(model.memory)
    else { return 0 }
    let kernel = context.subject.world.kernel
    let slab = kernel.slabs[index]
    let layout = SlabLayout(context, index)
    #expect(layout.scale == 1)
    let body = layout.body
    let grid = view(model).grid
    var painted = 0
    for number in layout.first..<slab.objects.count {
      guard let place = layout.place(of: number), place.y < body.endY else { continue }
      let (left, y) = (place.x, place.y)
      let start = slab.firstSlot + UInt64(number) * layout.cache.stride
      for offset in 0..<Int(layout.cache.stride) where y + offset / layout.perRow < body.endY {
        let cell = grid[
          left + layout.gutter + offset % layout.perRow, y + offset / layout.perRow]
        let wanted = Self.expected(start + UInt64(offset), report)
        let shown = Self.mark(cell)
        guard wanted.isEmpty ? shown == nil : shown.map(wanted.contains) == true else {
          Issue.record("slot \(number) byte \(offset): \(cell.scalar) is not of \(wanted)")
          return painted
        }
        painted += shown == nil ? 0 : 1
      }
    }
    return painted
  }

  @Test(arguments: ["stack-buffer", "frame-fence", "dead-frame", "stack-end"])
  func stackRowsAreTheVerdictsBytes(lesson: String) throws {
    var random = SplitMix(text: lesson)
    for (width, height) in [(80, 24), (200, 60)] {
      var model = try Fixtures.model(lesson, keys: "G p e", width: width, height: height)
      model.memory.chosen = .stack
      var painted = 0
      for _ in 0..<150 {
        if case .edit = model.mode {} else { try Fixtures.press(Key(.character("e")), &model) }
        _ = model.update(.key(try #require(Self.keys.randomElement(using: &random))))
        painted += try checkStack(model)
      }
      #expect(painted > 100)
    }
  }

  private func checkStack(_ model: Model) throws -> Int {
    let context = try model.memoryContext()
    guard let report = context.subject.report else { return 0 }
    let pane = StackRows(context)
    let columns = StackView.Columns(pane.body)
    let grid = view(model).grid
    var painted = 0
    for (row, y) in pane.placed where row.length > 0 && row.length < 4096 {
      for cell in 0..<columns.markCells {
        let cells = UInt64(columns.markCells)
        let low = row.length * UInt64(cell) / cells
        let high = max(row.length * UInt64(cell + 1) / cells, low + 1)
        var wanted: Set<ByteMark> = []
        for offset in low..<high { wanted.formUnion(Self.expected(row.start &+ offset, report)) }
        let shown = Self.mark(grid[columns.marks + cell, y])
        #expect(
          wanted.isEmpty ? shown == nil : shown.map(wanted.contains) == true,
          "row at \(row.start) cell \(cell): \(String(describing: shown)) is not of \(wanted)")
        painted += shown == nil ? 0 : 1
      }
    }
    return painted
  }
}
