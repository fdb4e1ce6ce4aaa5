package import USB

extension ControllerSide {
  /// `dummy_enable()`.
  ///
  /// - Returns: 0, or a negative error number.
  package mutating func enableEndpoint(
    _ endpoint: Int, controller: Int, _ descriptor: EndpointDescriptor
  ) -> Int {
    let state = controllers[controller].endpoints[endpoint]
    // The framework passes an endpoint that is enabled already by, whoever enabled it.
    if state.descriptor != nil { return 0 }
    // It does not hand on a packet size of 0 either, whatever the driver makes of it.
    if descriptor.maxPacket == 0 || descriptor.bDescriptorType != 5 {
      return Errno.EINVAL.negated
    }
    guard controllers[controller].driver != nil, portEnabled(controller) else {
      return Errno.ESHUTDOWN.negated
    }
    guard packetSizeFits(descriptor, state.name, controllers[controller].speed) else {
      return Errno.EINVAL.negated
    }
    controllers[controller].endpoints[endpoint].maxPacket = descriptor.maxPacket
    controllers[controller].endpoints[endpoint].descriptor = descriptor
    controllers[controller].endpoints[endpoint].halted = false
    controllers[controller].endpoints[endpoint].wedged = false
    return 0
  }

  private func packetSizeFits(
    _ descriptor: EndpointDescriptor, _ name: String, _ speed: UsbSpeed
  ) -> Bool {
    let size = descriptor.maxPacket
    switch (descriptor.type, speed) {
    case (.bulk, _) where name.hasSuffix("-int"): return false
    case (.bulk, .super): return size == 1024
    case (.bulk, .high): return size == 512
    case (.bulk, .full): return [8, 16, 32, 64].contains(size)
    case (.interrupt, .super), (.interrupt, .high): return size <= 1024
    case (.interrupt, .full): return size <= 64
    case (.interrupt, _): return size <= 8
    default: return false
    }
  }

  /// `dummy_disable()`.
  package mutating func disableEndpoint(_ endpoint: Int, controller: Int) {
    controllers[controller].endpoints[endpoint].descriptor = nil
    cancelRequests(endpoint, controller)
  }

  /// `dummy_set_halt_and_wedge()`.
  ///
  /// - Returns: 0, or a negative error number.
  package mutating func setHalt(endpoint: Int, controller: Int, halt: Bool, wedge: Bool) -> Int {
    guard controllers[controller].driver != nil else { return Errno.ESHUTDOWN.negated }
    let state = controllers[controller].endpoints[endpoint]
    guard halt else {
      controllers[controller].endpoints[endpoint].halted = false
      controllers[controller].endpoints[endpoint].wedged = false
      return 0
    }
    if state.descriptor?.isIn == true, !state.queue.isEmpty { return Errno.EAGAIN.negated }
    controllers[controller].endpoints[endpoint].halted = true
    if wedge { controllers[controller].endpoints[endpoint].wedged = true }
    return 0
  }
}
