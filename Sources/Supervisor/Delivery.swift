import UsbHost
import RawGadget
import Simulation
import Usercopy
import USB

/// What a call of the program is to be given.
struct Delivery {
  /// Bytes for its memory, from the argument on.
  struct Part {
    var offset: UInt64
    var bytes: [UInt8]
  }

  let ret: Int64
  let errno: Int32
  let kills: Bool
  let parts: [Part]
  /// Bytes that the step says were copied to the program.
  let told: Int

  /// - Parameter copies: the copies the call made, as the step tells them.
  init(_ result: CallResult, _ copies: [CopyReport]) {
    let copies = copies.filter { $0.outcome.attempt.direction == .toUser }
    ret = result.ret
    errno = result.errno?.rawValue ?? 0
    kills = result.killed
    let whole = [
      Part(offset: 0, bytes: result.written),
      Part(offset: UInt64(RawLayout.headerSize), bytes: result.data),
    ].filter { !$0.bytes.isEmpty }
    // A call that fails at a copy leaves what was copied before the fault.
    parts = whole.isEmpty ? copies.compactMap(Self.moved) : whole
    told = copies.reduce(0) { $0 + Int($1.outcome.copied) }
  }

  /// Bytes to be given.
  var size: Int { parts.reduce(0) { $0 + $1.bytes.count } }

  /// What a copy moved, read where it was moved from.
  private static func moved(_ report: CopyReport) -> Part? {
    let outcome = report.outcome
    guard outcome.copied > 0, let scene = report.scene else { return nil }
    return Part(
      offset: outcome.attempt.user &- CallArgument.address,
      bytes: scene.memory.read(outcome.attempt.kernel, count: Int(outcome.copied)))
  }
}
