import GadgetWorld
import USB
import UsbHost

/// usbcore's rules for what a host does on its bus, held against what the monitor sees: an endpoint of a device is
/// used as the device describes it, a URB that comes back was submitted and brings no more than was asked for, ep0
/// has one control transfer at a time, and no driver asks without end while no time passes.
struct TransferLaws {
  /// What broke them.
  private(set) var broken: [String] = []
  private var pending: [UInt64: UsbTransfer] = [:]
  /// Control transfers of each device's ep0 that were not begun, the oldest first.
  private var waiting: [UInt8: [UInt64]] = [:]
  /// The one whose setup packet the device has.
  private var begun: UInt64?

  /// Takes what happened from a moment on up to now.
  mutating func see(_ events: [GadgetEvent], from begin: Microseconds, on world: GadgetWorld) {
    var submissions = 0
    for event in events {
      switch event.kind {
      case .setup(_, let setup), .setupAnswered(_, let setup, _): beginControl(setup)
      case .monitored(let transfer) where transfer.device != 1:
        if transfer.event == .submission { submissions += 1 }
        check(transfer, world.host)
      default: break
      }
    }
    // Every transfer takes a turn of the controller; sixteen may be asked for at once, and again.
    if submissions > Int((world.now - begin) / 125) * 4 + 200 {
      broken.append("\(submissions) URBs in \(world.now - begin) µs")
    }
  }

  /// A device hears of a request: the one before is over.
  private mutating func beginControl(_ setup: SetupPacket) {
    for (device, tags) in waiting {
      guard let index = tags.firstIndex(where: { pending[$0].map(packet) == setup }) else {
        continue
      }
      let tag = tags[index]
      if let begun, begun != tag, pending[begun] != nil {
        broken.append("two control transfers at a time, the second \(setup.name)")
      }
      // Those before it were taken back before they began.
      begun = tag
      waiting[device]?.removeFirst(index + 1)
      return
    }
  }

  private func packet(_ transfer: UsbTransfer) -> SetupPacket? {
    if case .packet(let setup)? = transfer.setup { setup } else { nil }
  }

  private mutating func check(_ transfer: UsbTransfer, _ host: Host) {
    switch transfer.event {
    case .submission:
      pending[transfer.tag] = transfer
      if transfer.kind == .control {
        waiting[transfer.device, default: []].append(transfer.tag)
        if let setup = packet(transfer), Int(setup.wLength) != Int(transfer.length) {
          broken.append("wLength \(setup.wLength), \(transfer.length) bytes")
        }
      } else {
        checkEndpoint(transfer, host)
      }
    case .completion:
      guard let first = pending.removeValue(forKey: transfer.tag) else {
        return broken.append("a URB came back that was not submitted")
      }
      waiting[first.device]?.removeAll { $0 == transfer.tag }
      if begun == transfer.tag { begun = nil }
      if transfer.length > first.length {
        broken.append("\(transfer.length) of \(first.length)")
      }
    case .error:
      pending[transfer.tag] = nil
      waiting[transfer.device]?.removeAll { $0 == transfer.tag }
    }
  }

  /// The endpoint is there, is of that type, and is polled as often as its speed allows.
  private mutating func checkEndpoint(_ transfer: UsbTransfer, _ host: Host) {
    let address = transfer.endpoint | (transfer.isIn ? 0x80 : 0)
    let devices = host.devices.values.filter { $0.devnum == Int(transfer.device) }
    // What has left by now cannot be asked any more.
    guard !devices.isEmpty else { return }
    let ends = devices.flatMap(\.configurations).flatMap(\.interfaces).flatMap(\.endpoints)
      .filter { $0.address == address }
    let isRight = ends.contains { $0.attributes & 3 == transfer.kind.rawValue }
    if !ends.isEmpty, !isRight { broken.append("endpoint \(address) as \(transfer.kind)") }
    if ends.isEmpty { broken.append("no endpoint \(address)") }
    guard let interval = transfer.interval, let speed = devices.first?.speed else { return }
    let most = speed >= .high ? 1 << 15 : 128
    if interval < 1 || interval > most || interval.nonzeroBitCount != 1 {
      broken.append("interval \(interval) of endpoint \(address), \(transfer.kind), at \(speed)")
    }
  }
}
