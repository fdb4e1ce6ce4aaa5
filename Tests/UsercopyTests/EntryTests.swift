import KernelHistory
import Support
import Testing
import Text
import Usercopy

/// What the copy routines do around the checks.
struct EntryTests {
  static let object: UInt64 = 64

  /// A kmalloc object filled with its own pattern, and a user buffer filled with another.
  static func scene(_ era: Era, mapped: UInt64 = 4096) -> (
    kernel: Kernel, object: Address, user: Address
  ) {
    var kernel = Scenes.kernel(era.release)
    let address = kernel.kmalloc(object, label: "o") ?? 0
    kernel.write((0..<object).map { UInt8($0) | 0x80 }, at: address)
    let user: Address = 0x7000_0000_0000
    kernel.map(start: user, length: mapped)
    kernel.write([UInt8](repeating: 0x11, count: Int(mapped)), at: user)
    return (kernel, address, user)
  }

  /// An allowed copy moves the bytes asked for and no others; a refused one moves none.
  @Test(arguments: Era.all) func nothingMovesButWhatWasAsked(era: Era) {
    for entry in [EntryPoint.copyToUser, .copyFromUser] {
      for start in stride(from: UInt64(0), through: 72, by: 8) {
        for length in stride(from: UInt64(0), through: 81, by: 9) {
          var (kernel, object, user) = Self.scene(era)
          let before = kernel.memory
          let attempt = CopyAttempt(
            entry: entry, kernel: object + start, user: user, length: length)
          let outcome = kernel.copy(attempt, under: era)
          let (from, to) =
            entry == .copyToUser ? (object + start, user) : (user, object + start)
          let moved = outcome.verdict == .allow ? Int(length) : 0
          #expect(outcome.copied == UInt64(moved))
          #expect(
            difference(kernel.memory.read(to, count: moved), before.read(from, count: moved)) == nil
          )
          // Put back what was to change: everything must be as it was.
          kernel.write(before.read(to, count: moved), at: to)
          #expect(
            difference(kernel.memory.read(user, count: 256), before.read(user, count: 256)) == nil)
          #expect(
            difference(
              kernel.memory.read(object - 64, count: 256), before.read(object - 64, count: 256))
              == nil)
        }
      }
    }
  }

  @Test(arguments: Era.all) func zeroLengthIsLetThroughButForTheFirstStacksOfTheRFC(era: Era) {
    var (kernel, object, _) = Self.scene(era)
    kernel.call("f")
    let frame = kernel.currentStack.frames[0].framePointer
    for address in [0, 16, object, object + 1000, .max, kernel.layout.text.lowerBound] {
      #expect(Scenes.allows(kernel, Scenes.check(address, 0), era), "\(era.id) \(address)")
    }
    let touches = Scenes.allows(kernel, Scenes.check(frame + 1, 0), era)
    #expect(touches == !["rfc-v1", "rfc-v2"].contains(era.id), "\(era.id)")
  }

  @Test func lengthsAboveIntMaxAreTheCallersBusinessSince55() {
    for (era, isGated) in [
      (Era.linux4_8, false), (.linux4_16, false), (.linux5_10, true), (.linux7_2, true),
    ] {
      let (kernel, object, user) = Self.scene(era)
      for length in [UInt64(0x7fff_ffff), 0x8000_0000, .max] {
        let outcome = kernel.judge(
          CopyAttempt(entry: .copyFromUser, kernel: object, user: user, length: length), under: era)
        let gate = isGated && length > 0x7fff_ffff
        #expect(outcome.verdict == .deny)
        #expect(outcome.refuser == (gate ? .lengthOverIntMax : .hardenedUsercopy))
        #expect(outcome.notCopied == (gate ? length : nil) && outcome.isFatal == !gate)
        // The bare check has no gate in front.
        let bare = kernel.judge(Scenes.check(object, length), under: era)
        #expect(bare.refuser == .hardenedUsercopy)
      }
    }
  }

  @Test func theCompilersSizeComesFirst() {
    let (kernel, object, user) = Self.scene(.linux6_1)
    for known in [UInt64(63), 64, 65] {
      let outcome = kernel.judge(
        CopyAttempt(
          entry: .copyToUser, kernel: object, user: user, length: 64, objectSize: known),
        under: .linux6_1)
      #expect((outcome.verdict == .deny) == (known < 64))
      #expect(outcome.warnings == (known < 64 ? ["Buffer overflow detected (63 < 64)!"] : []))
    }
  }

  @Test func constantLengthsAndTheBootSwitchSkipTheCheck() {
    for era in Scenes.hardened {
      var (kernel, object, user) = Self.scene(era)
      var attempt = CopyAttempt(entry: .copyToUser, kernel: object + 1, user: user, length: 64)
      #expect(kernel.judge(attempt, under: era).verdict == .deny)
      attempt.isConstant = true
      #expect(kernel.judge(attempt, under: era).verdict == .allow)
      attempt.isConstant = false
      // A kernel without the switch that makes no checks was built without them.
      kernel.configuration.hardenedUsercopy = false
      #expect(kernel.judge(attempt, under: era).verdict == .allow)
      #expect(kernel.judge(Scenes.check(0, 1), under: era).verdict == .allow)
      // The switch of another kernel says nothing to rules that do not know it.
      kernel.configuration.release = KernelVersion(6, 1)
      let isKnown = era.release >= KernelVersion(4, 19)
      #expect((kernel.judge(attempt, under: era).verdict == .allow) == isKnown, "\(era.id)")
      #expect((kernel.judge(Scenes.check(0, 1), under: era).verdict == .allow) == isKnown)
      kernel.configuration.release = era.release
      kernel.configuration.hardenedUsercopy = true
      kernel.configuration.allocator = .slob
      #expect(kernel.judge(attempt, under: era).verdict == .allow)
    }
  }

  /// User memory that ends early: the rest of the kernel buffer is cleared, nothing else.
  @Test func faultsEndCopiesShort() {
    for mapped in [UInt64(0), 1, 63] {
      var (kernel, object, user) = Self.scene(.linux6_1, mapped: mapped)
      let inward = kernel.copy(
        CopyAttempt(entry: .copyFromUser, kernel: object, user: user, length: 64), under: .linux6_1)
      #expect(inward.notCopied == 64 - mapped && inward.verdict == .allow)
      let wanted =
        [UInt8](repeating: 0x11, count: Int(mapped))
        + [UInt8](repeating: 0, count: Int(64 - mapped))
      #expect(difference(kernel.memory.read(object, count: 64), wanted) == nil)
      let outward = kernel.copy(
        CopyAttempt(entry: .copyToUser, kernel: object, user: user, length: 64), under: .linux6_1)
      #expect(outward.notCopied == 64 - mapped)
    }
    var (kernel, object, _) = Self.scene(.linux6_1)
    let refused = kernel.copy(
      CopyAttempt(
        entry: .copyFromUser, kernel: object, user: kernel.layout.userTop - 10, length: 64),
      under: .linux6_1)
    #expect(refused.notCopied == 64 && refused.refuser == .accessOK && refused.copied == 0)
    // The clearing that follows dies where the kernel has no memory.
    let area = kernel.vmalloc(4096, name: "a")
    let dead = kernel.copy(
      CopyAttempt(
        entry: .copyFromUser, kernel: area + 4000, user: kernel.layout.userTop - 10, length: 96 + 4),
      under: .linux6_1)
    #expect(dead.isFatal && dead.sideEffects == [.zeroedTail(from: 0, length: 96)])
  }

  /// Writing where the kernel has no memory is an oops, reading it only ends the copy.
  @Test func kernelFaults() {
    var (kernel, _, user) = Self.scene(.linux6_1)
    let area = kernel.vmalloc(4096, name: "a")
    for (entry, isOops) in [(EntryPoint.copyToUser, false), (.copyFromUser, true)] {
      let outcome = kernel.copy(
        CopyAttempt(entry: entry, kernel: area + 4000, user: user, length: 200), under: .linux6_1)
      #expect(outcome.verdict == .allow && outcome.copied == 96)
      #expect(outcome.notCopied == (isOops ? nil : 104) && outcome.isFatal == isOops)
    }
    // Dead in the middle of the copy: what user memory did not fill is not cleared any more. Dead in the
    // middle of the clearing: it goes as far as there is memory.
    for (mapped, clears) in [(UInt64(150), false), (50, true)] {
      var (kernel, _, user) = Self.scene(.linux6_1, mapped: mapped)
      let area = kernel.vmalloc(4096, name: "a")
      let outcome = kernel.copy(
        CopyAttempt(entry: .copyFromUser, kernel: area + 4000, user: user, length: 200),
        under: .linux6_1)
      #expect(outcome.isFatal && outcome.copied == min(mapped, 96))
      #expect(
        outcome.sideEffects == (clears ? [.zeroedTail(from: mapped, length: 96 - mapped)] : []))
    }
  }

  /// Where each release and patch puts its checks.
  @Test func checkedEntryPoints() {
    func refused(_ era: Era) -> Set<EntryPoint> {
      let (kernel, object, user) = Self.scene(era)
      return Set(
        EntryPoint.allCases.filter {
          kernel.judge(
            CopyAttempt(entry: $0, kernel: object + 1, user: user, length: 64), under: era
          ).isCaught
        })
    }
    let plain: Set<EntryPoint> = [
      .copyToUser, .copyFromUser, .copyFromUserUnchecked, .copyStructFromUser, .checkOnly,
    ]
    // x86-64's __copy_to_user() has the user pointer looked at, in v2 and v3.
    #expect(refused(.rfcV2) == plain.union([.copyOldmemPage]))
    #expect(refused(.rfcV3) == refused(.rfcV2))
    let old = plain.union([
      .copyToUserUnchecked, .copyFromUserOutOfLine, .copyOldmemPage, .writeMem, .doWriteKmem,
      .readKmem,
      // On x86-64 these end in __copy_*_user_nocheck(), which has had the check from the start.
      .copyToUserInatomic, .copyFromUserInatomic, .probeKernelRead, .probeKernelWrite,
    ])
    // read_mem() got a buffer of its own with 4.16.
    #expect(refused(.linux4_8) == old.union([.readMem]))
    let later = old.union([.strncpyFromUser, .strncpyFromUserUnchecked])
    #expect(refused(.linux4_16) == later)
    #expect(refused(.linux7_2) == later)
    // What was removed is not compared with.
    let (kernel, object, user) = Self.scene(.linux6_1)
    for (entry, last) in [
      (EntryPoint.probeKernelRead, "linux-4.16"), (.readKmem, "linux-5.10"),
      (.doWriteKmem, "linux-5.10"), (.copyInUser, "linux-5.10"), (.copyToUser, "linux-7.2"),
    ] {
      let attempt = CopyAttempt(entry: entry, kernel: object, user: user, length: 8)
      #expect(kernel.erasThatKnow(attempt).last?.id == last, "\(entry)")
    }
  }

  @Test func rfcV2ChecksTheUserPointerOfCopyToUser() {
    var (kernel, object, _) = Self.scene(.rfcV2)
    let wrong = kernel.judge(
      CopyAttempt(
        entry: .copyToUserUnchecked, kernel: 0x7000_0000_0000, user: object + 1, length: 64),
      under: .rfcV2)
    #expect(wrong.refuser == .slab)
    #expect(
      wrong.log == [
        "slab_access_ok failed, ptr = \((object + 1).hex(width: 16)), length = 64"
      ])
    kernel.configuration = Configuration(architecture: .generic, wordSize: .bits64)
    let generic = kernel.judge(
      CopyAttempt(entry: .copyToUser, kernel: object + 1, user: 0x7000_0000_0000, length: 64),
      under: .rfcV2)
    #expect(generic.verdict == .allow)
  }

  @Test func rfcHelperSkipsKnownAndConstantSizes() {
    for era in [Era.rfcV2, .rfcV3] {
      let (kernel, object, user) = Self.scene(era)
      var attempt = CopyAttempt(entry: .copyToUser, kernel: object + 1, user: user, length: 64)
      attempt.isConstant = true
      #expect(kernel.judge(attempt, under: era).verdict == .allow)
      attempt.isConstant = false
      attempt.objectSize = 64
      #expect(kernel.judge(attempt, under: era).verdict == .allow)
      attempt.objectSize = 63
      let outcome = kernel.judge(attempt, under: era)
      #expect(outcome.refuser == .objectSize && outcome.notCopied == 64)
      let shown = (object + 1).hex(width: 16)
      #expect(
        outcome.log == [
          era.id == "rfc-v2"
            ? "kernel_access_ok(static) failed, ptr = \(shown), length = 64"
            : "kernel memory leak attempt detected from \(shown) (64 bytes)"
        ])
    }
  }
}
