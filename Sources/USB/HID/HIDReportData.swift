/// Values in reports.
extension HIDField {
  /// A value of a report's data, its number not counted (`hid_field_extract()`, `snto32()`).
  func value(_ index: Int, of data: ArraySlice<UInt8>) -> Int32 {
    let bits = min(size, 32)
    guard bits > 0 else { return 0 }
    var value: UInt64 = 0
    let start = offset + index * size
    for place in start / 8..<(start + bits + 7) / 8 {
      let byte = data.startIndex + place
      guard byte < data.endIndex else { break }
      value |= UInt64(data[byte]) << UInt64((place - start / 8) * 8)
    }
    let number = UInt32(truncatingIfNeeded: value >> UInt64(start % 8) & (1 << UInt64(bits) - 1))
    guard global.logicalMinimum < 0 else { return Int32(bitPattern: number) }
    return Int32(bitPattern: number << UInt32(32 - bits)) >> Int32(32 - bits)
  }

  /// The usages of keys that are down in a report's data; nil when the field is to be passed over
  /// because too many keys are down (`hid_input_fetch_field()`).
  func keysDown(in data: ArraySlice<UInt8>) -> Set<HIDUsage>? {
    var keys: Set<HIDUsage> = []
    for index in 0..<count {
      let value = value(index, of: data)
      if isVariable {
        if let usage = usage(at: index), isDown(value), isKey(usage) { keys.insert(usage) }
      } else if let usage = usage(ofArray: value) {
        if usage == .errorRollOver { return nil }
        if isKey(usage) { keys.insert(usage) }
      }
    }
    return isRelative ? [] : keys
  }

  private func isKey(_ usage: HIDUsage) -> Bool {
    [.consoleKey, .button].contains(HIDInputCode.of(usage, in: self, .input))
  }

  /// Values outside the logical range are brought into it, or are none.
  private func isDown(_ value: Int32) -> Bool {
    let low = global.logicalMinimum
    let high = global.logicalMaximum
    guard low < high else { return value != 0 }
    let hasNullState = flags & 0x40 != 0
    if hasNullState, value < low || value > high { return false }
    return min(max(value, low), high) != 0
  }

  /// The usage a value of an array stands for (`hid_array_value_is_valid()`).
  func usage(ofArray value: Int32) -> HIDUsage? {
    let low = global.logicalMinimum
    guard value >= low, value <= global.logicalMaximum else { return nil }
    let index = Int(value) - Int(low)
    return index < usageCount ? usage(at: index) : nil
  }
}

/// Keys that are down on a HID device, by report and field.
package struct HIDKeys: Equatable, Sendable {
  private struct Place: Hashable, Sendable {
    var report: UInt8
    var field: Int
  }

  private var down: [Place: Set<HIDUsage>] = [:]

  package init() {}

  package var isEmpty: Bool { down.values.allSatisfy(\.isEmpty) }

  /// Takes a report in and tells the keys that have gone down with it.
  ///
  /// - Parameter values: the report without its number.
  package mutating func take(
    _ report: HIDReport, _ values: ArraySlice<UInt8>
  ) -> Set<HIDUsage> {
    var pressed: Set<HIDUsage> = []
    for (index, field) in report.fields.enumerated() {
      guard let keys = field.keysDown(in: values) else { continue }
      let place = Place(report: report.id, field: index)
      pressed.formUnion(keys.subtracting(down[place] ?? []))
      down[place] = keys
    }
    return pressed
  }
}

/// LEDs of a device.
extension HIDDescriptor {
  /// The report with the LED for Num Lock, which the kernel turns off on a boot keyboard before
  /// anything else, and where its value is (`usbhid_set_leds()`).
  package var numLockReport: (report: HIDReport, messages: [HIDMessage])? {
    for report in reports(.output) {
      for field in report.fields {
        let places = 0..<field.usageCount
        guard let index = places.first(where: { field.usage(at: $0) == .numLockLED }) else {
          continue
        }
        let missing = HIDMessage.noSuchValue(index: index, count: field.count)
        return (report, index < field.count ? [] : [missing])
      }
    }
    return nil
  }

  /// The LEDs of output reports that the input layer switches, in their order
  /// (`hidinput_find_field()`). The report of the first is sent whichever changes
  /// (`hidinput_led_worker()`).
  package var lights: [HIDLight] {
    inputDevices.flatMap(\.lights).sorted {
      ($0.report, $0.field, $0.index) < ($1.report, $1.field, $1.index)
    }
  }

  /// Why a LED cannot be switched on (`hid_set_field()`); nil when it can.
  package func refusal(of light: HIDLight, on: Bool) -> HIDMessage? {
    let field = reports[light.report].fields[light.field]
    if light.index >= field.count { return .noSuchValue(index: light.index, count: field.count) }
    // One bit with a sign is 0 or -1, and 32 are cut to none.
    let holdsOne = field.global.logicalMinimum >= 0 || (2..<32).contains(field.size)
    return on && !holdsOne ? .valueOutOfRange(1) : nil
  }
}

/// A LED of an output report: its place.
package struct HIDLight: Hashable, Sendable {
  package let led: HIDUsage
  /// The report's place in the descriptor.
  package let report: Int
  let field: Int
  let index: Int
}

extension HIDReport {
  /// The report as it crosses the bus with some LEDs on and all other values 0
  /// (`hid_output_report()`).
  package func bytes(on lights: some Sequence<HIDLight>) -> [UInt8] {
    var data = [UInt8](repeating: 0, count: bytes)
    for light in lights { fields[light.field].put(1, at: light.index, into: &data) }
    return (id > 0 ? [id] : []) + data
  }

  /// A feature report that sets resolution multipliers to their maximum; the other values are 0.
  package var withMultipliersAtMaximum: [UInt8] {
    var data = [UInt8](repeating: 0, count: bytes)
    for field in fields where field.count == 1 && field.usage(at: 0) == .resolutionMultiplier {
      field.put(field.global.logicalMaximum, at: 0, into: &data)
    }
    return (id > 0 ? [id] : []) + data
  }
}

extension HIDField {
  /// Writes a value, cut to the field's bits (`implement()`); one with a sign is kept within what they
  /// hold (`s32ton()`).
  fileprivate func put(_ value: Int32, at index: Int, into data: inout [UInt8]) {
    let bits = min(size, 32)
    guard bits > 0 else { return }
    var value = value
    if global.logicalMinimum < 0 {
      let top = Int32(truncatingIfNeeded: 1 << (bits - 1) - 1)
      // With 32 bits `s32ton()` shifts a one by 32, which x86 does not do: its mask has no bits.
      value = bits == 32 ? 0 : min(max(value, -top &- 1), top)
    }
    for bit in 0..<bits {
      let place = offset + index * size + bit
      guard data.indices.contains(place / 8) else { return }
      let mask: UInt8 = 1 << UInt8(place % 8)
      if value >> Int32(bit) & 1 != 0 { data[place / 8] |= mask } else { data[place / 8] &= ~mask }
    }
  }
}
