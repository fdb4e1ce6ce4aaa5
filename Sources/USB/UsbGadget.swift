/// What a gadget driver sees of a device controller (`struct usb_gadget`).
package struct UsbGadget: Equatable, Sendable {
  /// The controller's name, such as `dummy_udc.0`.
  package var name: String
  /// The name of its kind, such as `dummy_udc` (`gadget->name`).
  package var driverName: String
  /// The speed it runs at.
  package var speed: UsbSpeed
  /// The fastest it can be.
  package var maxSpeed: UsbSpeed
  /// The largest packet of ep0, in bytes; 9 stands for 512 at super speed.
  package var ep0MaxPacket: Int
  /// Its endpoints in handle order, without ep0.
  package var endpoints: [ControllerEndpoint]
  /// The driver bound to it.
  package var driver: GadgetDriverRef?

  /// A controller as its driver sees it.
  package init(
    name: String, driverName: String, speed: UsbSpeed, maxSpeed: UsbSpeed, ep0MaxPacket: Int,
    endpoints: [ControllerEndpoint], driver: GadgetDriverRef?
  ) {
    self.name = name
    self.driverName = driverName
    self.speed = speed
    self.maxSpeed = maxSpeed
    self.ep0MaxPacket = ep0MaxPacket
    self.endpoints = endpoints
    self.driver = driver
  }
}

/// The gadget driver bound to a controller.
public enum GadgetDriverRef: Equatable, Sendable {
  /// The raw-gadget device of that number.
  case raw(Int)
  /// GadgetFS, of which there is one.
  case gadgetfs

  /// What the driver says it does (`function` of `struct usb_gadget_driver`).
  package var function: String {
    switch self {
    case .raw: "USB Raw Gadget"
    case .gadgetfs: "User mode gadget"
    }
  }
}

/// What happens on the bus that a controller tells its driver (callbacks of `struct usb_gadget_driver`).
package enum GadgetBusEvent: Equatable, Sendable {
  case suspend
  case resume
  case reset
  case disconnect
}

/// Who answered a control request of the host.
public enum SetupResponder: String, Equatable, Sendable, CaseIterable {
  /// The device controller, without its driver.
  case controller
  /// GadgetFS, from the descriptors it holds.
  case gadgetfs
  /// The program, which got the request as an event.
  case program
}
