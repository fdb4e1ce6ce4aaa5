import DummyUDC
import GadgetWorld
import RawGadget
import Simulation
import Timeline
import USB

/// The raw-gadget device that the pane is about, and what the present step changed of it.
struct GadgetSubject {
  let side: GadgetSide
  /// The device opened last; nil while none is open.
  let number: Int?
  let device: RawDevice?
  /// The controller it is bound to, else the first.
  let controller: DummyController?
  /// The same before the present step.
  let before: RawDevice?
  let controllerBefore: DummyController?
  /// Events of the queue's end that the step put in.
  let newEvents: Int
  /// Events that the step refused for want of room, in order.
  let refused: [RawEventType]
  private let session: Session

  /// Nil without a gadget.
  init?(_ session: Session) {
    guard let side = session.world.gadget else { return nil }
    (self.session, self.side) = (session, side)
    let number = side.machine.devices.keys.max()
    self.number = number
    let device = number.flatMap { side.machine.devices[$0] }
    self.device = device
    controller = Self.controller(device, side)
    let previous = session.timeline.previous?.gadget
    before = number.flatMap { previous?.machine.devices[$0] }
    controllerBefore = previous.flatMap { Self.controller(device, $0) }
    var (queued, refused) = (0, [RawEventType]())
    for case .gadget(let event) in session.timeline.events {
      switch event.kind {
      case .eventQueued(number, _, _): queued += 1
      case .eventRefused(number, let type): refused.append(type)
      default: break
      }
    }
    newEvents = min(queued, device?.events.count ?? 0)
    self.refused = refused
  }

  private static func controller(_ device: RawDevice?, _ side: GadgetSide) -> DummyController? {
    let all = side.machine.controllers
    guard let index = device?.controller, all.indices.contains(index) else { return all.first }
    return all[index]
  }

  /// The control request the host made last, while the program has not answered it.
  var pendingSetup: SetupPacket? {
    guard device?.ep0InPending == true || device?.ep0OutPending == true else { return nil }
    for step in session.timeline.steps[..<session.position].reversed() {
      for case .gadget(let event) in step.kept.reversed() {
        if case .setup(_, let setup) = event.kind { return setup }
      }
    }
    return nil
  }

  /// Names of the threads that sleep at a place of the device.
  func sleepers(at place: SleepPlace) -> [String] {
    guard let number else { return [] }
    return side.machine.sleepers(in: number).filter { $0.place == place }.map {
      side.name(of: $0.thread)
    }
  }
}
