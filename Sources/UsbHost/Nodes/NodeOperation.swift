/// What a program on the host does with a node of a driver.
public enum NodeOperation: Equatable, Sendable {
  case open(NodeMode)
  case close
  /// Reads until there are that many bytes or the time, in milliseconds, is over.
  case read(length: Int, wait: Int)
  case write([UInt8])
  /// Reads from a place on a disk, in bytes.
  case readAt(offset: Int, length: Int)
  /// Writes to a place on a disk, in bytes.
  case writeAt(offset: Int, [UInt8])
  /// `fsync()`.
  case sync
  case ask(NodeQuestion)
  case command(NodeCommand)
  /// `tcsetattr()`: speed, word and flow control of a serial line.
  case line(LineSettings)
  /// `TIOCMBIS`: raises lines of a modem.
  case raise(ModemLines)
  /// `TIOCMBIC`: lowers lines of a modem.
  case lower(ModemLines)
  /// One of usbtest's cases (`USBDEVFS_IOCTL` with its parameters).
  case test(UsbtestCase)
  /// Sends an Ethernet frame.
  case send([UInt8])
}

/// How a node is opened.
public struct NodeMode: Equatable, Sendable {
  /// Opened for reading.
  public var reads: Bool
  /// Opened for writing.
  public var writes: Bool
  /// `O_NONBLOCK`.
  public var nonblocking: Bool
  /// `O_DIRECT`.
  public var direct: Bool

  /// A mode; both ways and blocking unless told.
  public init(
    reads: Bool = true, writes: Bool = true, nonblocking: Bool = false, direct: Bool = false
  ) {
    self.reads = reads
    self.writes = writes
    self.nonblocking = nonblocking
    self.direct = direct
  }
}

/// A question to a driver whose answer is a number or a few bytes.
public enum NodeQuestion: String, Equatable, Sendable, CaseIterable {
  /// `LPIOC_GET_DEVICE_ID` of a printer: the bytes.
  case deviceID = "device-id"
  /// `LPGETSTATUS` of a printer.
  case status
  /// `TIOCMGET` of a serial line.
  case modem
  /// `BLKGETSIZE64` of a disk, in bytes.
  case size
  /// `BLKSSZGET` of a disk, in bytes.
  case sector
  /// `BLKROGET` of a disk: 1 when it cannot be written.
  case readOnly = "read-only"
  /// The address of a network interface.
  case address
}

/// An order to a driver that says nothing more.
public enum NodeCommand: String, Equatable, Sendable, CaseIterable {
  /// `LPRESET` of a printer.
  case reset
  /// `tcsendbreak()` of a serial line.
  case sendBreak = "break"
  /// `tcdrain()` of a serial line.
  case drain
  /// `USBTMC_IOCTL_CLEAR` of an instrument.
  case clear
  /// `BLKRRPART` of a disk.
  case partitions
  /// The commands of eject(1) to a disk.
  case eject
  /// A network interface goes up, or down.
  case up, down
}

/// What a serial line is set to (`struct termios`, raw).
public struct LineSettings: Equatable, Sendable {
  /// Parity of a word.
  public enum Parity: String, Equatable, Sendable, CaseIterable {
    case none = "N"
    case odd = "O"
    case even = "E"
  }

  /// Bits a second.
  public var speed: Int
  /// Bits of a word, 5 to 8.
  public var bits: Int
  /// The parity bit of a word.
  public var parity: Parity
  /// Stop bits, 1 or 2.
  public var stop: Int
  /// `CRTSCTS`: the lines RTS and CTS hold the other side back.
  public var hardwareFlow: Bool
  /// `IXON`: the characters 11h and 13h hold the other side back.
  public var softwareFlow: Bool

  /// Settings of a raw line.
  public init(
    speed: Int, bits: Int = 8, parity: Parity = .none, stop: Int = 1, hardwareFlow: Bool = false,
    softwareFlow: Bool = false
  ) {
    self.speed = speed
    self.bits = bits
    self.parity = parity
    self.stop = stop
    self.hardwareFlow = hardwareFlow
    self.softwareFlow = softwareFlow
  }
}

/// Lines of a modem with the bits of `TIOCM_…`.
public struct ModemLines: OptionSet, Equatable, Sendable {
  /// The bits of `TIOCM_…`.
  public var rawValue: Int

  /// Lines by their bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// `TIOCM_DTR`: the host is ready.
  public static let dtr = ModemLines(rawValue: 0x002)
  /// `TIOCM_RTS`: the host asks to send.
  public static let rts = ModemLines(rawValue: 0x004)
  /// `TIOCM_CTS`: the other side may be sent to.
  public static let cts = ModemLines(rawValue: 0x020)
  /// `TIOCM_CD`: there is a carrier.
  public static let carrier = ModemLines(rawValue: 0x040)
  /// `TIOCM_RI`: it rings.
  public static let ring = ModemLines(rawValue: 0x080)
  /// `TIOCM_DSR`: the other side is ready.
  public static let dsr = ModemLines(rawValue: 0x100)
}

/// A case of usbtest with its parameters (`struct usbtest_param_32`).
public struct UsbtestCase: Equatable, Sendable {
  /// The case's number, 0 to 29.
  public var number: Int
  /// How often it is done.
  public var iterations: Int
  /// Bytes of a transfer.
  public var length: Int
  /// By how many bytes lengths vary.
  public var vary: Int
  /// Transfers queued at a time.
  public var sglen: Int

  /// A case with the parameters testusb(8) gives when told nothing else.
  public init(
    number: Int, iterations: Int = 1000, length: Int = 512, vary: Int = 512, sglen: Int = 32
  ) {
    self.number = number
    self.iterations = iterations
    self.length = length
    self.vary = vary
    self.sglen = sglen
  }
}
