import USB

/// Leaves out what several interfaces of a capture saw twice: Linux shows each bus as usbmonN, and all of them once more as
/// usbmon0.
///
/// An event's n-th sight on one interface is its n-th on every other that sees the bus: it counts where it is seen first.
struct SharedBuses {
  private struct Event: Hashable {
    var tag: UInt64
    var kind: UsbTransfer.Event
    var bus: UInt16
    var device: UInt8
    var endpoint: UInt8
    var isIn: Bool
  }

  private struct Sight: Hashable {
    var event: Event
    var interface: Int
  }

  /// Most events told apart; the kernel uses the numbers of its URBs again, so that a capture has few.
  private static let most = 1 << 16

  private var seen: [Sight: Int] = [:]
  private var handedOn: [Event: Int] = [:]

  /// Whether an event was not handed on before.
  mutating func isNew(_ transfer: UsbTransfer, on interface: Int) -> Bool {
    let event = Event(
      tag: transfer.tag, kind: transfer.event, bus: transfer.bus, device: transfer.device,
      endpoint: transfer.endpoint, isIn: transfer.isIn)
    guard handedOn.count < Self.most || handedOn[event] != nil else { return true }
    let sights = seen[Sight(event: event, interface: interface), default: 0] + 1
    seen[Sight(event: event, interface: interface)] = sights
    guard sights > handedOn[event, default: 0] else { return false }
    handedOn[event] = sights
    return true
  }
}
