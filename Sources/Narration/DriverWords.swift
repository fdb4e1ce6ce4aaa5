public import RawGadget
public import Simulation
import USB

/// Two versions of the raw-gadget driver in words.
public enum DriverWords {
  /// A version's name in a column: `v1`, `6.1`.
  public static func short(_ driver: DriverPolicy) -> String {
    switch driver.name {
    case DriverPolicy.v1_2019.name: "v1"
    case DriverPolicy.linux6_1.name: "6.1"
    case DriverPolicy.linux6_1_0.name: "6.1.0"
    case DriverPolicy.linux6_12.name: "6.12"
    case DriverPolicy.linux6_18.name: "6.18"
    default: driver.name
    }
  }

  /// An answer in a column: `0`, `EINVAL`, `sleeps`.
  public static func answer(_ answer: DriverComparison.Answer) -> String {
    switch answer {
    case .returned(let result): GadgetWords.state(result)
    case .blocked: "sleeps"
    case .impossible: "not open"
    }
  }

  /// Why a version answers so, in a sentence; nil for what went well.
  public static func reason(_ answer: DriverComparison.Answer) -> String? {
    switch answer {
    case .returned(let result): result.refusal.map(RefusalWords.sentence)
    case .blocked: nil
    case .impossible: "there is no such file: it was never opened"
    }
  }

  /// What the versions do differently, in a few words.
  public static func title(_ trait: DriverTrait) -> String {
    switch trait {
    case .initArgument: "the argument of INIT"
    case .badPointer: "a bad pointer to INIT"
    case .unknownSpeed: "an unknown speed"
    case .registerError: "a controller that is not there"
    case .nonblockingOpen: "open with O_NONBLOCK"
    case .calls: "calls that came later"
    case .zeroPacketSize: "a packet size of 0"
    case .endpointCount: "how many endpoints there may be"
    case .transferLimit: "the longest transfer"
    case .interruptedTransfer: "a signal during a transfer"
    case .refusedTransfer: "a transfer the controller refuses"
    case .events: "the kinds of event"
    case .fullQueueWarning: "the warning of a full queue"
    case .clampedLength: "the length of an event"
    }
  }

  /// What the older version did and the newer one does.
  public static func sentence(_ trait: DriverTrait) -> String {
    switch trait {
    case .initArgument:
      "v1 takes a speed of 64 bits and two pointers and cuts names at 128 bytes; mainline takes two "
        + "arrays of 128 bytes and one byte, and a name without an end is E2BIG"
    case .badPointer:
      "v1 returns how many bytes were not copied, a positive number; mainline returns EFAULT"
    case .unknownSpeed:
      "v1 takes any number it does not know for high speed; mainline only 0, and refuses others"
    case .registerError:
      "up to Linux 5.18 a missing controller is ENODEV; since 5.19 every failure is EBUSY"
    case .nonblockingOpen: "v1 does not look at O_NONBLOCK; mainline refuses it"
    case .calls:
      "v1 ends at call 10, VBUS_DRAW; EPS_INFO, EP0_STALL and the halts were added later"
    case .zeroPacketSize:
      "v1 leaves a packet size of 0 to the USB core; mainline refuses it before it looks at the state"
    case .endpointCount: "v1 has room for 32 endpoints; mainline for 30"
    case .transferLimit:
      "the first driver of 6.1 takes 4096 bytes, one page; 6.1.192 takes 4 MiB, and 6.18 leaves it "
        + "to the allocator"
    case .interruptedTransfer:
      "the first driver of 6.1 begins the call again when the handler asks for it; 6.1.192 returns "
        + "EINTR or what came of it"
    case .refusedTransfer: "6.1 is FAILED after a refused transfer; 6.18 goes on"
    case .events: "6.18 queues SUSPEND, RESUME, RESET and DISCONNECT as well"
    case .fullQueueWarning: "6.1 warns in the kernel log when the queue is full; 6.18 does not"
    case .clampedLength: "a driver that trusts the program's length copies more than the event has"
    }
  }

  /// Where the difference comes from.
  public static func source(_ trait: DriverTrait) -> String {
    switch trait {
    case .initArgument:
      "asked for by the review: kernel types of fixed size, the limit in the header"
    case .badPointer, .unknownSpeed, .endpointCount:
      "in the code the review quotes, changed without being asked"
    case .nonblockingOpen, .calls, .zeroPacketSize: "came later, not in the review"
    case .registerError: "a change of the USB gadget core in 2022"
    case .transferLimit, .interruptedTransfer:
      "the review does not quote v1 here; taken to be as in the first 6.1"
    case .refusedTransfer, .events, .fullQueueWarning: "between 6.1 and 6.18"
    case .clampedLength: "a mistake made on purpose"
    }
  }

  /// A row as lines of text: the answers side by side, then why they differ.
  public static func lines(_ row: DriverComparison.Row, _ both: DriverComparison) -> [String] {
    let detail = CallWords.detail(row.call)
    let call = CallWords.name(row.call) + (detail.isEmpty ? "" : " \(detail)")
    let thread = row.thread == "main" ? "" : " on thread \(row.thread)"
    let (left, right) = (answer(row.first), answer(row.second))
    let (first, second) = (short(both.first), short(both.second))
    guard row.difference != .none else {
      return ["Step \(row.step): \(call)\(thread): both \(left)" + because(row.first)]
    }
    var lines = ["Step \(row.step): \(call)\(thread): DIFFERS"]
    lines.append("  - \(first) answers \(left)" + because(row.first))
    lines.append("  - \(second) answers \(right)" + because(row.second))
    for trait in row.traits {
      lines.append("  - \(title(trait)): \(sentence(trait)) (\(source(trait)))")
    }
    return lines
  }

  private static func because(_ answer: DriverComparison.Answer) -> String {
    reason(answer).map { ", \($0)" } ?? ""
  }

  /// The whole comparison as lines of text.
  public static func lines(_ both: DriverComparison) -> [String] {
    let heading = "\(both.first.name) beside \(both.second.name)"
    let count = both.rows.count { $0.difference != .none }
    return ["", heading, String(repeating: "-", count: heading.count)]
      + both.rows.flatMap { lines($0, both) }
      + ["", "\(both.rows.count) calls, \(count) answered differently."]
  }
}
