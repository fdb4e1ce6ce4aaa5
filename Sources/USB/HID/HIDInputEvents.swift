/// What the input layer tells programs of a value in a report (`hidinput_hid_event()`).
package struct HIDToldValue: Equatable, Sendable {
  /// Kinds of values.
  package enum Kind: Equatable, Sendable {
    case key
    case relative
    case absolute
  }

  package var kind: Kind
  /// The code of a key or an axis.
  package var code: UInt16
  package var value: Int32
  /// The usage it stands for, told beside keys.
  package var usage: UInt32
}

extension HIDReport {
  /// What a report tells, in the order in which programs hear it.
  ///
  /// - Parameters:
  ///   - values: the report without its number.
  ///   - before: the last one of that number; empty at first.
  package func told(
    _ values: ArraySlice<UInt8>, before: ArraySlice<UInt8>
  ) -> [HIDToldValue] {
    let single = fields.filter { $0.isVariable && !$0.isConstant }
    let arrays = fields.filter { !$0.isVariable && !$0.isConstant }
    return single.flatMap { $0.toldValues(values) } + arrays.flatMap { $0.toldKeys(values, before) }
  }
}

extension HIDField {
  /// `hid_input_var_field()`.
  fileprivate func toldValues(_ data: ArraySlice<UInt8>) -> [HIDToldValue] {
    (0..<count).flatMap { index in
      usage(at: index).map { told($0, value(index, of: data)) } ?? []
    }
  }

  /// `hid_input_array_field()`: what is no longer in the array went up, what is new in it went down.
  fileprivate func toldKeys(
    _ data: ArraySlice<UInt8>, _ before: ArraySlice<UInt8>
  ) -> [HIDToldValue] {
    func usages(_ data: ArraySlice<UInt8>) -> [HIDUsage?] {
      (0..<count).map { usage(ofArray: value($0, of: data)) }
    }
    let new = usages(data)
    let old = before.isEmpty ? [HIDUsage?](repeating: nil, count: new.count) : usages(before)
    // Too many keys are down.
    guard !new.contains(.errorRollOver) else { return [] }
    return zip(old, new).flatMap { was, now in
      (was.map { new.contains($0) ? [] : told($0, 0) } ?? [])
        + (now.map { old.contains($0) ? [] : told($0, 1) } ?? [])
    }
  }

  private func told(_ usage: HIDUsage, _ value: Int32) -> [HIDToldValue] {
    func one(_ kind: HIDToldValue.Kind, _ code: UInt16, _ value: Int32) -> HIDToldValue {
      HIDToldValue(kind: kind, code: code, value: value, usage: usage.rawValue)
    }
    switch HIDUsage.Page(rawValue: usage.page) {
    case .keyboard:
      return usage.number < 4 ? [] : [one(.key, HIDKeyCodes.code(usage.number), value)]
    case .button:
      let code = HIDInputCode.buttonCode(usage, self)
      return UInt16(exactly: code).map { [one(.key, $0, value)] } ?? []
    case .genericDesktop where usage.number == 0x38 && isRelative:
      // A wheel's steps are told in hundred-and-twentieths as well.
      guard value != 0 else { return [] }
      return [one(.relative, 0x08, value), one(.relative, 0x0b, value &* 120)]
    case .genericDesktop where (0x30...0x38).contains(usage.number):
      return [one(isRelative ? .relative : .absolute, usage.number & 15, value)]
    default: return []
    }
  }
}

/// The keys of the keyboard page (`hid_keyboard`).
enum HIDKeyCodes {
  /// What the kernel makes of a key it has no code for.
  private static let unknown: UInt16 = 240
  private static let first: [UInt8] = [
    0, 0, 0, 0, 30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38, 50, 49, 24, 25, 16, 19, 31, 20, 22,
    47, 17, 45, 21, 44, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 28, 1, 14, 15, 57, 12, 13, 26, 27, 43, 43,
    39, 40, 41, 51, 52, 53, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 87, 88, 99, 70, 119, 110,
    102, 104, 111, 107, 109, 106, 105, 108, 103, 69, 98, 55, 74, 78, 96, 79, 80, 81, 75, 76, 77, 71,
    72, 73, 82, 83, 86, 127, 116, 117, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194,
    134, 138, 130, 132, 128, 129, 131, 137, 133, 135, 136, 113, 115, 114, 240, 240, 240, 121, 240,
    89, 93, 124, 92, 94, 95, 240, 240, 240, 122, 123, 90, 91, 85,
  ]
  private static let last: [UInt8] = [
    29, 42, 56, 125, 97, 54, 100, 126, 164, 166, 165, 163, 161, 115, 114, 113, 150, 158, 159, 128,
    136, 177, 178, 176, 142, 152, 173, 140,
  ]

  static func code(_ usage: UInt16) -> UInt16 {
    switch Int(usage) {
    case 0..<first.count: UInt16(first[Int(usage)])
    case 0xb6: 179
    case 0xb7: 180
    case 0xd8: 111
    case 0xe0..<0xe0 + last.count: UInt16(last[Int(usage) - 0xe0])
    default: unknown
    }
  }
}
