import UsbHost
import GadgetWorld
import RawGadget
import USB

extension GadgetReplay {
  /// Ends the program as the recorder did: its calls are interrupted, its files closed, and the
  /// host is given time to notice.
  public mutating func endProgram() {
    withWorld { world in
      for thread in 0..<16 { world.signal(thread, restart: false) }
      for descriptor in 3..<32 {
        _ = world.call(16, .close(descriptor: descriptor))
      }
      world.advance(by: 600_000)
    }
  }

  /// What the host's USB monitor would have written so far, one line an URB event, without the
  /// URB's address and the time. Empty unless ``recordEvents()`` was called first.
  public func usbmonBodies() -> [String] {
    world.events.compactMap {
      if case .monitored(let seen) = $0.kind { UsbmonText.body(seen) } else { nil }
    }
  }
}
