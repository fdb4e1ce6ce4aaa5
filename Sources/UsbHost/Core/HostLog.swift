import USB

extension HostSide {
  /// A line of the kernel log about a device, such as `usb 1-1: …`.
  mutating func deviceLog(_ device: Int, _ text: String) {
    guard let known = host.devices[device] else { return }
    logLine("usb \(host.name(of: known)): \(text)")
  }

  /// A line of the kernel log that is printed ten times in five seconds at most (`___ratelimit()`).
  ///
  /// - Parameter limit: the place it is printed at and the function that stands in; nil prints always.
  mutating func logLine(_ limit: HIDMessage.Limit?, _ text: String) {
    guard let limit else { return logLine(text) }
    var state = host.logLimits[limit.site] ?? LogLimit(begin: now)
    if now > state.begin + LogLimit.interval {
      if state.missed > 0 {
        logLine("\(limit.function): \(state.missed) callbacks suppressed")
      }
      state = LogLimit(begin: now)
    }
    if state.printed < LogLimit.burst {
      state.printed += 1
      logLine(text)
    } else {
      state.missed += 1
    }
    host.logLimits[limit.site] = state
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
