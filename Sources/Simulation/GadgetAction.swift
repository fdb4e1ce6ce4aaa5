public import RawGadget

/// What a program and a host do with the raw-gadget machine.
extension Action {
  /// A call of the program on `/dev/raw-gadget`.
  public struct Ioctl: Sendable, Equatable {
    public var request: RawIoctl
    /// Name of the open file.
    public var file: String
    /// Name of the thread that calls.
    public var thread: String
    public var argument: Argument
    public var pointer: Pointer
    /// Lets virtual time pass until the call returns, ten seconds at most; else it stays blocked.
    public var waits: Bool

    public init(
      request: RawIoctl, file: String = "dev", thread: String = "main", argument: Argument = .none,
      pointer: Pointer = .good, waits: Bool = true
    ) {
      self.request = request
      self.file = file
      self.thread = thread
      self.argument = argument
      self.pointer = pointer
      self.waits = waits
    }

    /// What the argument holds, by the kind of call.
    public enum Argument: Sendable, Equatable {
      case none
      /// INIT: the names of driver and device, and the speed's number.
      case names(driver: String, device: String, speed: UInt8)
      /// EVENT_FETCH: room for that many bytes of event data.
      case room(UInt32)
      /// EP0_WRITE and EP_WRITE.
      case data(endpoint: UInt16, flags: UInt16, [UInt8])
      /// EP0_READ and EP_READ: room for that many bytes.
      case read(endpoint: UInt16, flags: UInt16, length: UInt32)
      /// EP_ENABLE.
      case descriptor([UInt8])
      /// A plain number: handles, power, and wrong arguments.
      case value(UInt64)
    }

    /// Where the argument lies.
    public enum Pointer: String, Sendable, Equatable, CaseIterable {
      case good
      case null
      /// Nothing is mapped there.
      case bad
      /// Only the header is mapped.
      case short
      /// The memory cannot be written.
      case readOnly = "read-only"
    }

    /// The argument of this call as a program built for that version of the driver passes it.
    func kernelArgument(for driver: DriverPolicy) -> IoctlArgument {
      if case .value(let value) = argument { return .value(value) }
      let bytes = driver.pointsToNames ? pointedBytes ?? self.bytes : self.bytes
      switch pointer {
      case .null: return .value(0)
      case .bad: return .memory(.unmapped(0x7fff_dead_0000))
      case .short:
        return .memory(
          UserMemory(
            address: Self.address, bytes: bytes, readable: RawLayout.headerSize,
            writable: RawLayout.headerSize))
      case .readOnly:
        return .memory(UserMemory(address: Self.address, bytes: bytes, writable: 0))
      case .good:
        return bytes.isEmpty
          ? .value(0) : .memory(UserMemory(address: Self.address, bytes: bytes))
      }
    }

    /// Bytes of room there really are for what a call reads: more than any call brings.
    private static let mostRoom: UInt32 = 1 << 17

    /// Where the program keeps the argument.
    static let address: UInt64 = 0x7fff_0000_1000

    private var bytes: [UInt8] {
      switch argument {
      case .none, .value:
        return request == .epsInfo ? [UInt8](repeating: 0, count: RawLayout.epsInfoSize) : []
      case .names(let driver, let device, let speed):
        return Self.name(driver) + Self.name(device) + [speed]
      case .room(let length):
        return Self.word(0) + Self.word(length)
          + [UInt8](repeating: 0, count: Int(min(length, Self.mostRoom)))
      case .data(let endpoint, let flags, let data):
        return Self.header(endpoint, flags, UInt32(data.count)) + data
      case .read(let endpoint, let flags, let length):
        return Self.header(endpoint, flags, length)
          + [UInt8](repeating: 0, count: Int(min(length, Self.mostRoom)))
      case .descriptor(let bytes):
        let missing = max(0, RawLayout.endpointDescriptorSize - bytes.count)
        return bytes + [UInt8](repeating: 0, count: missing)
      }
    }

    /// INIT's argument in v1: a speed of eight bytes and pointers to the names behind it.
    private var pointedBytes: [UInt8]? {
      guard case .names(let driver, let device, let speed) = argument else { return nil }
      let names = [Array(driver.utf8) + [0], Array(device.utf8) + [0]]
      let first = Self.address + UInt64(RawLayout.initSizeV1)
      let words = [UInt64(speed), first, first + UInt64(names[0].count)]
      return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        + names[0] + names[1]
    }

    private static func header(_ endpoint: UInt16, _ flags: UInt16, _ length: UInt32) -> [UInt8] {
      [endpoint, flags].flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        + word(length)
    }

    private static func word(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func name(_ text: String) -> [UInt8] {
      let bytes = Array(text.utf8.prefix(RawLayout.nameSize))
      return bytes + [UInt8](repeating: 0, count: RawLayout.nameSize - bytes.count)
    }
  }

  /// Something done on the host's side.
  public struct HostCall: Sendable, Equatable {
    public var action: HostAction
    public var thread: String
    /// Lets virtual time pass until it returns, ten seconds at most.
    public var waits: Bool

    public init(action: HostAction, thread: String = "host", waits: Bool = true) {
      self.action = action
      self.thread = thread
      self.waits = waits
    }
  }
}
