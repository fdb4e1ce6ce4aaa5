import KernelHistory
import Usercopy

/// Small machines the sweeps run on.
enum Scenes {
  static let base: Address = 0xffff_8880_1000_0000

  /// A kernel of a release with memory everywhere and a running task far away from it.
  static func kernel(
    _ release: KernelVersion, allocator: Allocator = .slub, frames: Bool = true,
    fallback: Bool = false, pageSpan: Bool = false
  ) -> Kernel {
    var kernel = Kernel(
      configuration: Configuration(
        allocator: allocator, framePointer: frames, usercopyFallback: fallback, pageSpan: pageSpan,
        release: release), modern: true)
    kernel.map(start: kernel.layout.directMap, length: kernel.layout.ramBytes)
    kernel.addTask("task", size: 16384, base: kernel.layout.directMap + (64 << 20))
    return kernel
  }

  static func check(
    _ start: Address, _ length: UInt64, _ direction: CopyDirection = .toUser,
    nofault: Bool = false
  ) -> CopyAttempt {
    CopyAttempt(
      entry: .checkOnly, direction: direction, kernel: start, user: 0x1000, length: length,
      pagefaultDisabled: nofault)
  }

  /// Whether the checks let a range pass, judged with and without a trace.
  static func allows(_ kernel: Kernel, _ attempt: CopyAttempt, _ era: Era) -> Bool {
    let quiet = kernel.judge(attempt, under: era, recording: false)
    return quiet.verdict == .allow
  }

  static func message(_ kernel: Kernel, _ attempt: CopyAttempt, _ era: Era) -> String? {
    kernel.judge(attempt, under: era).log.first
  }

  /// The eras of Linux, oldest first.
  static let hardened: [Era] = Era.all.filter { $0.family == .linux }
}
