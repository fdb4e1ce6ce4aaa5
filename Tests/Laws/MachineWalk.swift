import Simulation
import Support
import Usercopy

/// Actions of every kind on machines of every kind, and laws about the bytes that copies move.
public struct MachineWalk {
  private var random: SplitMix
  private var world = World(configuration: Configuration(), era: .linux6_1)
  private var names = [World.userBuffer]
  private var made = 0
  private var ledger = ByteLedger()

  /// A walk; the same seed walks the same way.
  public init(_ seed: UInt64) { random = SplitMix(seed) }

  /// Walks; what broke, if something did.
  public mutating func walk(_ steps: Int) -> String? {
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
      ledger.note(action, events, world, next)
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
    configuration.framePointer = pick(4) != 0
    configuration.stackProtector = pick(4) == 0
    configuration.freelistHardened = pick(4) == 0
    world = World(configuration: configuration, era: Era.all[pick(Era.all.count)])
    (names, made) = ([World.userBuffer], 0)
    ledger = ByteLedger()
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
    case 2:
      [4096, 8192, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 32) + 64, .max, .max - 7][pick(8)]
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
          locals: (0...pick(3)).map { _ in
            .init(
              name: fresh(), size: UInt64(1 + pick(200)), initial: pick(4) == 0 ? .zero : .none)
          }))
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

  /// Anywhere, or near an end of the address space.
  private mutating func address() -> Place {
    switch pick(4) {
    case 0: .address(.max - UInt64(pick(300)))
    case 1: .address((1 << 32) - UInt64(pick(300)))
    default: .address(UInt64.random(in: 0 ... .max, using: &random))
    }
  }

  private mutating func copy() -> Action.Copy {
    let entry = EntryPoint.allCases[pick(EntryPoint.allCases.count)]
    let place: Place =
      pick(12) == 0 ? address() : .named(name())
    return .init(
      entry: entry, direction: entry == .checkOnly ? [.toUser, .fromUser][pick(2)] : nil,
      place: place, offset: Int64(pick(pick(4) == 0 ? 9000 : 120)) - 16,
      length: entry.valueSizes.map { $0[pick($0.count)] } ?? length(),
      user: pick(5) == 0 ? .named(name()) : nil, isConstant: pick(6) == 0,
      objectSize: pick(8) == 0 ? length() : nil)
  }

  /// The law that a copy broke.
  private func broken(_ report: CopyReport, _ after: World) -> String? {
    CopyLaws(report, before: world.kernel, after: after.kernel).broken
      ?? ledger.broken(report, on: world)
  }
}
