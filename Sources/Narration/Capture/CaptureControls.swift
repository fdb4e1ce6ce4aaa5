import KernelLog
import RawGadget
import Simulation
import Text
import USB
import UsbHost
import Usercopy

/// Endpoint 0: requests as the simulated host makes them, answers as they were captured.
extension CaptureBuilder {
  /// Plays until the request has been made and answered.
  mutating func playControl(_ index: Int) {
    guard let setup = request(index) else { return }
    if Self.isAnsweredByController(setup) { return playFeature(index, setup) }
    var hasAsked = false
    for _ in 0..<32 where hasRoom && !isUsed[index] && !isGone {
      if let asked = fetch() {
        answer(asked, expecting: index)
      } else if isSilent {
        guard waitForRefusals() || payLate(index) else { break }
      } else if hasAsked || !ask(index, setup) {
        break
      } else {
        hasAsked = true
      }
    }
    guard !isUsed[index], hasRoom, !isGone else { return }
    isUsed[index] = true
    note("Bus at \(when(index)): \(setup.name); this host does not ask that here.")
  }

  /// Answers whatever the host has asked by now.
  mutating func serve() {
    for _ in 0..<32 where hasRoom && !isSilent && !isGone {
      guard let asked = fetch() else { return }
      answer(asked, expecting: nil)
    }
  }

  /// The setup packet of an URB.
  func request(_ index: Int) -> SetupPacket? { session.exchanges[index].setup }

  /// What `handle_control_request()` of dummy_hcd answers without the gadget.
  static func isAnsweredByController(_ setup: SetupPacket) -> Bool {
    switch (setup.bmRequestType, setup.bRequest) {
    case (0x00, 5), (0x80...0x82, 0), (0x00, 1), (0x00, 3), (0x02, 1), (0x02, 3): true
    default: false
    }
  }

  /// A request the controller answers; only clearing a halt is something a program asks for.
  private mutating func playFeature(_ index: Int, _ setup: SetupPacket) {
    isUsed[index] = true
    guard setup.bmRequestType == 2, setup.bRequest == 1, setup.wValue == 0, isOpen else { return }
    serve()
    let endpoint = UInt8(truncatingIfNeeded: setup.wIndex)
    play(
      .host(Action.HostCall(action: .clearHalt(endpoint: endpoint), thread: freeThread("host"))),
      "Bus at \(when(index)): the host clears the halt of endpoint 0x\(endpoint.hex(width: 2)).")
  }

  // MARK: Requests

  /// Takes the first event, which tells of the connection.
  mutating func connect() {
    call(.eventFetch, .room(64), "The host's port sees the device.")
  }

  /// The host's next request; nil when it makes none in ten seconds, which then did not pass.
  mutating func fetch() -> SetupPacket? {
    let action = Action.ioctl(
      Action.Ioctl(request: .eventFetch, thread: server, argument: .room(64)))
    while script.steps.count < CaptureScene.stepLimit {
      let attempt = attempt(action)
      guard let bytes = attempt.result?.written, bytes.count >= 8 else { return nil }
      guard bytes[0] == UInt8(RawEventType.control.rawValue),
        let setup = SetupPacket(bytes.dropFirst(RawLayout.headerSize))
      else {
        keep(attempt, "")
        continue
      }
      keep(attempt, "The host asks \(setup.name).")
      return setup
    }
    return nil
  }

  /// The captured URB that tells how the device answers a request: the expected one, a later one,
  /// an earlier one, or one that differs in length only.
  private func match(_ asked: SetupPacket, expecting index: Int?) -> Int? {
    let all = session.exchanges.indices
    if let index, request(index) == asked { return index }
    if let later = all.first(where: { !isUsed[$0] && request($0) == asked }) { return later }
    if let earlier = all.last(where: { request($0) == asked }) { return earlier }
    return all.first { other in
      guard var setup = request(other), session.exchanges[other].status == 0 else { return false }
      setup.wLength = asked.wLength
      return setup == asked
    }
  }

  private mutating func answer(_ asked: SetupPacket, expecting index: Int?) {
    guard let found = match(asked, expecting: index) else {
      return makeUp(asked)
    }
    isUsed[found] = true
    let exchange = session.exchanges[found]
    switch exchange.status {
    case -32:
      call(.ep0Stall, .none, "Bus at \(when(found)): the device refused it with a stall.")
    case nil, -2, -104, -110:
      guard let moved = exchange.actual, moved > 0 else {
        isSilent = true
        owed = asked
        return note("Bus at \(when(found)): the device never answered.")
      }
      if asked.movesIn { give(exchange, found, asked) } else { take(found, asked) }
    case -71, -108:
      if session.isGone(from: found) {
        return unplug("Bus at \(when(found)): the device is gone.")
      }
      call(.ep0Stall, .none, "Bus at \(when(found)): the transfer failed; here it stalls.")
    default:
      if asked.movesIn { give(exchange, found, asked) } else { take(found, asked) }
    }
  }

  /// Answers what the capture does not have. A gap is no refusal: descriptors are made up, and settings accepted that the
  /// device must have had when its endpoints were used.
  private mutating func makeUp(_ asked: SetupPacket) {
    if let bytes = descriptors.made(for: asked) {
      let room = Int(asked.wLength)
      let sent = Array(bytes.prefix(room))
      let needsEnd = sent.count < room && (sent.count % 8 == 0 || sent.count % 9 == 0)
      call(
        .ep0Write, .data(endpoint: 0, flags: needsEnd ? 1 : 0, sent),
        "Not in the capture; this answer is assumed.")
    } else if asked.bmRequestType == 0, asked.bRequest == 9 {
      configure(UInt8(asked.wValue & 0xff), nil)
      call(
        .ep0Read, .read(endpoint: 0, flags: 0, length: 0),
        "Not in the capture; that the device accepted it is assumed.")
    } else if asked.bmRequestType == 1, asked.bRequest == 11 {
      call(
        .ep0Read, .read(endpoint: 0, flags: 0, length: 0),
        "Not in the capture; that the device accepted it is assumed.")
    } else {
      call(.ep0Stall, .none, "Not in the capture; a device without it is assumed, which refuses.")
    }
  }

  private mutating func give(
    _ exchange: Capture.Exchange, _ index: Int, _ asked: SetupPacket
  ) {
    let room = Int(asked.wLength)
    var bytes = descriptors.answer(exchange)
    let isOverflow = exchange.status == -75
    let size = isOverflow ? room + 1 : min(bytes.count, room)
    bytes = Array(bytes.prefix(size)) + [UInt8](repeating: 0, count: max(0, size - bytes.count))
    // A short answer of whole packets ends with an empty one; packets are 8 to 64 bytes, and 9
    // where dummy_hcd takes a SuperSpeed device's exponent for a size.
    let isWhole = bytes.count % 8 == 0 || bytes.count % 9 == 0
    let needsEnd = exchange.status == 0 && !bytes.isEmpty && bytes.count < room && isWhole
    let words = isOverflow ? "more than the host wanted" : "\(bytes.count) of \(room) bytes"
    call(
      .ep0Write, .data(endpoint: 0, flags: needsEnd ? 1 : 0, bytes),
      "Bus at \(when(index)): \(words)." + cutWords(exchange))
  }

  private mutating func take(_ index: Int, _ asked: SetupPacket) {
    if asked.bmRequestType == 0, asked.bRequest == 9 {
      configure(UInt8(asked.wValue & 0xff), index)
    }
    let exchange = session.exchanges[index]
    // A host that gave up was left with part of its data.
    let part = exchange.status == 0 ? nil : exchange.actual.map { UInt32(clamping: $0) }
    call(
      .ep0Read,
      .read(endpoint: 0, flags: 0, length: min(part ?? .max, UInt32(asked.wLength))),
      "Bus at \(when(index)): the device accepted it.")
  }

  func cutWords(_ exchange: Capture.Exchange) -> String {
    guard exchange.isDataCut else { return "" }
    let rest = descriptors.isFilled(exchange) ? "follows from the traffic" : "is zeros"
    return " Only \(exchange.data.count) were captured; the rest \(rest)."
  }

  // MARK: A program on the host

  /// Makes the host ask what its drivers do not ask by themselves.
  ///
  /// - Returns: false when it cannot.
  private mutating func ask(_ index: Int, _ setup: SetupPacket) -> Bool {
    guard openOnHost() else { return false }
    let exchange = session.exchanges[index]
    let action: HostAction
    if exchange.address == 0 {
      guard configuration != 0 else { return false }
      action = .reset
    } else if setup.bmRequestType == 0, setup.bRequest == 9 {
      action = .setConfiguration(value: Int(setup.wValue))
    } else if setup.bmRequestType == 1, setup.bRequest == 11 {
      action = .setInterface(interface: Int(setup.wIndex), alternate: Int(setup.wValue))
    } else {
      let bytes = setup.isIn ? [] : CaptureDescriptors.padded(exchange)
      let missing = setup.isIn ? 0 : max(0, Int(setup.wLength) - bytes.count)
      let data = bytes.prefix(setup.isIn ? 0 : Int(setup.wLength))
      action = .control(
        setup: setup, data: data + [UInt8](repeating: 0, count: missing),
        timeout: Self.patience(exchange))
    }
    let words = action == .reset ? "the host resets the port" : setup.name
    let interface = setup.bmRequestType & 0x1f == 1 ? UInt8(setup.wIndex & 0xff) : nil
    return host(action, interface: interface, waits: false, "Bus at \(when(index)): \(words).")
  }

  /// Milliseconds after which the host gave up, or enough of them.
  private static func patience(_ exchange: Capture.Exchange) -> Int {
    guard exchange.status == -2, let start = exchange.submitted, let end = exchange.completed
    else { return 5000 }
    return Int(min(max(1, (end &- start) / 1000), 5000))
  }

  /// Opens the device on the host, once.
  mutating func openOnHost() -> Bool {
    if isOpen { return true }
    for _ in 0..<2 {
      let attempt = attempt(.host(Action.HostCall(action: .open)))
      if attempt.hostResult?.ret == 0 {
        keep(attempt, "On the host a program opens the device.")
        isOpen = true
        return true
      }
      play(.wait(milliseconds: 1000), "")
    }
    return false
  }

  /// Does something on the host; a driver in the way is detached first.
  ///
  /// - Returns: false when the host refuses, which then did not happen.
  mutating func host(
    _ action: HostAction, interface: UInt8?, waits: Bool, _ say: String
  ) -> Bool {
    for isSecond in [false, true] {
      let attempt = attempt(
        .host(Action.HostCall(action: action, thread: freeThread("host"), waits: waits)))
      if attempt.isRefused { return false }
      let ret = attempt.hostResult?.ret ?? 0
      let isFree = ret != Errno.EBUSY.negated && ret != Errno.ENOENT.negated
      if isFree, waits || attempt.hostResult == nil || ret >= 0 {
        keep(attempt, say)
        return true
      }
      guard !isSecond, ret == Errno.EBUSY.negated, let interface else { return false }
      play(
        .host(Action.HostCall(action: .detach(interface: Int(interface)))),
        "The host's own driver lets go of interface \(interface).")
    }
    return false
  }
}
