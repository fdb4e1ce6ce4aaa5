public import GadgetWorld
public import RawGadget
import USB

/// GadgetFS in words.
public enum GadgetFSWords {
  /// What one event says; nil for those of other parts and those that only matter on screen.
  public static func line(_ event: GadgetEvent) -> String? {
    switch event.kind {
    case .routed(_, let setup, .gadgetfs, let status):
      "GadgetFS answers \(setup.name) itself"
        + (status < 0 ? " with \(GadgetWords.errno(status)), a stall" : "")
    case .gadgetfsState(let state): "the GadgetFS device is \(state.rawValue)"
    case .gadgetfsBound(let controller, let files):
      "GadgetFS is bound to \(controller), with \(files.count) endpoint files: "
        + files.prefix(3).joined(separator: ", ") + (files.count > 3 ? " …" : "")
    case .gadgetfsQueued(let type, let depth):
      "GadgetFS event \(type.name) queued, \(depth) waiting"
    case .gadgetfsRead(let event, let depth): "GadgetFS event \(words(event)) read, \(depth) left"
    default: nil
    }
  }

  /// An event with what it carries.
  public static func words(_ event: GadgetFSEvent) -> String {
    guard event.type == .setup, event.data.count == 8 else { return event.type.name }
    let data = event.data
    let setup = SetupPacket(
      data[0], data[1], value: UInt16(data[2]) | UInt16(data[3]) << 8,
      index: UInt16(data[4]) | UInt16(data[5]) << 8,
      length: UInt16(data[6]) | UInt16(data[7]) << 8)
    return "\(event.type.name) (\(setup.name))"
  }

  /// Why GadgetFS refused descriptors, in a sentence.
  public static func reason(_ check: GadgetFSCheck) -> String {
    switch check {
    case .writeLength: "the descriptors are shorter than 31 bytes or longer than four pages"
    case .tag: "the word in front of the descriptors is not 0"
    case .alreadyWritten: "the descriptors have been written already"
    case .configuration(let fault, let highSpeed):
      "in the \(highSpeed ? "high" : "full") speed configuration \(reason(fault))"
    case .deviceSize: "behind the configurations there are not 18 bytes"
    case .deviceLength: "bLength of the device descriptor is not 18"
    case .deviceType: "bDescriptorType of the device descriptor is not 1"
    case .deviceConfigurations: "bNumConfigurations is not 1"
    }
  }

  private static func reason(_ fault: GadgetFSCheck.Configuration) -> String {
    switch fault {
    case .type: "bDescriptorType is not 2"
    case .length: "bLength is not 9"
    case .total: "wTotalLength is less than 9"
    case .value: "bConfigurationValue is 0"
    case .attributes: "bit 7 of bmAttributes is not set"
    case .wakeup: "bmAttributes asks for remote wakeup"
    case .overrun: "wTotalLength is more than was written"
    }
  }
}
