/// An input device the kernel registers for a HID device (`struct hid_input`).
package struct HIDInputDevice: Sendable {
  /// The usage of the application its first report belongs to.
  package let application: HIDUsage
  /// What its name ends with, where a device has several applications.
  package let suffix: String?
  /// False for one without a key, an axis or an LED, which is not registered.
  package internal(set) var isPopulated = false
  /// True when it has keys a console listens for: the console opens it and it is polled (`kbd_match()`).
  package var hasConsoleKeys: Bool { hasKeyEvents && hasLowKeys }
  private var hasKeyEvents = false
  private var hasLowKeys = false
  /// LEDs it has, and those of them an output report switches.
  package private(set) var leds: Set<HIDUsage> = []
  package private(set) var lights: [HIDLight] = []
  /// Codes of buttons beyond the last key, in the order in which they are met, each with its report's place in the
  /// descriptor.
  package private(set) var codesBeyondKeys: [(report: Int, code: Int)] = []

  init(application: HIDUsage, suffix: String?) {
    self.application = application
    self.suffix = suffix
  }

  /// The name after the HID device's own name.
  package func name(of device: String) -> String {
    guard let suffix, !device.hasSuffix(suffix) else { return device }
    return device + " " + suffix
  }

  /// `hidinput_configure_usages()`.
  ///
  /// - Parameter number: the report's place in the descriptor.
  mutating func take(_ report: HIDReport, number: Int) {
    for (place, field) in report.fields.enumerated() {
      for index in 0..<field.usageCount {
        guard let usage = field.usage(at: index) else { continue }
        let code = HIDInputCode.of(usage, in: field, report.kind)
        if case .beyondKeys(let code) = code { codesBeyondKeys.append((number, code)) }
        take(usage, code, field, report.kind)
        // A LED that is there already is not made twice.
        guard code == .led, leds.insert(usage).inserted, report.kind == .output else { continue }
        lights.append(HIDLight(led: usage, report: number, field: place, index: index))
      }
    }
  }

  private mutating func take(
    _ usage: HIDUsage, _ code: HIDInputCode, _ field: HIDField, _ kind: HIDReport.Kind
  ) {
    switch code {
    case .ignored, .battery, .charging, .beyondKeys: break
    case .consoleKey: (isPopulated, hasKeyEvents, hasLowKeys) = (true, true, true)
    case .button, .pressure: (isPopulated, hasKeyEvents) = (true, true)
    case .axis, .led: isPopulated = true
    case .volume:
      isPopulated = true
      if field.isRelative { hasLowKeys = true }
    }
    // Pages of keyboards make keys repeat, whether or not a usage of them is known.
    let isMapped = !field.isConstant && field.count > 0 && kind == .input
    if isMapped && usage.repeatsKeys { isPopulated = true }
  }
}

extension HIDUsage {
  fileprivate var repeatsKeys: Bool {
    switch Page(rawValue: page) {
    case .keyboard, .hewlettPackard, .hewlettPackard2, .custom: true
    default: false
    }
  }

  /// What a name ends with for an application (`hidinput_allocate()`).
  fileprivate var suffix: String? {
    switch self {
    case .keyboard: "Keyboard"
    case .keypad: "Keypad"
    case .mouse: "Mouse"
    case .pen: "Stylus"
    case .stylus: "Pen"
    case .touchscreen: "Touchscreen"
    case .touchpad: "Touchpad"
    case .systemControl: "System Control"
    case .consumerControl: "Consumer Control"
    case .radioControls: "Wireless Radio Control"
    case .systemMultiAxis: "System Multi Axis"
    default: nil
    }
  }
}

extension HIDDescriptor {
  /// Whether the input layer looks at the reports at all: only with a collection it knows
  /// (`hidinput_connect()`).
  package var isForInput: Bool {
    collections.contains {
      ($0.kind == HIDCollection.application || $0.kind == HIDCollection.physical)
        && $0.usage.isInputApplication
    }
  }

  /// The input devices of the reports, in their order; those not populated are not registered. Empty
  /// when the input layer does not take the device (`hidinput_connect()`).
  package var inputDevices: [HIDInputDevice] {
    guard isForInput else { return [] }
    var devices: [HIDInputDevice] = []
    for number in numbers(of: .input) + numbers(of: .output) {
      let report = reports[number]
      guard !report.fields.isEmpty else { continue }
      let index = inputDevice(for: report, among: devices) ?? devices.count
      if index == devices.count {
        devices.append(
          HIDInputDevice(
            application: report.application,
            suffix: applications > 1 ? report.application.suffix : nil))
      }
      devices[index].take(report, number: number)
    }
    return devices
  }

  private func numbers(of kind: HIDReport.Kind) -> [Int] {
    reports.indices.filter { reports[$0].kind == kind }
  }

  /// The number among ``inputDevices`` of the one a report is told through.
  package func inputDevice(of report: HIDReport) -> Int? {
    inputDevice(for: report, among: inputDevices)
  }

  /// One device an application. Keys of a system or a player go with the keyboard before them
  /// (`hidinput_match_application()`).
  private func inputDevice(for report: HIDReport, among devices: [HIDInputDevice]) -> Int? {
    guard applications > 1 else { return devices.isEmpty ? nil : 0 }
    let joinsKeyboard = [.systemControl, .consumerControl].contains(report.application)
    return devices.firstIndex {
      $0.application == report.application || joinsKeyboard && $0.application == .keyboard
    }
  }

  /// Whether the kernel makes a node for programs of its own, `hiddev`: for applications that are
  /// none of the input layer's (`hiddev_connect()`).
  package var isForHiddev: Bool {
    collections.contains {
      $0.kind == HIDCollection.application && !$0.usage.isInputApplication
    }
  }

  /// What the kernel log calls the device (`hid_connect()`).
  package var typeName: String {
    let names = [
      "Device", "Pointer", "Mouse", "Device", "Joystick", "Gamepad", "Keyboard", "Keypad",
      "Multi-Axis Controller",
    ]
    let known = collections.first {
      $0.kind == HIDCollection.application
        && $0.usage.page == HIDUsage.Page.genericDesktop.rawValue
        && Int($0.usage.number) < names.count
    }
    return known.map { names[Int($0.usage.number)] } ?? "Device"
  }
}
