import KernelHistory
import Testing
import Usercopy

/// Every start and length over a small stack, against intervals written down anew.
struct StackSweepTests {
  static let stack: Address = 0xffff_8880_2000_0000
  static let size: UInt64 = 128
  /// Saved frame pointers, innermost first, and the lowest byte of the innermost frame.
  static let frames: [Address] = [stack + 48, stack + 80, stack + 112]
  static let caller: Address = stack + 32

  /// A task whose three frames lie as above; nothing is mapped below or above its stack.
  static func kernel(_ release: KernelVersion, frames: Bool, word: WordSize = .bits64) -> Kernel {
    var kernel = Kernel(
      configuration: Configuration(
        architecture: word == .bits64 ? .x86_64 : .x86_32, framePointer: frames, release: release),
      modern: word == .bits64)
    let shift = word == .bits64 ? 0 : stack - 0xc200_0000
    kernel.addTask("task", size: size, base: stack - shift)
    var lower = caller - shift
    var made: [Frame] = []
    for pointer in Self.frames {
      made.insert(
        Frame(function: "f", framePointer: pointer - shift, stackPointer: lower), at: 0)
      lower = pointer - shift + 2 * word.bytes
    }
    kernel.layFrames(made)
    kernel.fixStackPointers(check: caller - 24 - shift, report: caller - 16 - shift)
    return kernel
  }

  static func sweep(_ body: (Address, UInt64) -> Void) {
    for start in stack - 20..<stack + size + 20 {
      for length in 1...UInt64(70) { body(start, length) }
    }
  }

  static func touches(_ start: Address, _ length: UInt64) -> Bool {
    start < stack + size && start + length > stack
  }

  static func isInside(_ start: Address, _ length: UInt64) -> Bool {
    start >= stack && start + length <= stack + size
  }

  /// Between one saved pair of registers and the next frame pointer.
  static func isInOneFrame(_ start: Address, _ length: UInt64) -> Bool {
    let lower = [caller] + frames.map { $0 + 16 }
    return zip(lower, frames).contains { start >= $0 && start + length <= $1 }
  }

  @Test(arguments: [
    Era.rfcV1, .rfcV2, .rfcV3, .pax, .pax314, .linux4_8, .linux4_16, .linux5_10, .linux6_1,
    .linux7_2,
  ]) func framesAreTheAllowedSet(era: Era) {
    let kernel = Self.kernel(era.release, frames: true)
    Self.sweep { start, length in
      let got = Scenes.allows(kernel, Scenes.check(start, length), era)
      if got != (!Self.touches(start, length) || Self.isInOneFrame(start, length)) {
        Issue.record("\(era.id) \(start &- Self.stack)+\(length): \(got)")
      }
    }
  }

  @Test(arguments: [
    Era.rfcV1, .rfcV2, .rfcV3, .pax, .pax314, .linux4_8, .linux4_16, .linux5_10,
  ]) func withoutFramesTheOutlineIsTheAllowedSet(era: Era) {
    let kernel = Self.kernel(era.release, frames: false)
    Self.sweep { start, length in
      let got = Scenes.allows(kernel, Scenes.check(start, length), era)
      if got != (!Self.touches(start, length) || Self.isInside(start, length)) {
        Issue.record("\(era.id) \(start &- Self.stack)+\(length): \(got)")
      }
    }
  }

  @Test(arguments: [Era.linux6_1, .linux6_12, .linux7_2, Era.linux(KernelVersion(5, 18))])
  func theDepthBoundsTheStackSince518(era: Era?) throws {
    let era = try #require(era)
    let kernel = Self.kernel(era.release, frames: false)
    Self.sweep { start, length in
      let got = Scenes.allows(kernel, Scenes.check(start, length), era)
      let deep = Self.isInside(start, length) && start >= Self.caller - 24
      if got != (!Self.touches(start, length) || deep) {
        Issue.record("\(start &- Self.stack)+\(length): \(got)")
      }
    }
  }

  @Test func reportsCountFromTheStackPointerSince518() {
    for (era, offset) in [
      (Era.linux5_10, "0"), (.linux6_1, "8"), (.linux4_16, "0"),
    ] {
      let kernel = Self.kernel(era.release, frames: true)
      #expect(
        Scenes.message(kernel, Scenes.check(Self.caller - 24, 8), era)
          == "usercopy: Kernel memory exposure attempt detected from process stack "
          + "(offset \(offset), size 8)!")
    }
    let kernel = Self.kernel(Era.linux6_1.release, frames: true)
    #expect(
      Scenes.message(kernel, Scenes.check(Self.stack + Self.size - 4, 8), .linux6_1)
        == "usercopy: Kernel memory exposure attempt detected from process stack "
        + "(offset 18446744073709551508, size 8)!")
  }

  /// A range inside the stack is settled there since 5.0; before, the heap's page span came first.
  @Test func theStackIsSettledBeforePageSpans() {
    for (era, wanted) in [(Era.linux4_16, false), (.linux5_10, true)] {
      let kernel = Scenes.kernel(era.release, frames: false, pageSpan: true)
      let crossing = kernel.currentStack.base + 8192 - 4
      #expect(Scenes.allows(kernel, Scenes.check(crossing, 8), era) == wanted, "\(era.id)")
    }
  }

  /// A chain that bites its tail never ends, with a trace and without; the model says so.
  @Test func aLoopInTheChainIsAHang() {
    for era in [Era.rfcV1, .linux4_8, .linux5_10, .linux6_1] {
      var kernel = Self.kernel(era.release, frames: true)
      kernel.setWord(Self.frames[0], at: Self.frames[1])
      let attempt = Scenes.check(Self.stack + 118, 8)
      for recording in [false, true] {
        let outcome = kernel.judge(attempt, under: era, recording: recording)
        #expect(outcome.verdict == .hang && outcome.consequence == .livelock, "\(era.id)")
      }
      #expect(kernel.judge(attempt, under: era).trace.last?.kind == .loop(Self.frames[0]))
      // Nothing was refused, nothing moves.
      let marks = kernel.marks(kernel.judge(attempt, under: era))
      #expect(marks.map(\.mark) == [.unmoved] && marks.map(\.range.length) == [8])
    }
  }

  /// Only the running task's stack is a stack.
  @Test func anotherTasksStackIsNone() {
    for era in Era.all {
      var kernel = Self.kernel(era.release, frames: true)
      kernel.switchTo(
        task: kernel.addTask("other", size: 128, base: Self.stack + 0x10_0000))
      #expect(Scenes.allows(kernel, Scenes.check(Self.frames[0] - 8, 40), era))
    }
  }

  @Test func bothWidthsAgreeWhereNoWidthMatters() {
    for era in Era.all where era.id != "rfc-v2" && era.id != "rfc-v3" {
      let wide = Self.kernel(era.release, frames: false)
      let narrow = Self.kernel(era.release, frames: false, word: .bits32)
      Self.sweep { start, length in
        let low = start &- Self.stack &+ 0xc200_0000
        let a = Scenes.allows(wide, Scenes.check(start, length), era)
        let b = Scenes.allows(narrow, Scenes.check(low, length), era)
        if a != b { Issue.record("\(era.id) \(start &- Self.stack)+\(length)") }
      }
    }
  }
}
