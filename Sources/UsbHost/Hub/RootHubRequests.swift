import USB

extension HostSide {
  /// Asks the root hub for its port's status and changes, as one 32-bit word.
  mutating func portStatus(_ half: RootHubID) -> UInt32 {
    let bytes = rootHubControl(half, SetupPacket(0xa3, 0, value: 0, index: 1, length: 4)).data
    return UInt32(truncatingIfNeeded: littleEndianValue(bytes))
  }

  /// Returns 0 or a negative error number, as ``clearPortFeature(_:_:)`` does.
  @discardableResult
  mutating func setPortFeature(
    _ half: RootHubID, _ feature: UInt16, index: UInt16 = 1
  ) -> Int {
    rootHubControl(half, SetupPacket(0x23, 3, value: feature, index: index, length: 0)).ret
  }

  @discardableResult
  mutating func clearPortFeature(_ half: RootHubID, _ feature: UInt16) -> Int {
    rootHubControl(half, SetupPacket(0x23, 1, value: feature, index: 1, length: 0)).ret
  }

  /// A control transfer to the root hub, which is answered at once.
  private mutating func rootHubControl(_ half: RootHubID, _ setup: SetupPacket) -> HostValue {
    let id = host.nextURB
    host.nextURB += 1
    var urb = URB(
      half: half, device: -1, address: 1, endpoint: setup.movesIn ? 0x80 : 0, type: .control,
      setup: setup, isIn: setup.movesIn, buffer: [], length: Int(setup.wLength))
    monitor(id, urb, .submission, status: Errno.EINPROGRESS.negated)
    let (status, data) = hubControl(half, setup)
    urb.receive(data)
    if portHasChange(half) { pollRootHub(half) }
    monitor(id, urb, .completion, status: status)
    return HostValue(ret: status < 0 ? status : data.count, data: data)
  }

  /// Queues the hub's status URB; the hub of USB 3 announces smaller packets.
  mutating func submitStatusURB(_ half: RootHubID) {
    host.hubs[half]?.statusQueued = true
    monitorStatusURB(
      half, .submission, status: Errno.EINPROGRESS.negated, length: half.isSuper ? 2 : 4)
  }

  /// Notes the hub's status URB in the monitor.
  mutating func monitorStatusURB(
    _ half: RootHubID, _ event: UsbTransfer.Event, status: Int, length: Int
  ) {
    let urb = URB(
      half: half, device: -1, address: 1, endpoint: 0x81, type: .interrupt, isIn: true,
      buffer: length == 1 ? [2] : [], length: length, actual: length, interval: 2048)
    monitor(-1 - (host.hubs[half]?.bus ?? 0), urb, event, status: status)
  }
}
