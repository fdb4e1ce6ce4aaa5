import USB

extension HostSide {
  /// A line of the kernel log about a device, such as `usb 1-1: …`.
  mutating func deviceLog(_ device: Int, _ text: String) {
    guard let known = host.devices[device] else { return }
    logLine("usb \(host.name(of: known)): \(text)")
  }
}

/// Text as the kernel log shows it: bytes that are not printable ASCII as `\xNN`.
func escapedForLog(_ text: String) -> String {
  var shown = ""
  for byte in text.utf8 {
    if byte == 0 { break }
    if (0x20...0x7e).contains(byte), byte != 0x5c {
      shown.unicodeScalars.append(Unicode.Scalar(byte))
    } else {
      shown += "\\x" + hex(UInt64(byte), 2)
    }
  }
  return shown
}
