import KernelHistory
import Testing
import Usercopy

/// Stacks as stock kernels of a release have them, against what memory of such kernels was seen to hold.
@Suite struct StockStackTests {
  @Test(
    arguments: [
      ("3.0", true, false, false, false), ("4.8", true, false, false, false),
      ("4.9", true, true, false, false), ("4.14", true, true, false, false),
      ("4.15", false, true, false, false), ("4.18", false, true, true, false),
      ("5.10", false, true, true, false), ("6.1", false, true, true, true),
      ("7.2", false, true, true, true),
    ] as [(String, Bool, Bool, Bool, Bool)])
  func eachReleaseHasItsOwn(
    _ text: String, frames: Bool, vmalloc: Bool, canary: Bool, random: Bool
  ) throws {
    let release = try #require(KernelVersion(text))
    let stock = Configuration.stock(release)
    #expect(stock.release == release)
    #expect(stock.framePointer == frames && stock.vmapStack == vmalloc)
    #expect(stock.stackProtector == canary && stock.randomStackOffset == random)
    // Only 64-bit kernels have tables and virtually mapped stacks.
    let small = Configuration.stock(release, architecture: .x86_32)
    #expect(small.framePointer && !small.vmapStack && small.stackProtector == canary)
    let other = Configuration.stock(release, architecture: .generic)
    #expect(!other.vmapStack && !other.stackProtector && !other.randomStackOffset)
  }

  static func machine(_ change: (inout Configuration) -> Void = { _ in }) -> Kernel {
    var configuration = Configuration.stock(KernelVersion(6, 1))
    change(&configuration)
    var kernel = Kernel(configuration: configuration)
    kernel.addTask("demo")
    kernel.call("outer", locals: [LocalRequest(name: "a", size: 24)])
    kernel.call("inner", locals: [LocalRequest(name: "b", size: 32)], savedRegisters: ["rbx"])
    return kernel
  }

  @Test func aStackLiesInVmallocSpaceBeforeAGuardPage() {
    let kernel = Self.machine()
    let stack = kernel.currentStack
    #expect(kernel.layout.vmalloc.contains(stack.base) && stack.size == 16384)
    let behind = kernel.classify(ByteRange(start: stack.end, length: 4096))
    #expect(behind.map(\.kind) == [.guardPage] && behind.first?.length == 4096)
    #expect(kernel.memory.word(at: stack.base, size: .bits64) == 0x57AC_6E9D)
    #expect(kernel.classify(ByteRange(start: stack.base, length: 9)).map(\.kind).first == .stackEnd)
  }

  @Test func framesKeepACanaryAndNoFramePointer() throws {
    let kernel = Self.machine()
    let stack = kernel.currentStack
    #expect(stack.randomOffset % 16 == 0 && stack.randomOffset < 1024)
    #expect(
      stack.frames[0].framePointer + 16 == stack.end - stack.registersSize - stack.randomOffset)
    let inner = stack.frames[1]
    let whole = ByteRange(
      start: inner.stackPointer, length: inner.framePointer + 16 - inner.stackPointer)
    let runs = kernel.classify(whole)
    #expect(runs.map(\.kind) == [.local, .canary, .savedRegister, .returnAddress])
    #expect(runs.map(\.length) == [32, 8, 8, 8])
    let outer = try #require(stack.frames[0].canary)
    let canary = kernel.memory.word(at: outer, size: .bits64)
    #expect(canary & 0xff == 0 && canary != 0)
    #expect(kernel.memory.word(at: try #require(inner.canary), size: .bits64) == canary)
    let chained = Self.machine { $0.framePointer = true }
    let kinds = chained.classify(
      ByteRange(start: chained.currentStack.frames[1].framePointer, length: 16)
    ).map(\.kind)
    #expect(kinds == [.savedFramePointer, .returnAddress])
  }

  /// `arch_within_stack_frames()` has nothing to walk on a stock kernel: a copy over a whole frame passes.
  @Test func framesAreNotWalked() throws {
    for chained in [false, true] {
      let kernel = Self.machine { $0.framePointer = chained }
      let local = try #require(kernel.local(named: "b"))
      let attempt = Scenes.check(local.address, local.size + 24)
      for era in [Era.linux5_10, .linux6_1, .linux6_12, .linux7_2] {
        let outcome = kernel.judge(attempt, under: era)
        #expect(outcome.verdict == (chained ? .deny : .allow), "\(era.id) \(chained)")
        let functions = outcome.trace.map(\.function)
        #expect(functions.contains("arch_within_stack_frames") == chained)
      }
    }
  }
}
