import Foundation
import Laws
import Support

/// Random walks with laws that hold after each step: `Walk keys|machine|gadget|devices [--seed N]
/// [--steps N]`; a step of `devices` is a device.
///
/// The same seed walks the same way. A broken law ends with the seed, the step and what was done, exit status 1.
@main
struct Walk {
  static func main() {
    var words = Array(CommandLine.arguments.dropFirst())
    func number(_ option: String) -> Int? {
      guard let place = words.firstIndex(of: option), place + 1 < words.count else { return nil }
      defer { words.removeSubrange(place...(place + 1)) }
      return Int(words[place + 1])
    }
    let seed = UInt64(number("--seed") ?? Int.random(in: 1..<1_000_000_000))
    let steps = number("--steps") ?? 10_000
    let start = Date()
    let told: String?
    switch words.first {
    case "keys":
      var walk = KeyWalk(seed)
      told = walk.walk(steps)
    case "machine":
      var walk = MachineWalk(seed)
      told = walk.walk(steps)
    case "gadget":
      var walk = GadgetWalk(seed)
      told = walk.walk(steps)
    case "devices":
      var walk = DeviceWalk(seed)
      told = walk.walk(steps)
    default:
      print("usage: Walk keys|machine|gadget|devices [--seed N] [--steps N]")
      exit(2)
    }
    let time = Int(-start.timeIntervalSinceNow)
    guard let told else {
      return print("\(words[0]): \(steps) steps with seed \(seed), every law held, \(time) s")
    }
    print("\(words[0]) --seed \(seed): \(told)")
    exit(1)
  }
}
