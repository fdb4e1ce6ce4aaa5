public import USB

/// What a bus capture shows of each device: every request of the host with the device's answer.
public struct Capture: Sendable, Equatable {
  /// One URB from submission to callback.
  public struct Exchange: Sendable, Equatable {
    /// Address the URB went to; 0 before the device had one.
    public var address: UInt8
    /// Type of the endpoint.
    public var kind: TransferType
    /// Whether the device sends.
    public var isIn: Bool
    /// Endpoint number without direction.
    public var endpoint: UInt8
    /// The request, on control endpoints.
    public var setup: SetupPacket?
    /// Microseconds; nil where the capture began after the submission.
    public var submitted: UInt64?
    /// Microseconds; nil where the capture ended before the callback.
    public var completed: UInt64?
    /// Outcome: 0 or a negative errno; nil while pending.
    public var status: Int32?
    /// Bytes the host asked for or sent; nil where the submission is missing.
    public var requested: Int32?
    /// Bytes that moved; nil while pending.
    public var actual: Int32?
    /// The bytes that moved, or that were to be sent, as far as captured.
    public var data: [UInt8]

    /// Whether fewer bytes were captured than moved (the text form keeps 32).
    public var isDataCut: Bool {
      let moved = isIn ? (actual ?? 0) : (requested ?? actual ?? 0)
      return Int(moved) > data.count
    }
  }

  /// One device: all its exchanges in the order of submission.
  public struct Device: Sendable, Equatable {
    /// Number of the bus.
    public var bus: UInt16
    /// Address on the bus; 0 for traffic of a device that never got one.
    public var address: UInt8
    /// Everything that went to and from it.
    public var exchanges: [Exchange]
    /// Counts of its URBs beyond the most that are kept.
    public var later = Tally()

    /// The control requests on endpoint 0.
    public var controls: [Exchange] {
      exchanges.filter { $0.kind == .control && $0.endpoint == 0 }
    }
    /// Everything else, in order.
    public var transfers: [Exchange] {
      exchanges.filter { !($0.kind == .control && $0.endpoint == 0) }
    }
  }

  /// Devices in the order they appear on the bus. What went to address 0 belongs to the device
  /// that received its address next.
  public var devices: [Device] = []

  /// URBs beyond the most that are kept.
  public var omitted = 0
  /// Where the file ends inside a packet: what followed is missing. Nil for a whole one.
  public var cutOffset: Int?
  /// Lines of text that are no events and were left out.
  public var badLines = BadLines()

  /// Pairs submissions with callbacks and sorts them by device.
  public init(_ transfers: [UsbTransfer]) {
    var builder = CaptureBuilder()
    for transfer in transfers { builder.add(transfer) }
    self = builder.finish()
  }

  /// Reads any supported input: pcap, pcapng, or else usbmon text.
  public init(reading bytes: [UInt8]) throws(KernelLogError) {
    var reader = CaptureReader()
    try reader.read(bytes[...])
    self = try reader.finish()
  }

  fileprivate init(devices: [Device], omitted: Int) {
    self.devices = devices
    self.omitted = omitted
  }
}

/// Puts events together.
struct CaptureBuilder {
  /// Most URBs kept.
  static let mostExchanges = 100_000
  /// Most bytes of data kept.
  private static let mostData = 16 << 20

  private struct Place: Hashable {
    var bus: UInt16
    var address: UInt8
  }

  private struct URB: Hashable {
    var tag: UInt64
    var place: Place
    var endpoint: UInt8
    var isIn: Bool
  }

  private var exchanges: [Capture.Exchange] = []
  private var places: [Place] = []
  /// Submissions without a callback yet.
  private var open: [URB: Int] = [:]
  private var omitted = 0
  /// URBs beyond the most that are kept: those under way, and the counts of all others.
  private var later: [URB: Capture.Exchange] = [:]
  private var tallies: [Place: Capture.Tally] = [:]
  private var dataCount = 0

  mutating func add(_ transfer: UsbTransfer) {
    let place = Place(bus: transfer.bus, address: transfer.device)
    let urb = URB(
      tag: transfer.tag, place: place, endpoint: transfer.endpoint, isIn: transfer.isIn)
    let isFull = exchanges.count >= Self.mostExchanges
    if transfer.event == .submission {
      guard !isFull else {
        omitted += 1
        return begin(urb, transfer)
      }
      open[urb] = exchanges.count
      append(transfer, place)
      return
    }
    let index: Int
    if let known = open.removeValue(forKey: urb) {
      index = known
    } else if isFull {
      return end(urb, transfer)
    } else {
      index = exchanges.count
      append(transfer, place)
      exchanges[index].submitted = nil
      exchanges[index].requested = nil
    }
    exchanges[index].completed = transfer.timestamp
    exchanges[index].status = transfer.status
    exchanges[index].actual = transfer.length
    if transfer.isIn { exchanges[index].data = kept(transfer.data) }
  }

  private mutating func append(_ transfer: UsbTransfer, _ place: Place) {
    places.append(place)
    exchanges.append(Self.exchange(transfer, transfer.isIn ? [] : kept(transfer.data)))
  }

  private static func exchange(_ transfer: UsbTransfer, _ data: [UInt8]) -> Capture.Exchange {
    var setup: SetupPacket?
    if case .packet(let packet) = transfer.setup { setup = packet }
    return Capture.Exchange(
      address: transfer.device, kind: transfer.kind, isIn: transfer.isIn,
      endpoint: transfer.endpoint, setup: setup, submitted: transfer.timestamp, completed: nil,
      status: nil, requested: transfer.length, actual: nil, data: data)
  }

  // MARK: URBs that are only counted

  /// Most of them that may be under way at once.
  private static let mostUnderWay = 1 << 16
  /// Bytes of one's data that are looked at: a command block wrapper has 31.
  private static let mostLookedAt = 31

  private mutating func begin(_ urb: URB, _ transfer: UsbTransfer) {
    let data = transfer.isIn ? [] : Array(transfer.data.prefix(Self.mostLookedAt))
    let exchange = Self.exchange(transfer, data)
    // One that was never answered makes room for the next under its number.
    if let lost = later.removeValue(forKey: urb) { count(lost, urb.place) }
    guard later.count < Self.mostUnderWay else { return count(exchange, urb.place) }
    later[urb] = exchange
  }

  private mutating func end(_ urb: URB, _ transfer: UsbTransfer) {
    guard var exchange = later.removeValue(forKey: urb) else { return }
    exchange.status = transfer.status
    exchange.actual = transfer.length
    if transfer.isIn { exchange.data = Array(transfer.data.prefix(Self.mostLookedAt)) }
    count(exchange, urb.place)
  }

  private mutating func count(_ exchange: Capture.Exchange, _ place: Place) {
    tallies[place, default: Capture.Tally()].add(exchange)
  }

  /// Data as long as there is room for it; what is not kept counts as not captured.
  private mutating func kept(_ data: [UInt8]) -> [UInt8] {
    guard dataCount + data.count <= Self.mostData else { return [] }
    dataCount += data.count
    return data
  }

  /// The devices, address 0 resolved.
  func finish() -> Capture {
    var devices: [Capture.Device] = []
    var index: [Place: Int] = [:]
    var unaddressed: [UInt16: [Capture.Exchange]] = [:]
    func put(_ new: [Capture.Exchange], _ place: Place) {
      if let known = index[place] {
        devices[known].exchanges += new
      } else {
        index[place] = devices.count
        devices.append(
          Capture.Device(bus: place.bus, address: place.address, exchanges: new))
      }
    }
    for (exchange, place) in zip(exchanges, places) {
      guard place.address == 0 else {
        put([exchange], place)
        continue
      }
      unaddressed[place.bus, default: []].append(exchange)
      if let address = Self.newAddress(exchange) {
        put(
          unaddressed.removeValue(forKey: place.bus) ?? [],
          Place(bus: place.bus, address: address))
      }
    }
    for bus in unaddressed.keys.sorted() {
      put(unaddressed[bus] ?? [], Place(bus: bus, address: 0))
    }
    var counts = tallies
    for (urb, exchange) in later { counts[urb.place, default: Capture.Tally()].add(exchange) }
    let order = counts.keys.sorted { ($0.bus, $0.address) < ($1.bus, $1.address) }
    for place in order {
      if index[place] == nil { put([], place) }
      if let known = index[place], let count = counts[place] { devices[known].later = count }
    }
    return Capture(devices: devices, omitted: omitted)
  }

  /// The address a successful SET_ADDRESS gave.
  private static func newAddress(_ exchange: Capture.Exchange) -> UInt8? {
    guard let setup = exchange.setup, setup.bmRequestType == 0, setup.bRequest == 5,
      exchange.status == 0, (1...127).contains(setup.wValue)
    else { return nil }
    return UInt8(setup.wValue)
  }
}
