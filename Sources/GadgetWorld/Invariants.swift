import DummyUDC
import RawGadget
import USB
import UsbHost

extension GadgetWorld {
  /// What is wrong with the machine's state, in words; empty as long as its laws hold: those of the drivers and
  /// of the host, and that GadgetFS is bound where it says and a controller's FIFO is taken by what it holds.
  public func violations() -> [String] {
    var found = drivers.violations { controller, device, owner in
      controllers[controller].endpoints.contains { endpoint in
        endpoint.queue.contains { $0.owner == owner && $0.device == device }
      }
    }
    let bound = controllers.indices.filter { controllers[$0].boundDriver == .gadgetfs }
    if bound != (gadgetfs?.controller.map { [$0] } ?? []) {
      found.append("GadgetFS: bound to \(bound)")
    }
    found += hostViolations { timers.contains(.task($0, token: $1)) }
    for id in controllers.indices {
      let holds = controllers[id].endpoints.contains { $0.queue.contains { $0.owner == .fifo } }
      if holds != controllers[id].fifoOccupied { found.append("controller \(id): FIFO") }
    }
    return found
  }
}
