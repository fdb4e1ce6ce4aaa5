import RawGadget
public import Simulation
import Text
import USB
public import Usercopy

/// An open raw-gadget file of a real kernel, in words.
public enum FoundGadgetWords {
  /// Its state without the driver's prefix.
  public static func state(_ gadget: FoundGadget) -> String {
    let prefix = "STATE_DEV_"
    let state = Printable.text(gadget.state)
    return state.hasPrefix(prefix) ? String(state.dropFirst(prefix.count)) : state
  }

  /// An event: its name, and a control request in words.
  public static func event(_ event: FoundGadget.Event) -> String {
    guard let type = event.known else { return "event of type \(event.type), which no driver has" }
    guard type == .control, let setup = SetupPacket(event.data[...]),
      let words = QueuedEventWords.forms(setup).first
    else { return type.name }
    return "\(type.name) \(words)"
  }

  /// Where it lies: its slot where its page is drawn, else its address.
  public static func place(_ event: FoundGadget.Event, _ kernel: Kernel, _ size: WordSize)
    -> String
  {
    guard let (slab, slot) = kernel.object(at: event.address) else {
      return "at \(ValueWords.address(event.address, size))"
    }
    return "slot \(slot) of \(Printable.text(kernel.caches[kernel.slabs[slab].cache].name))"
  }
}
