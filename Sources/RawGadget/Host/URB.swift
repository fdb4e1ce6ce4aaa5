import USB

/// A transfer the host submitted (`struct urb`).
public struct URB: Equatable, Sendable {
  /// Who is told when it is given back.
  enum Owner: Equatable, Sendable {
    case task(Int)
    case usbfs(file: Int, tag: String)
    case hidInput(device: Int, interface: Int)
    case hidOutput(device: Int, interface: Int)
  }

  var half: HostRef
  var device: Int
  /// The device address at the time of submission.
  var address: Int
  /// Endpoint number and, for IN, bit 7.
  var endpoint: UInt8
  var type: TransferType
  var setup: SetupPacket?
  var isIn: Bool
  /// Bytes to send, or the bytes received so far.
  var buffer: [UInt8]
  /// Bytes asked for.
  var length: Int
  var actual = 0
  /// `URB_ZERO_PACKET`.
  var zeroPacket = false
  /// `URB_SHORT_NOT_OK`.
  var shortNotOK = false
  var interval = 0
  /// `USBDEVFS_URB_BULK_CONTINUATION`.
  var isContinuation = false
  /// The error it was unlinked with.
  var unlinked: Int?
  /// True until the controller has seen it; a control URB begins with its setup stage then.
  var isNew = true
  var owner: Owner

  mutating func receive(_ bytes: [UInt8]) {
    buffer = bytes
    actual = bytes.count
  }
}

/// How an URB ended.
struct URBResult: Equatable, Sendable {
  var status: Int
  var actual: Int
  var data: [UInt8]
}
