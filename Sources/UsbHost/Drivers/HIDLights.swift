import USB

/// The console's keyboard handler as far as keyboards notice it: their LEDs.
extension HostSide {
  /// A lock key that goes down toggles its LED on every keyboard of the console.
  mutating func toggleLocks(_ pressed: Set<HIDUsage>) {
    let locks: [(key: HIDUsage, led: HIDUsage)] = [
      (HIDUsage(.keyboard, 0x53), .numLockLED), (HIDUsage(.keyboard, 0x39), .capsLockLED),
      (HIDUsage(.keyboard, 0x47), .scrollLockLED),
    ]
    let toggled = locks.filter { pressed.contains($0.key) }.map(\.led)
    guard !toggled.isEmpty else { return }
    host.lockLEDs.formSymmetricDifference(toggled)
    for keyboard in hidInterfaces { showLocks(keyboard.device, keyboard.interface) }
  }

  /// Sends a keyboard the LEDs that are on, when that is not what it shows.
  mutating func showLocks(_ device: Int, _ interface: Int) {
    guard var hid = hid(device, interface), hid.isOpen, let descriptor = hid.descriptor,
      let report = descriptor.ledReport
    else { return }
    let shown = host.lockLEDs.filter { descriptor.hasLED($0) }
    guard shown != hid.leds else { return }
    hid.leds = shown
    keep(hid, device, interface)
    sendReport(device, interface, report, report.bytes(on: shown))
  }
}
