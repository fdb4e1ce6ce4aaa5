import GadgetWorld
import RawGadget
import Simulation
import USB
import UsbHost

/// A moment in a program's life to run to: the host has configured its device, a call was made, a call
/// failed with an errno, an event came, or the host asked something.
struct StopPoint: Equatable {
  private enum Kind: Equatable {
    case configured
    case call(RawIoctl)
    case errno(Errno)
    case event(RawEventType)
    /// A control request by its number.
    case request(UInt8)
  }

  /// As it was written.
  let text: String
  private let kind: Kind

  /// - Parameter text: `configured`, a call such as `EP_ENABLE`, an errno such as `EBUSY`, an event such as
  ///   `suspend`, or `request=9`.
  init?(_ text: String) {
    self.text = text
    let word = text.uppercased()
    if word == "CONFIGURED" {
      kind = .configured
    } else if let call = RawIoctl.allCases.first(where: { $0.shortName == word }) {
      kind = .call(call)
    } else if let error = Errno.allCases.first(where: { "\($0)" == word }) {
      kind = .errno(error)
    } else if let event = RawEventType.allCases.first(where: { $0.name == word }) {
      kind = .event(event)
    } else if word.hasPrefix("REQUEST="), let number = UInt8(word.dropFirst(8)) {
      kind = .request(number)
    } else {
      return nil
    }
  }

  /// Whether a step is that moment.
  ///
  /// - Parameter world: the machine after the step.
  func isReached(by action: Action, _ events: [Event], _ world: World) -> Bool {
    if kind == .configured {
      return world.gadget?.machine.host.devices.values.contains { $0.state == .configured } ?? false
    }
    if case .call(let wanted) = kind {
      guard case .ioctl(let call) = action else { return false }
      return call.request == .call(wanted)
    }
    return events.contains { event in
      guard case .gadget(let event) = event else { return false }
      return isReached(by: event.kind)
    }
  }

  private func isReached(by event: GadgetEvent.Kind) -> Bool {
    switch (kind, event) {
    case (.errno(let wanted), .callReturned(_, let result)): result.errno == wanted
    case (.event(let wanted), .eventFetched(_, let type, _)): type == wanted
    case (.request(let number), .setup(_, let setup)): setup.bRequest == number
    default: false
    }
  }
}
