import RawGadget
import Simulation
import Support
import Usercopy

/// Actions of every kind on machines of every kind, and laws about the bytes that copies move.
struct MachineWalk {
  private var random: SplitMix
  private var world = World(configuration: Configuration(), era: .linux6_1)
  private var names = [World.userBuffer]
  private var made = 0

  init(_ seed: UInt64) { random = SplitMix(seed) }

  /// Walks; what broke, if something did.
  mutating func walk(_ steps: Int) -> String? {
    var copies = 0
    for step in 0..<steps {
      if step.isMultiple(of: 400) { begin() }
      let action = action()
      let (next, events) = World.step(world, action)
      for case .copied(let report) in events {
        copies += 1
        if let broken = broken(report, next) {
          return "step \(step): \(action): \(broken)"
        }
      }
      world = next
    }
    return copies * 4 >= steps
      ? nil : "only \(copies) copies in \(steps) steps: the walk tries too little"
  }

  /// Another machine.
  private mutating func begin() {
    let architectures = Architecture.allCases
    var configuration = Configuration(architecture: architectures[pick(architectures.count)])
    configuration.allocator = Allocator.allCases[pick(Allocator.allCases.count)]
    configuration.initOnAlloc = pick(4) == 0
    configuration.initOnFree = pick(4) == 0
    configuration.hardenedUsercopy = pick(8) != 0
    configuration.pageSpan = pick(4) == 0
    world = World(configuration: configuration, era: Era.all[pick(Era.all.count)])
    (names, made) = ([World.userBuffer], 0)
  }

  private mutating func pick(_ count: Int) -> Int {
    Int.random(in: 0..<max(1, count), using: &random)
  }

  private mutating func fresh() -> String {
    made += 1
    names.append("o\(made)")
    return "o\(made)"
  }

  private mutating func name() -> String {
    pick(30) == 0 ? "nobody" : names[pick(names.count)]
  }

  private mutating func length() -> UInt64 {
    switch pick(8) {
    case 0: 0
    case 1: UInt64(pick(9000))
    case 2: [4096, 8192, 1 << 31, 1 << 32, .max, .max - 7][pick(6)]
    default: UInt64(pick(300))
    }
  }

  private mutating func bytes() -> [UInt8] { (0..<pick(80)).map { _ in UInt8(pick(256)) } }

  private mutating func action() -> Action {
    switch pick(24) {
    case 0, 1:
      .alloc(
        .init(
          cache: nil, size: length() % 10_000, name: fresh(), bytes: bytes(), isZeroed: pick(3) == 0
        ))
    case 2: .free(name())
    case 3:
      .call(
        .init(
          function: "f\(pick(5))",
          locals: [.init(name: fresh(), size: UInt64(1 + pick(200)), initial: .none)]))
    case 4: pick(2) == 0 ? .return : .run(task: ["demo", "other"][pick(2)])
    case 5:
      switch pick(5) {
      case 0: .vmalloc(name: fresh(), size: length() % 20_000)
      case 1: .pages(name: fresh(), order: pick(4), compound: pick(2) == 0)
      case 2:
        .user(
          .init(
            name: fresh(), length: length() % 20_000,
            protection: pick(3) == 0 ? .readOnly : .readWrite, bytes: bytes()))
      case 3: .task(name: "other", stack: 0)
      default: .era(Era.all[pick(Era.all.count)].id)
      }
    case 6, 7: .write(place: .named(name()), offset: Int64(pick(200)) - 20, bytes: bytes())
    default: .copy(copy())
    }
  }

  private mutating func copy() -> Action.Copy {
    let entry = EntryPoint.allCases[pick(EntryPoint.allCases.count)]
    let place: Place =
      pick(12) == 0 ? .address(UInt64.random(in: 0 ... .max, using: &random)) : .named(name())
    return .init(
      entry: entry, direction: entry == .checkOnly ? [.toUser, .fromUser][pick(2)] : nil,
      place: place, offset: Int64(pick(pick(4) == 0 ? 9000 : 120)) - 16,
      length: entry.valueSizes.map { $0[pick($0.count)] } ?? length(),
      user: pick(5) == 0 ? .named(name()) : nil, isConstant: pick(6) == 0,
      objectSize: pick(8) == 0 ? length() : nil)
  }

  /// The law that a copy broke.
  private func broken(_ report: CopyReport, _ after: World) -> String? {
    let (outcome, effect) = (report.outcome, report.effect)
    let moved = effect.own &+ effect.strangers
    // Behind the last address there is nothing to tell of.
    let isNarrow = after.kernel.configuration.wordSize == .bits32
    let last = isNarrow ? UInt64(UInt32.max) : .max
    guard outcome.attempt.kernel <= last - outcome.effectiveLength else { return nil }
    if moved &+ effect.clearedBytes &+ effect.untouched != outcome.effectiveLength {
      return "own \(effect.own) + not own \(effect.strangers) + cleared \(effect.clearedBytes) + "
        + "nothing \(effect.untouched) is not \(outcome.effectiveLength)"
    }
    if outcome.verdict != .allow, outcome.copied == 0, moved > 0 {
      return "refused, and \(moved) bytes moved"
    }
    return brokenPicture(report) ?? brokenDelivery(report, after)
  }

  /// The picture's runs follow each other without a gap and mark as leaky what leaked.
  private func brokenPicture(_ report: CopyReport) -> String? {
    var place = report.outcome.range.start
    for run in report.marks {
      guard run.range.start == place, run.range.length > 0 else { return "a gap in the picture" }
      place = place &+ run.range.length
    }
    let leaky = report.marks.reduce(0) { $1.mark == .leaky ? $0 &+ $1.range.length : $0 }
    let isMoving = report.outcome.verdict == .allow && !report.outcome.attempt.entry.clears
    return isMoving && leaky != report.effect.strangers
      ? "the picture shows \(leaky) bytes not the copy's own, \(report.effect.strangers) were" : nil
  }

  /// What arrived in user memory is what the kernel's memory held.
  private func brokenDelivery(_ report: CopyReport, _ after: World) -> String? {
    let outcome = report.outcome
    guard outcome.attempt.direction == .toUser, outcome.verdict == .allow, !outcome.isCheckOnly,
      !outcome.attempt.entry.clears
    else { return nil }
    let before = world.kernel.memory
    let (from, to) = (outcome.attempt.kernel, outcome.attempt.user)
    for index in 0..<min(outcome.copied, 2_000) {
      let (held, arrived) = (before[from &+ index], after.kernel.memory[to &+ index])
      guard held == arrived else {
        return "byte \(index) arrived as \(arrived), the kernel held \(held)"
      }
    }
    return nil
  }
}
