import USB

extension ControllerSide {
  /// `handle_control_request()`: what the controller answers itself and never forwards.
  mutating func answerControl(_ half: RootHubID, _ setup: SetupPacket) -> ControlAnswer {
    guard setup.bmRequestType & 0x60 == 0 else { return .forwarded }
    switch setup.bRequest {
    case 5 where setup.bmRequestType == 0: return .done([])
    case 3: return setFeature(half, setup, set: true)
    case 1: return setFeature(half, setup, set: false)
    case 0: return getStatus(half, setup)
    default: return .forwarded
    }
  }

  private mutating func setFeature(
    _ half: RootHubID, _ setup: SetupPacket, set: Bool
  ) -> ControlAnswer {
    switch setup.bmRequestType {
    case 0x00: return deviceFeature(half, setup, set: set)
    case 0x02:
      guard let endpoint = findEndpoint(half, UInt8(truncatingIfNeeded: setup.wIndex)),
        !(set && endpoint == 0)
      else { return .stalled }
      if set {
        controllers[half.controller].endpoints[endpoint].halted = true
      } else if !controllers[half.controller].endpoints[endpoint].wedged {
        controllers[half.controller].endpoints[endpoint].halted = false
      }
      return .done([])
    default: return .forwarded
    }
  }

  private mutating func deviceFeature(
    _ half: RootHubID, _ setup: SetupPacket, set: Bool
  ) -> ControlAnswer {
    let accepted: Bool =
      switch setup.wValue {
      case 1: true  // remote wakeup
      case 3, 4, 5: set  // HNP: enable, support, alternate support
      case 48, 49, 50: half.isSuper  // U1, U2, LTM
      default: false
      }
    guard accepted else { return .stalled }
    let bit = UInt16(1) << (setup.wValue & 15)
    switch (setup.wValue, set) {
    case (48...50, _):
      let superBit = UInt16(1) << (setup.wValue - 46)
      if set {
        controllers[half.controller].deviceStatus |= superBit
      } else {
        controllers[half.controller].deviceStatus &= ~superBit
      }
    case (_, true):
      controllers[half.controller].deviceStatus |= bit
      if bit & 0x38 != 0 { controllers[half.controller].hnp |= bit }
    case (_, false): controllers[half.controller].deviceStatus &= ~bit
    }
    return .done([])
  }

  private func getStatus(_ half: RootHubID, _ setup: SetupPacket) -> ControlAnswer {
    let status: UInt8
    switch setup.bmRequestType {
    case 0x80: status = controllers[half.controller].deviceStatus.lowByte
    case 0x81: status = 0
    case 0x82 where setup.wLength == 0: status = 0
    case 0x82:
      guard let endpoint = findEndpoint(half, UInt8(truncatingIfNeeded: setup.wIndex)) else {
        return .stalled
      }
      status = controllers[half.controller].endpoints[endpoint].halted ? 1 : 0
    default: return .forwarded
    }
    return .done(Array([status, 0].prefix(Int(setup.wLength))))
  }

  /// `find_endpoint()`: the index of the enabled endpoint of that address, 0 for ep0.
  func findEndpoint(_ half: RootHubID, _ address: UInt8) -> Int? {
    let controller = controllers[half.controller]
    guard isActive(RootHubID(controller: half.controller, isSuper: controller.speed == .super)),
      controller.interruptsEnabled
    else { return nil }
    if address & 0x7f == 0 { return 0 }
    return controller.endpoints.firstIndex { $0.descriptor?.bEndpointAddress == address }
  }
}

/// What became of a control request the controller looked at first.
enum ControlAnswer: Equatable {
  /// Answered here, with these bytes for the host.
  case done([UInt8])
  case stalled
  /// The gadget driver decides.
  case forwarded
}
