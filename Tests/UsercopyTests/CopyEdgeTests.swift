import KernelHistory
import Testing
import Usercopy

/// Copies that stop half way, wrap around, or whose user side is no user memory: what is told is what became of
/// the bytes.
struct CopyEdgeTests {
  /// Two objects of 64 bytes behind each other, and a page of user memory with nothing behind it.
  private struct Scene {
    var kernel: Kernel
    var first, second, user: Address
    var owner: Holder?

    init(_ era: Era, _ architecture: Architecture = .x86_64) throws {
      kernel = Kernel(
        configuration: Configuration(architecture: architecture, release: era.release))
      kernel.addTask("demo")
      let made = [kernel.kmalloc(64, label: "first"), kernel.kmalloc(64, label: "second")]
      (first, second) = (try #require(made[0]), try #require(made[1]))
      for object in [first, second] {
        kernel.write([UInt8](repeating: 0x41, count: 64), at: object)
      }
      user = kernel.mapUser(4096)
      kernel.write([UInt8](repeating: 0x62, count: 4096), at: user)
      owner = kernel.holder(at: first)
    }

    func attempt(_ entry: EntryPoint, _ length: UInt64, user: Address) -> CopyAttempt {
      CopyAttempt(entry: entry, kernel: first, user: user, length: length, intent: owner)
    }

    /// Makes a copy; what came of it, and what it did.
    mutating func copy(_ attempt: CopyAttempt, _ era: Era) -> (CopyOutcome, CopyEffect) {
      let outcome = kernel.judge(attempt, under: era)
      let effect = kernel.effect(outcome)
      kernel.apply(outcome)
      return (outcome, effect)
    }
  }

  @Test(arguments: Era.all) func aStringEndsWhereUserMemoryDoes(era: Era) throws {
    var scene = try Scene(era)
    let attempt = scene.attempt(.strncpyFromUser, 64, user: scene.user + 4096 - 10)
    let (outcome, effect) = scene.copy(attempt, era)
    #expect(outcome.returned?.value == -14 && outcome.copied == 10 && outcome.isCutShort)
    #expect(effect.own == 10 && effect.untouched == 54)
    #expect(
      scene.kernel.memory.read(scene.first, count: 11)
        == [UInt8](repeating: 0x62, count: 10) + [0x41])
    // A string that ends is whole, however long the buffer is.
    scene.kernel.write([0x63, 0], at: scene.user + 4094)
    let (whole, _) = scene.copy(
      scene.attempt(.strncpyFromUser, 64, user: scene.user + 4094), era)
    #expect(whole.returned?.value == 1 && whole.copied == 2 && !whole.isCutShort)
  }

  @Test(arguments: Era.all) func whatUserRoutinesSayIsDone(era: Era) throws {
    var scene = try Scene(era)
    let other = scene.kernel.mapUser(4096)
    let (user, end) = (scene.user, other + 4096)
    var attempt = scene.attempt(.copyInUser, 100, user: end - 64)
    (attempt.kernel, attempt.intent) = (user, nil)
    let (moved, _) = scene.copy(attempt, era)
    #expect(moved.copied == 64 && moved.leftOver == 36)
    #expect(scene.kernel.memory.read(end - 64, count: 64).allSatisfy { $0 == 0x62 })
    attempt = scene.attempt(.clearUser, 100, user: end - 8)
    attempt.kernel = end - 8
    let (cleared, _) = scene.copy(attempt, era)
    #expect(cleared.leftOver == 92)
    #expect(
      scene.kernel.memory.read(end - 9, count: 9) == [0x62] + [UInt8](repeating: 0, count: 8))
  }

  /// `__put_user()` and `__copy_to_user()` leave `access_ok()` to their caller.
  @Test(arguments: Era.all) func aUserPointerIntoTheKernelHarms(era: Era) throws {
    for entry in [EntryPoint.putUserUnchecked, .copyToUserNocheck] {
      var scene = try Scene(era, entry == .putUserUnchecked ? .x86_64 : .generic)
      var attempt = scene.attempt(entry, 8, user: scene.second)
      attempt.userAccessOK = true
      let (outcome, effect) = scene.copy(attempt, era)
      #expect(outcome.verdict == .allow && effect.own == 8)
      #expect(effect.harmed == 8 && effect.leaked == 0 && effect.toll == 8)
      #expect(effect.told.map(\.label) == ["second"])
      let victim = CopyAttempt(
        entry: .copyToUser, kernel: scene.second, user: scene.user, length: 64,
        intent: scene.kernel.holder(at: scene.second))
      let runs = scene.kernel.stories(ByteRange(start: scene.second, length: 64), of: victim)
      #expect(runs.map(\.story) == [.unwritten, .own] && runs[0].stale == scene.owner)
    }
    var scene = try Scene(era)
    var attempt = scene.attempt(.getUserUnchecked, 8, user: scene.second)
    attempt.direction = .fromUser
    let (_, effect) = scene.copy(attempt, era)
    #expect(effect.leaked == 8 && effect.harmed == 0 && effect.own == 8)
  }

  @Test func behindWhatWasAskedForAnAreaIsSlack() throws {
    var kernel = Kernel(configuration: Configuration(release: .of2011))
    let area = kernel.vmalloc(100, name: "area")
    let loaded = kernel.loadModule(.data, size: 256, bytes: [1], name: "settings")
    for (start, size) in [(area, UInt64(100)), (try #require(loaded), 256)] {
      let attempt = CopyAttempt(
        entry: .copyToUser, kernel: start, user: kernel.mapUser(4096), length: size + 44,
        intent: kernel.holder(at: start))
      let effect = kernel.effect(kernel.judge(attempt, under: .rfcV1))
      #expect(effect.own == size && effect.leaked == 44)
      #expect(effect.told.map(\.story) == [.slack])
    }
  }

  /// Lengths near the end of the address space and beyond it, at any start.
  @Test(arguments: [Architecture.x86_64, .x86_32, .generic])
  func lengthsThatWrapAreAccountedFor(architecture: Architecture) throws {
    var passed = 0
    for era in Era.all {
      let scene = try Scene(era, architecture)
      let top = scene.kernel.configuration.wordSize.top
      for start in [0, scene.user, scene.first, top - 4096, top - 1, top] {
        for length in [
          1, 4095, 4096, 1 << 31, 1 << 32, (1 << 32) + 64, .max - 7, .max,
        ] as [UInt64] {
          for entry in [EntryPoint.checkOnly, .copyToUser, .copyFromUserNocheck, .readMem] {
            var attempt = scene.attempt(entry, length, user: scene.user)
            (attempt.kernel, attempt.intent) = (start, nil)
            let outcome = scene.kernel.judge(attempt, under: era, recording: false)
            let effect = scene.kernel.effect(outcome)
            passed += outcome.verdict == .allow ? 1 : 0
            let sum = effect.own &+ effect.strangers &+ effect.clearedBytes &+ effect.untouched
            #expect(sum == outcome.effectiveLength, "\(era.id) \(entry) \(start)+\(length)")
            let drawn = scene.kernel.marks(outcome).reduce(0) { $0 &+ $1.range.length }
            #expect(drawn == min(outcome.effectiveLength, top - start))
          }
        }
      }
    }
    #expect(passed > 300)
  }

  /// Routines that hand back no count fall short as well.
  @Test(arguments: Era.all) func whatDoesNotMoveIsLeftOver(era: Era) throws {
    var scene = try Scene(era)
    let hole = scene.user + 4096
    for entry in [EntryPoint.putUser, .getUser] {
      var attempt = scene.attempt(entry, 8, user: hole)
      attempt.direction = entry.direction
      let (outcome, effect) = scene.copy(attempt, era)
      #expect(outcome.verdict == .allow && outcome.movedNothing && outcome.leftOver == 8)
      #expect(effect.own == 0 && effect.toll == 0)
    }
    var attempt = scene.attempt(.readMem, 8192, user: scene.user)
    attempt.kernel = scene.kernel.takePages(order: 1, label: "pages")
    let (outcome, _) = scene.copy(attempt, era)
    #expect(outcome.copied == 4096 && outcome.leftOver == 4096 && !outcome.movedNothing)
  }

  /// What the user's side did not give is cleared, what it gave stays, even where the two overlap.
  @Test(arguments: [Era.rfcV1, .rfcV3, .pax, .pax314, .linux4_8, .linux6_1])
  func theRestOfABufferIsCleared(era: Era) throws {
    var scene = try Scene(era)
    let (outcome, effect) = scene.copy(
      scene.attempt(.copyFromUser, 64, user: scene.user + 4096 - 24), era)
    #expect(outcome.copied == 24 && effect.clearedBytes == 40 && effect.untouched == 0)
    #expect(
      scene.kernel.memory.read(scene.first, count: 64)
        == [UInt8](repeating: 0x62, count: 24) + [UInt8](repeating: 0, count: 40))
  }
}
