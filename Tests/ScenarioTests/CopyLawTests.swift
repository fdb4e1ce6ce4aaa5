import Laws
import Simulation
import Testing
import Usercopy

/// The laws of copies on small machines, exhaustively, and in short walks; .ci/nightly walks further.
struct CopyLawTests {
  /// A machine, and the ledger kept beside it while it was set up.
  struct Scene {
    var world: World
    var ledger = ByteLedger()

    init(_ configuration: Configuration, _ era: Era, _ actions: [Action]) {
      world = World(configuration: configuration, era: era)
      for action in actions {
        let (next, events) = World.step(world, action)
        ledger.note(action, events, world, next)
        world = next
      }
    }

    /// What a copy breaks, and its report; nil for a copy that cannot be made.
    func check(_ copy: Action.Copy) -> (broken: String?, report: CopyReport)? {
      let (next, events) = World.step(world, .copy(copy))
      for case .copied(let report) in events {
        let broken = CopyLaws(report, before: world.kernel, after: next.kernel).broken
        return (broken ?? ledger.broken(report, on: world), report)
      }
      return nil
    }
  }

  /// Entry points that ask nothing of the kernel side, one that clears what does not come, and a bare check.
  static let entries: [EntryPoint] = [
    .copyToUser, .copyFromUserNocheck, .copyFromUser, .strncpyFromUser, .checkOnly,
  ]

  private static func alloc(
    _ name: String, _ size: UInt64, written: Int = 0, zeroed: Bool = false
  ) -> Action {
    .alloc(
      .init(
        cache: nil, size: size, name: name, bytes: [UInt8](repeating: 7, count: written),
        isZeroed: zeroed))
  }

  /// Six slots of 16 bytes: written in part, never written, zeroed, freed, reused, and what nobody had yet.
  static let slab: [Action] = [
    alloc("part", 13, written: 9), alloc("raw", 16), alloc("zero", 11, zeroed: true),
    alloc("gone", 16, written: 16), alloc("old", 16, written: 16), .free("gone"), .free("old"),
    alloc("new", 16, written: 3),
    .user(.init(name: "page", length: 4096, protection: .readWrite, bytes: [5, 6, 0])),
  ]

  /// Frames with locals written, initialised, left over from a function that returned, and a canary.
  static let stack: [Action] = [
    .call(.init(function: "outer", locals: [.init(name: "kept", size: 12, initial: .zero)])),
    .call(.init(function: "gone", locals: [.init(name: "typed", size: 24, initial: .none)])),
    .write(place: .named("typed"), offset: 0, bytes: [UInt8](repeating: 9, count: 24)),
    .return,
    .call(
      .init(
        function: "inner",
        locals: [
          .init(name: "flag", size: 3, initial: .zero),
          .init(name: "name", size: 13, initial: .none),
        ])),
    .write(place: .named("name"), offset: 2, bytes: [1, 2, 3, 4]),
    .user(.init(name: "page", length: 4096, protection: .readWrite, bytes: [5, 6, 0])),
  ]

  /// Every copy of up to `longest` bytes around some places, its user side whole or cut short; what was met.
  private func sweep(_ scene: Scene, _ names: [String], _ longest: UInt64) -> Set<ByteStory> {
    var met: Set<ByteStory> = []
    for name in names {
      for offset in Int64(-20)..<36 {
        for length in 1...longest {
          for (index, entry) in Self.entries.enumerated() {
            let isCut = (Int(length) + index).isMultiple(of: 3)
            var copy = Action.Copy(
              entry: entry, direction: entry == .checkOnly ? .toUser : nil, place: .named(name),
              offset: offset, length: length)
            copy.user = isCut ? .named("page") : nil
            guard let (broken, report) = scene.check(copy) else { continue }
            met.formUnion((report.effect.moved + report.effect.cleared).map(\.story))
            if let broken {
              Issue.record("\(name)\(offset) \(entry) \(length): \(broken)")
              return met
            }
          }
        }
      }
    }
    return met
  }

  @Test(arguments: [(Allocator.slub, false, false), (.slab, false, true), (.slub, true, false)])
  func everyCopyOverASmallSlab(allocator: Allocator, onAlloc: Bool, onFree: Bool) {
    var configuration = Configuration(allocator: allocator)
    (configuration.initOnAlloc, configuration.initOnFree) = (onAlloc, onFree)
    // Without the check all ranges go through, whoever has them.
    configuration.hardenedUsercopy = false
    let scene = Scene(configuration, .linux6_1, Self.slab)
    let met = sweep(scene, ["part", "raw", "zero", "new"], 40)
    var wanted: Set<ByteStory> = [.own, .slack, .otherObject]
    if !onAlloc, !onFree { wanted.formUnion([.unwritten, .freed]) }
    #expect(met.isSuperset(of: wanted), "\(met)")
  }

  @Test(arguments: [true, false]) func everyCopyOverASmallStack(canary: Bool) {
    var configuration = Configuration()
    configuration.stackProtector = canary
    configuration.hardenedUsercopy = false
    let met = sweep(Scene(configuration, .linux6_1, Self.stack), ["name", "flag", "kept"], 48)
    #expect(
      met.isSuperset(of: [.own, .unwritten, .slack, .otherLocal, .freed, .kernelData]), "\(met)")
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func walksOnMachinesOfEveryKind(seed: UInt64) {
    var walk = MachineWalk(seed)
    let broken = walk.walk(2_000)
    #expect(broken == nil, "\(broken ?? "")")
  }

  /// What is told falsely breaks a law: none of them is empty.
  @Test func falseTalesAreFound() throws {
    let scene = Scene(Configuration(), .rfcV1, Self.slab)
    let copy = Action.Copy(entry: .copyToUser, place: .named("part"), length: 16)
    let (next, events) = World.step(scene.world, .copy(copy))
    let report = try #require(
      events.compactMap { if case .copied(let report) = $0 { report } else { nil } }.first)
    func broken(_ change: (inout CopyReport) -> Void, _ kernel: Kernel? = nil) -> String? {
      var changed = report
      change(&changed)
      return CopyLaws(changed, before: scene.world.kernel, after: kernel ?? next.kernel).broken
        ?? scene.ledger.broken(changed, on: scene.world)
    }
    #expect(broken { _ in } == nil)
    try #require(report.effect.own == 13 && report.effect.leaked == 3)
    #expect(broken { $0.effect.untouched += 1 } != nil)
    #expect(broken { $0.effect.moved[0].length -= 1 } != nil)
    #expect(broken { $0.effect.moved.removeLast() } != nil)
    #expect(broken { $0.effect.moved[2].story = .own } != nil)
    #expect(broken { $0.effect.moved[0].story = .unwritten } != nil)
    #expect(broken { $0.marks[1].mark = .allowed } != nil)
    #expect(broken { $0.marks.removeLast() } != nil)
    #expect(broken { $0.outcome.copied -= 1 } != nil)
    #expect(broken { $0.outcome.notCopied = 1 } != nil)
    var kernel = next.kernel
    kernel.write([8], at: report.outcome.attempt.user)
    #expect(broken({ _ in }, kernel) != nil)
    kernel = next.kernel
    kernel.write([8], at: report.outcome.attempt.user + 16)
    #expect(broken({ _ in }, kernel) != nil)
  }
}
