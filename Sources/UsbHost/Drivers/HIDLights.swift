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

  /// Tells a keyboard the LEDs that are on, where that is not what it was told before
  /// (`kbd_update_leds_helper()`, `hidinput_input_event()`).
  mutating func showLocks(_ device: Int, _ interface: Int) {
    guard var hid = hid(device, interface), hid.isOpen, let descriptor = hid.descriptor else {
      return
    }
    let changed = host.lockLEDs.symmetricDifference(hid.leds)
    hid.leds = host.lockLEDs
    let lights = descriptor.lights
    var isChanged = false
    for (index, console) in descriptor.inputDevices.enumerated() where console.hasConsoleKeys {
      for led in Self.lockLEDs where changed.contains(led) && console.leds.contains(led) {
        guard let light = lights.first(where: { $0.led == led }) else {
          logLine("input input\(hid.firstInput + index + 1): event field not found")
          continue
        }
        isChanged = true
        switchLight(light, descriptor, &hid)
      }
    }
    keep(hid, device, interface)
    guard isChanged, let first = lights.first else { return }
    let lit = hid.lit.filter { $0.report == first.report }
    let report = descriptor.reports[first.report]
    sendReport(device, interface, report, report.bytes(on: lit))
  }

  /// LEDs of locks in the order in which the console sets them.
  private static var lockLEDs: [HIDUsage] { [.scrollLockLED, .numLockLED, .capsLockLED] }

  private mutating func switchLight(
    _ light: HIDLight, _ descriptor: HIDDescriptor, _ hid: inout HIDInterface
  ) {
    let on = hid.leds.contains(light.led)
    if let refusal = descriptor.refusal(of: light, on: on) {
      hidLog(hid.label, refusal)
    } else if on {
      hid.lit.insert(light)
    } else {
      hid.lit.remove(light)
    }
  }
}
