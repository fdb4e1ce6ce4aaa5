package import USB

/// All that the drivers of gadgets may see and do: their own state, the log, and the calls down to the
/// controllers, which stand behind the gadget framework (`usb_gadget_ops`, `usb_ep_ops`).
package protocol DriverSide {
  var drivers: GadgetDrivers { get set }
  /// True when what happens is watched.
  var recordsEvents: Bool { get }
  /// True when each check of a call is watched as well.
  var recordsChecks: Bool { get }
  mutating func note(_ event: DriverEvent)
  /// A line of the kernel log.
  mutating func logLine(_ text: String)

  /// How many controllers there are.
  var gadgetCount: Int { get }
  func gadget(_ controller: Int) -> UsbGadget
  /// `usb_gadget_set_state()` to configured.
  mutating func markConfigured(_ controller: Int)
  mutating func setSpeed(_ speed: UsbSpeed, controller: Int)
  /// Binds a driver to a controller and connects it.
  mutating func bind(_ driver: GadgetDriverRef, to controller: Int, speed: UsbSpeed)
  /// Takes a driver off its controller.
  mutating func unregisterDriver(_ driver: GadgetDriverRef)

  // Endpoint 0 is ep0, the others stand one higher than their handle. Each returns 0 or a negative error number.
  mutating func queueRequest(_ request: GadgetRequest, endpoint: Int, controller: Int) -> Int
  mutating func dequeue(controller: Int, device: Int, owner: GadgetRequest.Owner)
  mutating func enableEndpoint(
    _ endpoint: Int, controller: Int, _ descriptor: EndpointDescriptor
  ) -> Int
  mutating func disableEndpoint(_ endpoint: Int, controller: Int)
  mutating func setHalt(endpoint: Int, controller: Int, halt: Bool, wedge: Bool) -> Int
}
