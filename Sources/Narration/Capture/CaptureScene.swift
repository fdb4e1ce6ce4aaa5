public import KernelLog
import RawGadget
public import Simulation
import USB

/// Turns a bus capture into a gadget scenario: the device's answers are the gadget's, the host's
/// requests the host's.
public enum CaptureScene {
  /// Most steps of a scenario; what a longer capture holds beyond is left out.
  public static let stepLimit = 400

  /// A device of a capture that can be made a scenario.
  public struct Device: Sendable, Hashable {
    /// Number of the bus.
    public var bus: UInt16
    /// The addresses it had, in order; empty when it never got one.
    public var addresses: [UInt8]
  }

  /// The devices a capture shows. Retries under new addresses are one device; root hubs, whose
  /// beginning no capture shows, are none.
  public static func devices(_ capture: Capture) -> [Device] {
    sessions(capture).map { Device(bus: $0.bus, addresses: $0.addresses) }
  }

  /// The scenario of a device.
  ///
  /// - Parameters:
  ///   - capture: all transfers of the capture.
  ///   - bus: the bus of the device; nil for any.
  ///   - address: an address it had; nil for the first device of the capture.
  /// - Returns: nil when the capture has no such device.
  public static func script(
    _ capture: Capture, bus: UInt16? = nil, address: UInt8? = nil
  ) -> Script? {
    let session = sessions(capture).first {
      (bus == nil || $0.bus == bus) && (address == nil || $0.addresses.contains(address ?? 0))
    }
    guard let session, var builder = CaptureBuilder(session) else { return nil }
    builder.build()
    return builder.script
  }

  private static func sessions(_ capture: Capture) -> [CaptureSession] {
    let found = CaptureSession.all(capture).filter { session in
      !session.isHub || session.exchanges.contains { $0.address == 0 }
    }
    // What was connected but never spoken to counts only where there is nothing else.
    let spoken = found.filter { !$0.exchanges.isEmpty }
    return spoken.isEmpty ? found : spoken
  }
}
