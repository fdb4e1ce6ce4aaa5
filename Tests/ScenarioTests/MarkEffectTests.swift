import Scenario
import Simulation
import Support
import Testing
import Usercopy

/// What is drawn on a byte is what becomes of it.
struct MarkEffectTests {
  /// The machines on which a lesson makes copies, and the copies.
  private static func scenes(_ id: String) throws -> [(world: World, copy: Action.Copy)] {
    try Playback(LessonFiles.script(id)).steps.compactMap { step in
      if case .copy(let copy) = step.script.action { (step.before, copy) } else { nil }
    }
  }

  @Test func bytesBecomeWhatTheyAreMarked() throws {
    var random = SplitMix(text: "marks")
    var seen: [ByteMark: Int] = [:]
    for id in LessonFiles.ids {
      for (world, copy) in try Self.scenes(id) {
        for _ in 0..<40 {
          let tried = Self.changed(copy, world, &random)
          try Self.check(tried, world, id, &seen)
        }
      }
    }
    for mark in ByteMark.allCases { #expect(seen[mark, default: 0] > 500, "\(mark)") }
  }

  private static func changed(
    _ copy: Action.Copy, _ world: World, _ random: inout SplitMix
  ) -> Action.Copy {
    var copy = copy
    copy.offset += Int64.random(in: -8...24, using: &random)
    copy.length = UInt64.random(in: 0...160, using: &random)
    copy.isConstant = Bool.random(using: &random)
    if Bool.random(using: &random) { copy.objectSize = nil }
    if Bool.random(using: &random) {
      copy.entry = EntryPoint.allCases.randomElement(using: &random) ?? copy.entry
    }
    // Any name may be the user's end: the kernel's own are bad pointers.
    switch Int.random(in: 0..<4, using: &random) {
    case 0: copy.user = world.names.keys.sorted().randomElement(using: &random).map { .named($0) }
    case 1: copy.user = .address(world.kernel.layout.userTop &- 40)
    default: break
    }
    return copy
  }

  private static func check(
    _ copy: Action.Copy, _ world: World, _ id: String, _ seen: inout [ByteMark: Int]
  ) throws {
    guard let attempt = try? world.attempt(copy),
      min(attempt.user &- attempt.kernel, attempt.kernel &- attempt.user) > 512
    else { return }
    var before = world.kernel
    before.write([UInt8](repeating: 0xAA, count: 256), at: attempt.kernel &- 32)
    var after = before
    let outcome = after.copy(attempt, under: world.era)
    let said = "\(id) \(world.era.id) \(copy) \(outcome.verdict)"
    for run in before.marks(outcome) {
      let length = before.memory.accessible(
        from: run.range.start, upTo: min(run.range.length, 512), writing: false)
      seen[run.mark, default: 0] += Int(length)
      let old = before.memory.read(run.range.start, count: Int(length))
      let new = after.memory.read(run.range.start, count: Int(length))
      switch run.mark {
      case .cleared: #expect(new.allSatisfy { $0 == 0 }, "\(said)")
      case .unmoved, .denied: #expect(difference(new, old) == nil, "\(said)")
      case .allowed, .leaky:
        let source = attempt.user &+ (run.range.start &- attempt.kernel)
        // What has no second end in user memory may write over the bytes it reads.
        guard source < before.layout.userTop else { continue }
        // Of a refused copy the pages before the one that was refused have moved.
        let isMoved =
          outcome.verdict == .allow || run.range.start &- attempt.kernel < outcome.copied
        guard isMoved, !outcome.isCheckOnly, attempt.direction == .fromUser
        else {
          #expect(difference(new, old) == nil, "\(said)")
          continue
        }
        #expect(difference(new, before.memory.read(source, count: Int(length))) == nil, "\(said)")
      }
    }
  }
}
