package import USB

/// All that the device controllers may see and do: their own state, the URBs on the wire, the clock, and the
/// calls up to the host and to gadget drivers.
package protocol ControllerSide {
  var controllers: [DummyController] { get set }
  /// URBs in flight by number.
  var urbs: [Int: URB] { get set }
  var now: Microseconds { get }

  mutating func note(_ event: ControllerEvent)
  /// Has ``controllerTimer(_:)`` called at that time.
  mutating func armTurn(of half: RootHubID, at time: Microseconds)
  /// Has ``finishWakeup(_:)`` called at that time.
  mutating func armWakeup(of half: RootHubID, at time: Microseconds)

  /// `usb_hcd_giveback_urb()`: the host gets an URB back that was taken off its queue.
  mutating func giveBackURB(_ id: Int, status: Int)
  /// `usb_hcd_poll_rh_status()`: the host may look at the port.
  mutating func pollRootHub(_ half: RootHubID)

  /// A control request reaches the gadget driver.
  ///
  /// - Returns: 0 or above when the driver took it, else a negative error the host sees as a stall.
  mutating func driverSetup(_ driver: GadgetDriverRef, _ setup: SetupPacket) -> Int
  mutating func driverEvent(_ driver: GadgetDriverRef, _ event: GadgetBusEvent)
  mutating func requestCompleted(_ driver: GadgetDriverRef, _ request: GadgetRequest)
  /// `bind()` and `unbind()` of the driver.
  mutating func driverBound(_ driver: GadgetDriverRef, to controller: Int)
  mutating func driverUnbound(_ driver: GadgetDriverRef)
}

extension ControllerSide {
  subscript(half: RootHubID) -> DummyHost {
    get {
      half.isSuper
        ? controllers[half.controller].super ?? DummyHost() : controllers[half.controller].high
    }
    set {
      if half.isSuper {
        controllers[half.controller].super = newValue
      } else {
        controllers[half.controller].high = newValue
      }
    }
  }

  /// The half of a controller its speed puts it on.
  func half(of controller: Int) -> RootHubID {
    RootHubID(controller: controller, isSuper: controllers[controller].speed == .super)
  }
}
