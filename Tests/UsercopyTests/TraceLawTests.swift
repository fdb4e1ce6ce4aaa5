import KernelHistory
import Testing
import Usercopy

/// A condition of a trace is as true as its own words and numbers say.
struct TraceLawTests {
  /// What the comparison in a condition's words says of the two numbers; nil where the words hold no
  /// single comparison, or more than the numbers can tell.
  static func truth(_ words: String, _ lhs: TraceValue, _ rhs: TraceValue) -> Bool? {
    guard !words.contains("&&"), !words.contains("||") else { return nil }
    let signs = words.split(separator: " ").filter {
      ["<", "<=", ">", ">=", "==", "!="].contains($0)
    }
    guard signs.count == 1 else { return nil }
    switch (lhs, rhs) {
    case (.address(let left), .address(let right)): return compare(signs[0], left, right)
    case (.quantity(let left), .quantity(let right)): return compare(signs[0], left, right)
    case (.signed(let left), .signed(let right)): return compare(signs[0], left, right)
    default: return nil
    }
  }

  private static func compare<Number: Comparable>(
    _ sign: Substring, _ left: Number, _ right: Number
  ) -> Bool? {
    switch sign {
    case "<": left < right
    case "<=": left <= right
    case ">": left > right
    case ">=": left >= right
    case "==": left == right
    case "!=": left != right
    default: nil
    }
  }

  /// Copies at, before and behind each border of an object and of a stack, in every era and allocator.
  @Test(arguments: Era.all) func conditionsHoldAsTheyRead(era: Era) {
    var seen: Set<String> = []
    for allocator in Allocator.allCases {
      var kernel = Kernel(
        configuration: Configuration(allocator: allocator, release: era.release))
      kernel.configuration.isPaX = era.family == .pax
      kernel.addTask("task")
      var places = [(kernel.currentStack.base, kernel.currentStack.size)]
      for size: UInt64 in [64, 1024, 6000] {
        if let start = kernel.kmalloc(size, label: "one") { places.append((start, size)) }
      }
      // Behind its 60 bytes a slot of this cache goes on, so that an offset can be as large as the object.
      let padded = kernel.createCache(
        CacheRequest(name: "padded", objectSize: 60, flags: .usercopy))
      places.append((kernel.allocate(cache: padded, label: "padded"), 60))
      for (start, size) in places {
        for offset in [0, 1, size - 1, size, size + 1] {
          for length in [1, size - 1, size, size + 1] {
            let attempt = CopyAttempt(
              entry: .copyToUser, kernel: start + offset, user: 0x1000, length: length)
            for step in kernel.judge(attempt, under: era).trace {
              guard case .check(let words, let lhs?, let rhs?, let result) = step.kind,
                let truth = Self.truth(words, lhs, rhs)
              else { continue }
              seen.insert(words)
              #expect(truth == result, "\(allocator) \(offset)+\(length): \(words), \(lhs) \(rhs)")
            }
          }
        }
      }
    }
    #expect(seen.count > 3, "\(seen)")
  }
}
