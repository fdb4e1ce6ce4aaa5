import CChecks
import Scenario
import Simulation
import Usercopy

/// A machine and the copies that are tried on it, in both languages.
struct BenchScene {
  let name: String
  let world: World
  /// The copy whose start and length are varied.
  let attempt: CopyAttempt
  let check: cc_check
  let starts: [Address]
  let lengths: [UInt64]

  /// The scenes that verdicts are measured on.
  static func all() throws -> [BenchScene] {
    [
      try BenchScene("rfc-v1, slab object", "rfc-v1", object, CC_RFC_V1),
      try BenchScene("rfc-v1, stack, first frame", "rfc-v1", frames(1), CC_RFC_V1),
      try BenchScene("rfc-v1, stack, eight frames up", "rfc-v1", frames(8), CC_RFC_V1),
      try BenchScene("linux-6.1, slab object", "linux-6.1", object, CC_LINUX_6_1),
      try BenchScene("linux-6.1, stack", "linux-6.1", frames(1), CC_LINUX_6_1),
    ]
  }

  private static let object = """
      - alloc: { cache: kmalloc-64, as: first }
      - alloc: { cache: kmalloc-64, as: here }
    """

  private static func frames(_ count: Int) -> String {
    (0..<count).map { number in
      let local = number == 0 ? "here" : "other\(number)"
      return "  - call: { function: f\(number), locals: { \(local): 64 } }"
    }.joined(separator: "\n")
  }

  private init(_ name: String, _ era: String, _ steps: String, _ check: cc_check) throws {
    (self.name, self.check) = (name, check)
    let text = """
      title: bench
      kernel: { era: \(era), allocator: slub, arch: x86_64, frame-pointer: true }
      steps:
      \(steps)
        - copy: { entry: copy_to_user, from: here, length: 64 }
      """
    let script = try ScenarioReader.read(text, file: name, id: "bench")
    let playback = try ScenarioSource.play(script, era: nil, named: name)
    guard let step = playback.steps.last, case .copy(let request) = step.script.action,
      let attempt = try? step.before.attempt(request)
    else { throw BadInput.builtIn(.benchmark) }
    (world, self.attempt) = (step.before, attempt)
    // Copies from one slot before the place to one behind it, of each length up to two slots.
    (starts, lengths) = Self.ranges(around: attempt.kernel)
  }

  private static func ranges(around place: Address) -> ([Address], [UInt64]) {
    let pairs = (0..<1_024).map { index in
      let number = UInt64(index)
      return (place &- 64 &+ number &* 37 % 192, number &* 11 % 128 + 1)
    }
    return (pairs.map(\.0), pairs.map(\.1))
  }
}
