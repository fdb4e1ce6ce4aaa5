import USB

/// `usb_parse_configuration()`: turns the bytes of a configuration into its parts and says in the
/// kernel's words what is wrong with them.
struct ConfigurationParser {
  let bytes: [UInt8]
  /// The index the configuration was read at.
  let index: Int
  let speed: UsbSpeed
  /// What the kernel log would say, without the device's name.
  private(set) var log: [String] = []

  private var value = 0
  private var configuration = UsbConfiguration(
    value: 0, attributes: 0, maxPower: 0, stringIndex: 0, interfaceCount: 0)
  /// Settings counted for each interface number in the first pass.
  private var settings: [Int: Int] = [:]
  private var associations = 0
  private var end = 0

  init(bytes: [UInt8], index: Int, speed: UsbSpeed) {
    self.bytes = bytes
    self.index = index
    self.speed = speed
  }

  private func byte(_ offset: Int) -> UInt8 { bytes.indices.contains(offset) ? bytes[offset] : 0 }

  private func plural(_ count: Int) -> String { count == 1 ? "" : "s" }

  /// Parses the whole; nil when the configuration's own descriptor is invalid.
  mutating func parse() -> UsbConfiguration? {
    let length = Int(byte(0))
    guard byte(1) == 2, length >= 9, length <= bytes.count else {
      let type = String(byte(1), radix: 16, uppercase: true)
      log.append(
        "invalid descriptor for config index \(index): type = 0x\(type), length = \(length)")
      return nil
    }
    value = Int(byte(5))
    configuration.value = byte(5)
    configuration.stringIndex = byte(6)
    configuration.attributes = byte(7)
    configuration.maxPower = byte(8)
    count(from: length, announced: Int(byte(4)))
    configuration.raw = Array(bytes.prefix(end))
    var at = next(from: length, types: [4])
    while at < end { at = parseInterface(at) }
    noteMissingSettings()
    return configuration
  }

  /// The first pass: checks lengths and counts interfaces and settings.
  private mutating func count(from start: Int, announced: Int) {
    if announced > 32 {
      log.append(
        "config \(value) has too many interfaces: \(announced), using maximum allowed: 32")
    }
    var at = start
    while at < bytes.count {
      let left = bytes.count - at
      if left < 2 {
        log.append("config \(value) descriptor has \(left) excess byte\(plural(left)), ignoring")
        break
      }
      let length = Int(byte(at))
      if length > left || length < 2 {
        log.append(
          "config \(value) has an invalid descriptor of length \(length), "
            + "skipping remainder of the config")
        break
      }
      countDescriptor(at, length, announced)
      at += length
    }
    end = at
    let found = configuration.interfaceNumbers.count
    if found != min(announced, 32) {
      log.append(
        "config \(value) has \(found) interface\(plural(found)), "
          + "different from the descriptor's value: \(announced)")
    } else if found == 0 {
      log.append("config \(value) has no interfaces?")
    }
    configuration.interfaceCount = found
    for number in 0..<found where !configuration.interfaceNumbers.contains(number) {
      log.append("config \(value) has no interface number \(number)")
    }
    limitSettings()
  }

  private mutating func limitSettings() {
    for number in configuration.interfaceNumbers {
      guard let count = settings[number], count > 128 else { continue }
      log.append(
        "too many alternate settings for config \(value) interface \(number): \(count), "
          + "using maximum allowed: 128")
      settings[number] = 128
    }
  }

  private mutating func countDescriptor(_ at: Int, _ length: Int, _ announced: Int) {
    switch byte(at + 1) {
    case 4:
      if length < 9 {
        log.append(
          "config \(value) has an invalid interface descriptor of length \(length), skipping")
        return
      }
      let number = Int(byte(at + 2))
      if number >= announced {
        log.append(
          "config \(value) has an invalid interface number: \(number) but max is \(announced - 1)")
      }
      if let count = settings[number] {
        settings[number] = min(255, count + 1)
      } else if configuration.interfaceNumbers.count < 32 {
        settings[number] = 1
        configuration.interfaceNumbers.append(number)
      }
    case 11 where length < 8:
      log.append(
        "config \(value) has an invalid interface association descriptor of length \(length), "
          + "skipping")
    case 11:
      associations += 1
      if associations > 16 {
        log.append(
          "found more Interface Association Descriptors than allocated for in configuration "
            + "\(value)")
      }
    case 1, 2:
      let type = String(byte(at + 1), radix: 16, uppercase: true)
      log.append("config \(value) contains an unexpected descriptor of type 0x\(type), skipping")
    default: break
    }
  }

  /// `find_next_descriptor()`: the offset of the next descriptor of one of these types.
  private func next(from start: Int, types: [UInt8]) -> Int {
    var at = start
    while at < end, !types.contains(byte(at + 1)) { at += max(2, Int(byte(at))) }
    return min(at, end)
  }

  private mutating func parseInterface(_ start: Int) -> Int {
    let length = max(2, Int(byte(start)))
    let after = start + length
    let number = Int(byte(start + 2))
    let alternate = Int(byte(start + 3))
    let known = configuration.interfaces.filter { $0.number == number }
    guard length >= 9, let limit = settings[number], known.count < limit else {
      return next(from: after, types: [4])
    }
    if known.contains(where: { $0.alternate == alternate }) {
      log.append(
        "Duplicate descriptor for config \(value) interface \(number) "
          + "altsetting \(alternate), skipping")
      return next(from: after, types: [4])
    }
    var interface = UsbInterface(
      number: number, alternate: alternate, interfaceClass: byte(start + 5),
      subclass: byte(start + 6), protocol: byte(start + 7), stringIndex: byte(start + 8))
    let announced = Int(byte(start + 4))
    var at = next(from: after, types: [4, 5])
    interface.extra = Array(bytes[min(after, at)..<at])
    let place = "config \(value) interface \(number) altsetting \(alternate)"
    if announced > 30 {
      log.append("too many endpoints for \(place): \(announced), using maximum allowed: 30")
    }
    configuration.interfaces.append(interface)
    var found = 0
    while at < end, byte(at + 1) != 4 {
      at = parseEndpoint(at, place, limit: min(announced, 30))
      found += 1
    }
    if found != announced {
      log.append(
        "\(place) has \(found) endpoint descriptor\(plural(found)), "
          + "different from the interface descriptor's value: \(announced)")
    }
    return at
  }

  private mutating func parseEndpoint(_ start: Int, _ place: String, limit: Int) -> Int {
    let length = max(2, Int(byte(start)))
    let after = start + length
    let skip = next(from: after, types: [4, 5])
    guard length >= 7 else {
      log.append("\(place) has an invalid endpoint descriptor of length \(length), skipping")
      return skip
    }
    var endpoint = UsbEndpoint(
      address: byte(start + 2), attributes: byte(start + 3),
      maxPacket: UInt16(low: byte(start + 4), high: byte(start + 5)), interval: byte(start + 6))
    let address = "0x" + String(endpoint.address, radix: 16, uppercase: true)
    if endpoint.address & 0x0f == 0 || endpoint.address & 0x70 != 0 {
      log.append("\(place) has an invalid endpoint with address \(address), skipping")
      return skip
    }
    let last = configuration.interfaces.count - 1
    guard last >= 0, configuration.interfaces[last].endpoints.count < limit else { return skip }
    if isDuplicate(endpoint, configuration.interfaces[last]) {
      log.append("\(place) has a duplicate endpoint with address \(address), skipping")
      return skip
    }
    var check = EndpointChecks(speed: speed, place: place, address: address)
    check.correct(&endpoint, alternate: configuration.interfaces[last].alternate)
    log += check.log
    if speed >= .super {
      let behind = Array(bytes[min(after, end)..<end])
      log += CompanionChecks(endpoint: endpoint, place: place).log(behind)
    }
    endpoint.extra = Array(bytes[min(after, skip)..<skip])
    configuration.interfaces[last].endpoints.append(endpoint)
    return skip
  }

  private func isDuplicate(_ endpoint: UsbEndpoint, _ current: UsbInterface) -> Bool {
    configuration.interfaces.contains { interface in
      if interface.number == current.number, interface.alternate != current.alternate {
        return false
      }
      return interface.endpoints.contains {
        $0.address == endpoint.address
          || ($0.type == .control || endpoint.type == .control)
            && $0.address & 15 == endpoint.address & 15
      }
    }
  }

  private mutating func noteMissingSettings() {
    for number in configuration.interfaceNumbers {
      let known = configuration.interfaces.filter { $0.number == number }
      for alternate in known.indices where !known.contains(where: { $0.alternate == alternate }) {
        log.append("config \(value) interface \(number) has no altsetting \(alternate)")
      }
    }
  }
}
