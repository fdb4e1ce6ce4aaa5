/// A transfer queued on the device side (`struct usb_request`).
public struct GadgetRequest: Equatable, Sendable {
  /// Who is told when it completes.
  public enum Owner: Equatable, Sendable {
    /// The ep0 request of a driver.
    case ep0
    /// A request of a driver on that endpoint handle.
    case endpoint(Int)
    /// The one small FIFO of the controller itself.
    case fifo
  }

  /// Who is told when it completes.
  public var owner: Owner
  /// The raw-gadget device whose call queued it, which need not be the one bound: a device keeps
  /// its pointer to a controller it was unbound from. Nil for all others.
  public var device: Int?
  /// Bytes to send, or the bytes received so far.
  public var buffer: [UInt8]
  /// Bytes asked for.
  public var length: Int
  /// Bytes moved so far.
  public var actual = 0
  /// True when a transfer of whole packets ends with an empty one.
  public var zero: Bool
  /// nil in progress, 0 done, else a negative error number.
  public var status: Int?

  /// A request about to be queued.
  package init(owner: Owner, device: Int? = nil, buffer: [UInt8], length: Int, zero: Bool) {
    self.owner = owner
    self.device = device
    self.buffer = buffer
    self.length = length
    self.zero = zero
  }
}
