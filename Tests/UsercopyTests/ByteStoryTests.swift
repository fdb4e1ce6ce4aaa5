import KernelHistory
import Support
import Testing
import Usercopy

/// Whose bytes a copy takes and who wrote them, held against a ledger kept byte by byte.
struct ByteStoryTests {
  /// The same machine twice: the kernel, and for every byte of one slab and one stack who wrote it last.
  private struct Ledger {
    var kernel: Kernel
    /// The name of the allocation or call that wrote a byte; missing for nobody.
    var writer: [Address: Int] = [:]
    /// Live objects: address, bytes asked for, name.
    var objects: [(address: Address, size: UInt64, id: Int, holder: Holder)] = []
    /// Locals of running functions, outermost first.
    var frames: [[(local: Local, id: Int)]] = []
    var nextID = 1

    init(_ configuration: Configuration = Configuration(release: KernelVersion(6, 1))) {
      kernel = Kernel(configuration: configuration)
      kernel.addTask("demo")
    }

    mutating func alloc(size: UInt64, zeroed: Bool) {
      guard let address = kernel.kmalloc(size, label: "o\(nextID)", zeroed: zeroed),
        let holder = kernel.holder(at: address)
      else { return }
      objects.append((address, size, nextID, holder))
      if zeroed { note(address, 64, nextID) }
      nextID += 1
    }

    mutating func free(_ index: Int) {
      let object = objects.remove(at: index)
      kernel.free(object.address)
      // The freelist pointer is the allocator's own.
      for byte in 0..<UInt64(8) {
        writer[object.address + kernel.caches[0].freeptrOffset + byte] = -1
      }
    }

    mutating func call(_ sizes: [UInt64]) {
      let requests = sizes.enumerated().map { LocalRequest(name: "l\($0)", size: $1) }
      guard frames.count < 6, kernel.call("f", locals: requests) else { return }
      let frame = kernel.currentStack.frames[kernel.currentStack.frames.count - 1]
      for byte in 0..<UInt64(16) { writer[frame.framePointer + byte] = -1 }
      frames.append(
        frame.locals.map { local in
          defer { nextID += 1 }
          return (local, nextID)
        })
    }

    mutating func leave() {
      if frames.popLast() != nil { kernel.returnFromCall() }
    }

    mutating func note(_ start: Address, _ length: UInt64, _ id: Int) {
      for byte in 0..<length { writer[start + byte] = id }
    }

    /// Where writes and copies may be meant to go: objects and locals.
    var targets: [(address: Address, size: UInt64, id: Int, holder: Holder)] {
      objects
        + frames.flatMap { $0 }.compactMap { entry in
          entry.local.holder.map { (entry.local.address, entry.local.size, entry.id, $0) }
        }
    }

    /// What a byte must be to a copy out that is meant for a target.
    func isOwn(
      _ byte: Address, of target: (address: Address, size: UInt64, id: Int, holder: Holder)
    )
      -> Bool
    {
      byte >= target.address && byte - target.address < target.size
        && (writer[byte] == target.id || writer[byte] == nil)
    }
  }

  private static func attempt(
    _ target: (address: Address, size: UInt64, id: Int, holder: Holder), offset: UInt64,
    length: UInt64, _ direction: CopyDirection
  ) -> CopyAttempt {
    CopyAttempt(
      entry: direction == .toUser ? .copyToUser : .copyFromUser,
      kernel: target.address &+ offset, user: 0x1000, length: length, intent: target.holder)
  }

  /// The classes partition the range, and own is what the ledger says.
  private static func check(_ ledger: Ledger, _ attempt: CopyAttempt, isOwn: (Address) -> Bool) {
    let range = ByteRange(start: attempt.kernel, length: attempt.length)
    let runs = ledger.kernel.stories(range, of: attempt)
    var position = attempt.kernel
    for run in runs {
      #expect(run.start == position && run.length > 0)
      position = run.end
      for byte in run.start..<run.end {
        if run.story.isClean != isOwn(byte) {
          Issue.record("\(byte &- attempt.kernel): \(run.story) by \(run.author)")
          return
        }
      }
    }
    #expect(position == attempt.kernel &+ attempt.length)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func ownIsWhatTheNamedOwnerHoldsAndWrote(seed: UInt64) {
    var random = SplitMix(seed)
    var ledger = Ledger()
    for _ in 0..<1_500 {
      switch Int.random(in: 0..<8, using: &random) {
      case 0, 1:
        ledger.alloc(
          size: .random(in: 33...64, using: &random), zeroed: .random(using: &random))
      case 2:
        if ledger.objects.count > 4 {
          ledger.free(.random(in: 0..<ledger.objects.count, using: &random))
        }
      case 3: ledger.call((0..<3).map { _ in .random(in: 1...24, using: &random) })
      case 4: ledger.leave()
      default:
        guard let target = ledger.targets.randomElement(using: &random) else { continue }
        let offset = UInt64.random(in: 0..<target.size, using: &random)
        let length = UInt64.random(in: 1...(target.size - offset), using: &random)
        ledger.kernel.write(
          [UInt8](repeating: 7, count: Int(length)), at: target.address + offset,
          for: target.holder)
        ledger.note(target.address + offset, length, target.id)
      }
      guard let target = ledger.targets.randomElement(using: &random) else { continue }
      let attempt = Self.attempt(
        target, offset: .random(in: 0..<target.size, using: &random),
        length: .random(in: 1...100, using: &random), .toUser)
      Self.check(ledger, attempt) { ledger.isOwn($0, of: target) }
    }
  }

  /// Every start and length over three objects of a slab, meant for the middle one.
  @Test func everyCopyOverASlabIsAccountedFor() {
    var ledger = Ledger()
    for size in [64, 40, 64] as [UInt64] { ledger.alloc(size: size, zeroed: false) }
    for (index, object) in ledger.objects.enumerated() {
      // The middle one is written but for 8 bytes.
      let length = index == 1 ? object.size - 8 : object.size
      ledger.kernel.write([UInt8](repeating: 1, count: Int(length)), at: object.address)
      ledger.note(object.address, length, object.id)
    }
    let target = ledger.objects[1]
    var kernel = ledger.kernel
    let user = kernel.mapUser(4096)
    for start in 0..<UInt64(128) {
      for length in 1...UInt64(80) {
        var attempt = Self.attempt(target, offset: start &- 64, length: length, .toUser)
        attempt.user = user
        let outcome = kernel.judge(attempt, under: .linux4_8, recording: false)
        let effect = kernel.effect(outcome)
        #expect(effect.own + effect.leaked + effect.untouched == length)
        let first = attempt.kernel
        let own = (0..<effect.own + effect.leaked).filter {
          ledger.isOwn(first + $0, of: target)
        }
        #expect(effect.own == UInt64(own.count))
      }
    }
  }

  /// What is overwritten beside the named object is harmed, and from then on not its owner's.
  @Test func whatACopyInHarmsIsTold() {
    var ledger = Ledger()
    for _ in 0..<2 { ledger.alloc(size: 64, zeroed: true) }
    let user = ledger.kernel.mapUser(4096)
    ledger.kernel.write([UInt8](repeating: 0x41, count: 128), at: user)
    let (target, victim) = (ledger.objects[0], ledger.objects[1])
    var attempt = Self.attempt(target, offset: 56, length: 24, .fromUser)
    attempt.entry = .copyFromUserNocheck
    attempt.user = user
    let outcome = ledger.kernel.judge(attempt, under: .rfcV1)
    let effect = ledger.kernel.effect(outcome)
    #expect(effect.own == 8 && effect.harmed == 16 && effect.leaked == 0)
    #expect(effect.told.map(\.label) == ["o2"])
    ledger.kernel.apply(outcome)
    let out = ledger.kernel.stories(
      ByteRange(start: victim.address, length: 64),
      of: Self.attempt(victim, offset: 0, length: 64, .toUser))
    #expect(out.map(\.story) == [.unwritten, .own])
    #expect(out[0].length == 16 && out[0].stale == target.holder)
  }

  @Test func initOnAllocLeavesNothingUnwritten() {
    for (alloc, free, leaked) in [
      (false, false, UInt64(64)), (true, false, 0), (false, true, 0),
    ] {
      var configuration = Configuration(release: KernelVersion(6, 1))
      (configuration.initOnAlloc, configuration.initOnFree) = (alloc, free)
      var ledger = Ledger(configuration)
      ledger.alloc(size: 64, zeroed: false)
      ledger.kernel.write([UInt8](repeating: 9, count: 64), at: ledger.objects[0].address)
      ledger.free(0)
      ledger.alloc(size: 64, zeroed: false)
      let attempt = Self.attempt(ledger.objects[0], offset: 0, length: 64, .toUser)
      let effect = ledger.kernel.effect(
        ledger.kernel.judge(attempt, under: .linux6_1))
      // The freelist pointer in cleared memory is wiped as it is handed out.
      let told = ledger.kernel.stories(
        ByteRange(start: attempt.kernel, length: 64), of: attempt
      ).filter { !$0.story.isClean }.reduce(0) { $0 + $1.length }
      #expect(told == leaked, "\(alloc) \(free)")
      #expect(effect.isAssumed == false)
    }
  }

  @Test func paddingOfADeclaredStructureIsSeen() throws {
    let layout = StructLayout([
      .init(name: "kind", size: 1), .init(name: "id", size: 4),
      .init(name: "name", size: 6, align: 1),
    ])
    #expect(layout.size == 16 && layout.fields.map(\.offset) == [0, 4, 8])
    var kernel = Kernel(configuration: Configuration(release: KernelVersion(6, 1)))
    kernel.addTask("demo")
    let made = kernel.kmalloc(16, label: "info", layout: layout)
    let address = try #require(made)
    let holder = try #require(kernel.holder(at: address))
    for field in layout.fields {
      kernel.write(
        [UInt8](repeating: 1, count: Int(field.size)), at: address + field.offset, for: holder)
    }
    let attempt = CopyAttempt(
      entry: .copyToUser, kernel: address, user: 0x1000, length: 16, intent: holder)
    let runs = kernel.stories(ByteRange(start: address, length: 16), of: attempt)
    #expect(runs.filter(\.isPadding).map(\.length) == [3, 2])
    #expect(runs.filter { $0.story == .fresh }.map(\.isPadding) == [true, true])
    #expect(runs.compactMap(\.field) == ["kind", "id", "name"])
  }

  @Test func aCanaryStandsBetweenLocalsAndTheSavedFramePointer() throws {
    var configuration = Configuration(release: KernelVersion(6, 1))
    configuration.stackProtector = true
    var kernel = Kernel(configuration: configuration)
    kernel.addTask("demo")
    kernel.call("f", locals: [LocalRequest(name: "buf", size: 16, initial: .zero)])
    let buffer = try #require(kernel.local(named: "buf"))
    let attempt = CopyAttempt(
      entry: .copyToUser, kernel: buffer.address, user: 0x1000, length: 24, intent: buffer.holder)
    let outcome = kernel.judge(attempt, under: .linux6_1)
    #expect(outcome.verdict == .allow)
    let runs = kernel.stories(ByteRange(start: buffer.address, length: 24), of: attempt)
    #expect(runs.map(\.story) == [.own, .kernelData])
    #expect(runs.map(\.kind) == [.local, .canary])
    #expect(kernel.memory[buffer.address + 16] == 0)
    #expect(kernel.memory.word(at: buffer.address + 16, size: .bits64) != 0)
  }
}
