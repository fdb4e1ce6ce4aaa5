import DummyUDC
import GadgetWorld
import Narration
import RawGadget
import Simulation
import UsbHost

/// The controller a program asks for by INIT, held against those there are when RUN finds none.
struct AskedNames {
  private var asked: (driver: String, device: String)?
  private var isTold = false

  /// Sees a step; what to say of a controller that is not there, once.
  mutating func see(_ action: Action, _ events: [Event], _ world: World) -> String? {
    guard case .ioctl(let call) = action else { return nil }
    if case .names(let driver, let device, _) = call.argument { asked = (driver, device) }
    guard call.request == .call(.run), !isTold, let asked, let machine = world.gadget?.machine,
      !machine.controllers.contains(where: {
        $0.names.name == asked.device && $0.names.driver == asked.driver
      }), Self.isRefused(events)
    else { return nil }
    isTold = true
    return ProgramWords.otherController(
      asked.device, of: asked.driver,
      known: machine.controllers.map { ($0.names.name, $0.names.driver) })
  }

  private static func isRefused(_ events: [Event]) -> Bool {
    events.contains { event in
      guard case .gadget(let event) = event, case .callReturned(_, let result) = event.kind
      else { return false }
      return result.refusal?.check == .register
    }
  }
}
