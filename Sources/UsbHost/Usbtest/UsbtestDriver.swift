import USB

extension Usbtest: NodeDriver {
  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    UsbtestModel.of(setting, device) != nil
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    UsbtestProbe(place: InterfacePlace(device: device, interface: interface))
  }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    side.removeNodes(InterfacePlace(device: device, interface: interface))
    if let waiter = queue.waiter { side.interruptSleep(of: waiter) }
  }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    switch operation {
    case .test(let test): UsbtestCall(place: place, test: test)
    case .open, .close, .read, .write, .readAt, .writeAt, .sync, .ask, .command, .line, .raise,
      .lower, .send:
      nil
    }
  }
}
