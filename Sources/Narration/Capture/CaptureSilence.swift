import GadgetWorld
import KernelLog
import RawGadget
import Simulation
import USB
import UsbHost

/// Requests that were never answered: what the host and the driver make of it.
extension CaptureBuilder {
  /// Lets the host's patience end. While an answer is owed the driver refuses every further
  /// request without an event, so captured stalls are taken from what reaches the controller.
  ///
  /// - Returns: false when the host has given up.
  mutating func waitForRefusals() -> Bool {
    let attempt = attempt(.wait(milliseconds: 6000))
    let asked = attempt.events.compactMap { event -> SetupPacket? in
      guard case .gadget(let event) = event, case .setup(_, let setup) = event.kind else {
        return nil
      }
      return setup
    }
    guard !asked.isEmpty else { return false }
    keep(attempt, "The host waits, tries again, and the driver refuses: an answer is still owed.")
    for setup in asked {
      let index = session.exchanges.indices.first { !isUsed[$0] && request($0) == setup }
      if let index { isUsed[index] = true }
    }
    return true
  }

  /// A device that answers again after its silence must have paid what it owed, too late for the
  /// host: the driver takes new requests only then.
  ///
  /// - Returns: false when the device stays silent.
  mutating func payLate(_ index: Int) -> Bool {
    guard let asked = owed, session.exchanges[index].status == 0 else { return false }
    play(.wait(milliseconds: 6000), "The host gives up waiting.")
    let argument: Action.Ioctl.Argument =
      asked.movesIn
      ? .data(endpoint: 0, flags: 0, [UInt8](repeating: 0, count: Int(asked.wLength)))
      : .read(endpoint: 0, flags: 0, length: UInt32(asked.wLength))
    play(
      .ioctl(
        Action.Ioctl(
          request: asked.movesIn ? .ep0Write : .ep0Read, thread: freeThread("late"),
          argument: argument, waits: false)),
      "The device must have answered after all, too late; what it sent is not in the capture.")
    owed = nil
    isSilent = false
    return true
  }
}
