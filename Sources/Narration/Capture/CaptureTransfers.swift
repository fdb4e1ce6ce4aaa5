import KernelLog
import RawGadget
import Simulation
import Text
import USB
import UsbHost
import Usercopy

/// The other endpoints: enabled when the device is configured, each with a thread of its own.
extension CaptureBuilder {
  /// What a gadget does on SET_CONFIGURATION before it accepts.
  mutating func configure(_ value: UInt8, _ index: Int?) {
    guard value != configuration else { return }
    for (address, handle) in handles.sorted(by: { $0.key < $1.key }) {
      call(.epDisable, .value(handle), "Endpoint 0x\(address.hex(width: 2)) of before goes.")
    }
    handles = [:]
    configuration = value
    guard value != 0, let bytes = descriptors.configurations[value] else { return }
    for descriptor in CaptureDescriptors.endpoints(bytes) { enable(descriptor) }
    let power = descriptors.isMade ? "assumed" : "captured"
    call(.vbusDraw, .value(UInt64(bytes[8])), "bMaxPower of the \(power) configuration.")
    let place = index.map { "Bus at \(when($0))" } ?? "Assumed"
    call(.configure, .none, "\(place): configuration \(value).")
  }

  private mutating func enable(_ descriptor: [UInt8]) {
    let address = "0x" + descriptor[2].hex(width: 2)
    let attempt = attempt(
      .ioctl(
        Action.Ioctl(request: .epEnable, thread: server, argument: .descriptor(descriptor))))
    if let result = attempt.result, result.errno == nil, result.ret >= 0 {
      handles[descriptor[2]] = UInt64(result.ret)
      keep(
        attempt,
        descriptors.isMade
          ? "Endpoint \(address), seen in the traffic; its packet size is assumed."
          : "Endpoint \(address) as the captured configuration describes it.")
    } else {
      let why = attempt.result.map { GadgetWords.result($0) } ?? "the call did not return"
      missing.insert(descriptor[2])
      note("The controller has no endpoint like \(address): \(why).")
    }
  }

  /// Plays an URB of an endpoint other than 0.
  mutating func playTransfer(_ index: Int) {
    isUsed[index] = true
    let exchange = session.exchanges[index]
    let address = exchange.endpoint | (exchange.isIn ? 0x80 : 0)
    guard [0, -32, -75].contains(exchange.status) else { return }
    if handles[address] == nil, !missing.contains(address) { serve() }
    guard hasRoom, !isSilent, !isGone else { return }
    guard exchange.kind != .isochronous, let handle = handles[address] else {
      if missing.insert(address).inserted {
        note("Bus at \(when(index)): URBs of endpoint 0x\(address.hex(width: 2)) are left out.")
      }
      return
    }
    let endpoint = CapturedEndpoint(address: address, handle: UInt16(clamping: handle))
    guard !isBlocked(endpoint.thread) else { return }
    serve()
    switch exchange.status {
    case -32: refuse(index, exchange, endpoint)
    case 0, -75:
      exchange.isIn ? send(index, exchange, endpoint) : receive(index, exchange, endpoint)
    default: break
    }
  }

  struct CapturedEndpoint {
    var address: UInt8
    var handle: UInt16
    var thread: String { "ep-" + address.hex(width: 2) }
  }

  /// The interface an endpoint belongs to in the configuration in use.
  private func interface(of address: UInt8) -> UInt8? {
    let bytes = descriptors.configurations[configuration] ?? []
    var current: UInt8?
    var offset = 0
    while offset + 2 < bytes.count, bytes[offset] >= 2 {
      if bytes[offset + 1] == 4 { current = bytes[offset + 2] }
      if bytes[offset + 1] == 5, bytes[offset + 2] == address { return current }
      offset += Int(bytes[offset])
    }
    return current
  }

  private func ioctl(
    _ request: RawIoctl, _ endpoint: CapturedEndpoint, _ argument: Action.Ioctl.Argument,
    waits: Bool
  ) -> Action {
    .ioctl(
      Action.Ioctl(request: request, thread: endpoint.thread, argument: argument, waits: waits))
  }

  private mutating func send(
    _ index: Int, _ exchange: Capture.Exchange, _ endpoint: CapturedEndpoint
  ) {
    let wanted = Int(min(max(0, exchange.requested ?? exchange.actual ?? 0), 1 << 20))
    var bytes = CaptureDescriptors.padded(exchange)
    if exchange.status == -75 {
      bytes += [UInt8](
        repeating: 0, count: max(0, min(wanted, CaptureDescriptors.dataLimit) + 1 - bytes.count))
    }
    let needsEnd = !bytes.isEmpty && bytes.count < wanted && bytes.count % 8 == 0
    let argument = Action.Ioctl.Argument.data(
      endpoint: endpoint.handle, flags: needsEnd ? 1 : 0, bytes)
    let say =
      "Bus at \(when(index)): the device sends \(bytes.count) bytes."
      + cutWords(exchange)
    let taken = attempt(ioctl(.epWrite, endpoint, argument, waits: true))
    if taken.result?.errno == nil, taken.result != nil { return keep(taken, say) }
    let before = self
    keep(attempt(ioctl(.epWrite, endpoint, argument, waits: false)), say)
    let action = HostAction.bulk(
      endpoint: endpoint.address, data: [], length: wanted, timeout: 1000)
    let words = "The host reads up to \(wanted) bytes."
    if !transfer(action, endpoint, words) { giveUp(before, index, endpoint) }
  }

  private mutating func receive(
    _ index: Int, _ exchange: Capture.Exchange, _ endpoint: CapturedEndpoint
  ) {
    let bytes = CaptureDescriptors.padded(exchange)
    let before = self
    keep(
      attempt(
        ioctl(
          .epRead, endpoint,
          .read(
            endpoint: endpoint.handle, flags: 0,
            length: UInt32(clamping: bytes.isEmpty ? 512 : bytes.count)), waits: false)),
      "The gadget waits for data of endpoint 0x\(endpoint.address.hex(width: 2)).")
    let action = HostAction.bulk(
      endpoint: endpoint.address, data: bytes, length: bytes.count, timeout: 1000)
    let words =
      "Bus at \(when(index)): the host sends \(bytes.count) bytes."
      + cutWords(exchange)
    if !transfer(action, endpoint, words) { giveUp(before, index, endpoint) }
  }

  /// A stall: the gadget halts the endpoint before the host comes.
  private mutating func refuse(
    _ index: Int, _ exchange: Capture.Exchange, _ endpoint: CapturedEndpoint
  ) {
    let before = self
    play(
      ioctl(.epSetHalt, endpoint, .value(UInt64(endpoint.handle)), waits: true),
      "The device halts endpoint 0x\(endpoint.address.hex(width: 2)).")
    let data = exchange.isIn ? [] : CaptureDescriptors.padded(exchange)
    let action = HostAction.bulk(
      endpoint: endpoint.address, data: data,
      length: Int(min(max(0, exchange.requested ?? 0), 1 << 20)), timeout: 1000)
    if !transfer(action, endpoint, "Bus at \(when(index)): the transfer stalls.") {
      giveUp(before, index, endpoint)
    }
  }

  private mutating func transfer(
    _ action: HostAction, _ endpoint: CapturedEndpoint, _ say: String
  ) -> Bool {
    openOnHost()
      && host(action, interface: interface(of: endpoint.address), waits: true, say)
  }

  /// Takes back what was prepared for a transfer that the host cannot make.
  private mutating func giveUp(
    _ before: CaptureBuilder, _ index: Int, _ endpoint: CapturedEndpoint
  ) {
    self = before
    missing.insert(endpoint.address)
    handles[endpoint.address] = nil
    note(
      "Bus at \(when(index)): URBs of endpoint 0x\(endpoint.address.hex(width: 2)) follow; "
        + "this host cannot make them.")
  }
}
