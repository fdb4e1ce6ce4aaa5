public import USB

/// Something a program on the host side does with usbfs or sysfs.
public enum HostAction: Equatable, Sendable {
  /// Opens the usbfs node of the device on the first bus that has one.
  case open
  case close
  case claim(interface: Int)
  case release(interface: Int)
  case detach(interface: Int)
  /// A bulk transfer; `data` for OUT, `length` for IN; milliseconds.
  case bulk(endpoint: UInt8, data: [UInt8], length: Int, timeout: Int)
  case control(setup: SetupPacket, data: [UInt8], timeout: Int)
  /// An asynchronous URB, known by its tag afterwards.
  case submit(
    tag: String, type: TransferType, endpoint: UInt8, flags: Int, data: [UInt8], length: Int)
  /// Takes a completed URB; waits at most that many milliseconds for one.
  case reap(wait: Int)
  case discard(tag: String)
  case clearHalt(endpoint: UInt8)
  case resetEndpoint(endpoint: UInt8)
  case reset
  case setConfiguration(value: Int)
  case setInterface(interface: Int, alternate: Int)
  /// Writes to a file of sysfs: a path, or a name below the device's own folder.
  case sysfsWrite(file: String, value: String)
  /// Something done with a node of a driver: its name below `/dev`, or a network interface's name.
  case node(String, NodeOperation)
  /// Cases of usbtest by their numbers, one after the other, with the parameters they usually have.
  case usbtest(cases: [Int])
}

/// What a host action returned.
public struct HostResult: Equatable, Sendable {
  /// The result of the system call: 0 and above, or a negative error number.
  public var ret: Int
  /// The bytes received.
  public var data: [UInt8] = []
  /// The URB that was reaped.
  public var urb: String?
  /// The reaped URB's status: 0 or a negative error number.
  public var status: Int?
  /// The bytes the reaped URB moved.
  public var actualLength: Int?

  /// A result of a call that moved these bytes.
  package init(ret: Int, data: [UInt8] = []) {
    self.ret = ret
    self.data = data
  }

  /// The error, when there is one.
  public var errno: Errno? { Errno(negated: ret) }
}

/// How a host action stands when the machine hands control back.
public enum HostOutcome: Equatable, Sendable {
  case returned(HostResult)
  /// It sleeps; `GadgetWorld.takeHostResult(of:)` tells when it is done.
  case blocked
}
