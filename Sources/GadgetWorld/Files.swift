import DummyUDC
import RawGadget
import USB
import UsbHost

/// Files of sysfs, each of which is one side's.
extension GadgetWorld {
  /// What reading a file of sysfs gives: a path, or a name below the folder of the device plugged in.
  public func deviceAttribute(_ file: String) -> String? {
    guard file.hasPrefix("/sys/class/udc/") else { return hostFile(file) }
    let parts = file.split(separator: "/").map(String.init)
    return parts.count == 5 ? controllerAttributes(parts[3])?[parts[4]] : nil
  }

  package mutating func writeGadgetFile(_ file: String, _ word: String) -> Int? {
    let parts = file.split(separator: "/").map(String.init)
    if let last = parts.last, ["soft_connect", "srp"].contains(last), parts.count >= 2 {
      return writeControllerFile(controller: parts[parts.count - 2], file: last, word)?.negated ?? 0
    }
    guard file.hasPrefix("/sys/bus/gadget/drivers/") else { return nil }
    return bindGadget(parts, word) ?? 0
  }
}
