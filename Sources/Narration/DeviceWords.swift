public import RawGadget
public import USB
public import UsbHost

/// The state of a raw-gadget device, its endpoints and its queue in words.
public enum DeviceWords {
  /// What the device is called by, a state each in the order it goes through them; states passed over or not come
  /// to are left out unless the device is there.
  public static func path(_ state: RawDevice.State) -> [RawDevice.State] {
    let all: [RawDevice.State] = [.opened, .initialized, .registering, .running, .failed, .closed]
    return all.filter { $0 == state || $0 != .closed && $0 != .registering }
  }

  /// The stages of a control transfer as USB calls them, and the place of the present one.
  ///
  /// - Parameters:
  ///   - device: with a request pending.
  ///   - setup: the request, where it is known.
  public static func stages(_ device: RawDevice, _ setup: SetupPacket?)
    -> (names: [String], here: Int)
  {
    let data = device.ep0InPending ? "DATA IN" : "DATA OUT"
    let names = ["SETUP"] + (setup?.wLength != 0 ? [data] : []) + ["STATUS"]
    return (names, device.ep0TransferQueued ? 1 : 0)
  }

  /// No control request is pending.
  public static let idle = "idle"

  /// In which order a queue of so many events is drawn, and by which sign new ones are known.
  public static func order(_ count: Int, new: Int) -> String {
    count == 0 ? "empty" : "oldest first" + (new > 0 ? ", + new" : "")
  }

  /// A device as its host sees it, by the states of chapter 9.
  public static func state(_ state: UsbDevice.State) -> String {
    state == .address ? "addressed" : "\(state)"
  }

  /// Events that found no room, `no room: SUSPEND and 1 more`; nil where all did.
  public static func refused(_ types: [RawEventType]) -> String? {
    guard let first = types.first else { return nil }
    let more = types.count > 1 ? " and \(types.count - 1) more" : ""
    return "no room: \(first.name)\(more)"
  }

  /// How an endpoint that the program enabled stands.
  public enum EndpointState: Sendable, Equatable {
    case wedged
    case halted
    case disabling
    case enabled

    /// As the driver sees it, and whether the controller has halted or wedged it.
    public init(_ endpoint: RawDevice.Endpoint, isHalted: Bool, isWedged: Bool) {
      self =
        isWedged ? .wedged : isHalted ? .halted : endpoint.disabling ? .disabling : .enabled
    }

    /// In a word.
    public var word: String {
      switch self {
      case .wedged: "wedged"
      case .halted: "halted"
      case .disabling: "disabling"
      case .enabled: "enabled"
      }
    }
  }

  /// Endpoints that the program did not enable.
  public static func disabled(_ count: Int) -> String {
    "\(count) endpoint\(count == 1 ? "" : "s") disabled"
  }

  /// The FIFO of a controller took a small write before the host asked for it.
  public static let fifoHolds = "the FIFO holds a small write"
  /// No file of the driver is open.
  public static let notOpen = "/dev/raw-gadget is not open"
  /// The host has no device on the cable.
  public static let unseen = "sees no device"
}
