/// A transfer the host submitted (`struct urb`), as the controller's driver sees it. Who is told when it is
/// given back is the host's own business.
package struct URB: Equatable, Sendable {
  /// The root hub its device is behind.
  package var half: RootHubID
  /// The host's number of the device; below 0 for the root hub itself.
  package var device: Int
  /// The device address at the time of submission.
  package var address: Int
  /// Endpoint number and, for IN, bit 7.
  package var endpoint: UInt8
  package var type: TransferType
  package var setup: SetupPacket?
  package var isIn: Bool
  /// Bytes to send, or the bytes received so far.
  package var buffer: [UInt8]
  /// Bytes asked for.
  package var length: Int
  /// Bytes moved.
  package var actual: Int
  /// `URB_ZERO_PACKET`.
  package var zeroPacket: Bool
  /// `URB_SHORT_NOT_OK`.
  package var shortNotOK: Bool
  /// Frames or microframes between two polls.
  package var interval: Int
  /// `USBDEVFS_URB_BULK_CONTINUATION`.
  package var isContinuation = false
  /// Bytes of each packet of an isochronous transfer.
  package var isoLengths: [Int] = []
  /// The error it was unlinked with.
  package var unlinked: Int?
  /// True until the controller has seen it; a control URB begins with its setup stage then.
  package var isNew = true

  /// A transfer about to be submitted.
  package init(
    half: RootHubID, device: Int, address: Int, endpoint: UInt8, type: TransferType,
    setup: SetupPacket? = nil, isIn: Bool, buffer: [UInt8], length: Int, actual: Int = 0,
    zeroPacket: Bool = false, shortNotOK: Bool = false, interval: Int = 0
  ) {
    self.half = half
    self.device = device
    self.address = address
    self.endpoint = endpoint
    self.type = type
    self.setup = setup
    self.isIn = isIn
    self.buffer = buffer
    self.length = length
    self.actual = actual
    self.zeroPacket = zeroPacket
    self.shortNotOK = shortNotOK
    self.interval = interval
  }

  /// Takes what was received, all at once.
  package mutating func receive(_ bytes: [UInt8]) {
    buffer = bytes
    actual = bytes.count
  }
}
