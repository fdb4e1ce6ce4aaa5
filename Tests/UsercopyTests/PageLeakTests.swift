import KernelHistory
import Testing
import Usercopy

/// Pages end where no check can see it: what a copy takes from behind a request is a leak all the same.
struct PageLeakTests {
  private static let size: UInt64 = 9_000

  /// Three blocks behind each other: a large kmalloc of less than its pages, two pages, one page.
  private struct Blocks {
    var kernel: Kernel
    var large, pair, single: Address

    init() throws {
      kernel = Kernel(configuration: Configuration(release: KernelVersion(4, 8)), modern: true)
      let made = kernel.kmalloc(PageLeakTests.size, label: "large")
      large = try #require(made)
      kernel.write([UInt8](repeating: 1, count: Int(PageLeakTests.size)), at: large)
      pair = kernel.takePages(order: 1)
      single = kernel.takePages(order: 0)
    }

    func leaked(_ start: Address, _ length: UInt64) -> UInt64 {
      let attempt = CopyAttempt(
        entry: .copyToUser, direction: .toUser, kernel: start, user: 0x1000, length: length)
      var kernel = kernel
      kernel.neverFaults = true
      let outcome = kernel.judge(attempt, under: .linux4_8)
      #expect(outcome.verdict == .allow)
      let leaks = kernel.effect(outcome).leaked
      let marks = kernel.marks(outcome).filter { $0.mark == .leaky }
      #expect(marks.reduce(0) { $0 + $1.range.length } == leaks)
      return leaks
    }
  }

  @Test func whatLiesBehindARequestIsLeaked() throws {
    let blocks = try Blocks()
    #expect(blocks.large + 16_384 == blocks.pair && blocks.pair + 8_192 == blocks.single)
    for start in [0, 1, 4_095, 4_096, Self.size - 1] {
      for length in [1, Self.size - start, Self.size - start + 1, 16_384 - start, 20_000 - start] {
        let asked = max(0, Int(Self.size) - Int(start))
        #expect(
          blocks.leaked(blocks.large + start, length) == UInt64(max(0, Int(length) - asked)),
          "\(start) \(length)")
      }
    }
  }

  @Test func otherPagesAreAnothersEvenBesideEachOther() throws {
    let blocks = try Blocks()
    for start in [UInt64(0), 4_096, 8_191] {
      for length in [1, 8_192 - start, 8_193 - start, 12_288 - start] {
        #expect(
          blocks.leaked(blocks.pair + start, length)
            == UInt64(max(0, Int(length) - 8_192 + Int(start))),
          "\(start) \(length)")
      }
    }
    #expect(blocks.leaked(blocks.single, 4_096) == 0)
  }
}
