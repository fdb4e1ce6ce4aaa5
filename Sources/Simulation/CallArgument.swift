import GadgetWorld
import RawGadget

/// What the argument of a call holds, by the kind of call.
public enum CallArgument: Sendable, Equatable {
  case none
  /// INIT: the names of driver and device, and the speed's number.
  case names(driver: String, device: String, speed: UInt8)
  /// EVENT_FETCH: room for that many bytes of event data.
  case room(UInt32)
  /// EP0_WRITE and EP_WRITE: the data, and the length the header gives where that is more than any
  /// version of the driver looks at.
  case data(endpoint: UInt16, flags: UInt16, [UInt8], length: UInt32? = nil)
  /// EP0_READ and EP_READ: room for that many bytes.
  case read(endpoint: UInt16, flags: UInt16, length: UInt32)
  /// EP_ENABLE.
  case descriptor([UInt8])
  /// Bytes of a call the driver does not know.
  case bytes([UInt8])
  /// A plain number: handles, power, and wrong arguments.
  case value(UInt64)

  /// Where an argument lies.
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

  /// How many bytes from the argument's start on the kernel can read and write, where that is not
  /// all of it.
  public struct Reach: Sendable, Hashable {
    /// Bytes the kernel can read; nil for all.
    public var readable: Int?
    /// Bytes the kernel can write; nil for all.
    public var writable: Int?

    /// A reach of those many bytes.
    public init(readable: Int? = nil, writable: Int? = nil) {
      self.readable = readable
      self.writable = writable
    }
  }

  /// Where the program keeps the argument.
  public static let address: UInt64 = 0x7fff_0000_1000

  /// An address nothing is mapped at.
  public static let unmapped: UInt64 = 0x7fff_dead_0000

  /// Data padded with zeros, or cut, to a length the header gives.
  public static func data(
    endpoint: UInt16, flags: UInt16, _ bytes: [UInt8], padded length: UInt32
  ) -> CallArgument {
    guard length <= GadgetWorld.largestAllocation else {
      return .data(endpoint: endpoint, flags: flags, bytes, length: length)
    }
    let missing = max(0, Int(length) - bytes.count)
    return .data(
      endpoint: endpoint, flags: flags,
      bytes.prefix(Int(length)) + [UInt8](repeating: 0, count: missing))
  }

  /// The argument as a program built for that version of the driver passes it.
  func laidOut(
    for layout: IoctlLayout, _ driver: DriverPolicy, _ pointer: Pointer, _ reach: Reach
  ) -> IoctlArgument {
    if case .value(let value) = self { return .value(value) }
    let bytes = driver.pointsToNames ? pointedBytes ?? self.bytes : self.bytes
    let all = max(bytes.count, min(size(of: layout), Self.mostRoom))
    switch pointer {
    case .null: return .value(0)
    case .bad: return .memory(.unmapped(Self.unmapped))
    case .short:
      return memory(bytes, RawLayout.headerSize, RawLayout.headerSize, reach)
    case .readOnly: return memory(bytes, all, 0, reach)
    case .good: return all == 0 ? .value(0) : memory(bytes, all, all, reach)
    }
  }

  private func memory(
    _ bytes: [UInt8], _ readable: Int, _ writable: Int, _ reach: Reach
  ) -> IoctlArgument {
    // What cannot be read cannot be written either, unless somebody says so.
    let readable = reach.readable ?? readable
    return .memory(
      UserMemory(
        address: Self.address, bytes: bytes, readable: readable,
        writable: reach.writable ?? min(writable, readable)))
  }

  /// Bytes of an argument whose end no call reaches.
  private static let mostRoom = RawLayout.headerSize + GadgetWorld.largestAllocation

  /// Bytes of the whole argument: what it holds and the room behind it.
  private func size(of layout: IoctlLayout) -> Int {
    switch self {
    case .none, .value: layout == .endpoints ? layout.size : 0
    case .names, .descriptor, .bytes: layout.size
    case .room(let length), .read(_, _, let length): RawLayout.headerSize + Int(length)
    case .data(_, _, let data, let length):
      RawLayout.headerSize + max(data.count, Int(length ?? 0))
    }
  }

  private var bytes: [UInt8] {
    switch self {
    case .none, .value: []
    case .names(let driver, let device, let speed):
      Self.name(driver) + Self.name(device) + [speed]
    case .room(let length): Self.word(0) + Self.word(length)
    case .data(let endpoint, let flags, let data, let length):
      Self.header(endpoint, flags, length ?? UInt32(data.count)) + data
    case .read(let endpoint, let flags, let length): Self.header(endpoint, flags, length)
    case .descriptor(let bytes), .bytes(let bytes): bytes
    }
  }

  /// INIT's argument in v1: a speed of eight bytes and pointers to the names behind it.
  private var pointedBytes: [UInt8]? {
    guard case .names(let driver, let device, let speed) = self else { return nil }
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

// MARK: The view of real bytes

extension CallArgument {
  /// What a program's argument says, and how much of it can be reached.
  static func view(
    _ argument: IoctlArgument, of layout: IoctlLayout
  ) -> (argument: CallArgument, pointer: Pointer, reach: Reach) {
    switch argument {
    case .value(let value):
      guard layout.isPointer else {
        return (layout == .nothing && value == 0 ? .none : .value(value), .good, Reach())
      }
      return (CallArgument(of: layout, UserMemory(bytes: [])), value == 0 ? .null : .bad, Reach())
    case .memory(let memory) where memory.readable == 0 && memory.writable == 0:
      return (CallArgument(of: layout, memory), .bad, Reach())
    case .memory(let memory):
      let view = CallArgument(of: layout, memory)
      // Where nothing is written, it does not matter what could be.
      let isWritten = layout.isWritten
      guard case .memory(let whole) = view.laidOut(for: layout, .linux6_1, .good, Reach())
      else { return (view, .good, Reach()) }
      return (
        view, .good,
        Reach(
          readable: memory.readable < whole.readable ? memory.readable : nil,
          writable: isWritten && memory.writable < whole.writable ? memory.writable : nil)
      )
    }
  }
}

extension CallArgument {
  /// The fields of an argument of that layout.
  init(of layout: IoctlLayout, _ memory: UserMemory) {
    let header = memory.content(0, layout.size)
    func short(_ at: Int) -> UInt16 { UInt16(header[at]) | UInt16(header[at + 1]) << 8 }
    func word(_ at: Int) -> UInt32 { UInt32(short(at)) | UInt32(short(at + 2)) << 16 }
    switch layout {
    case .nothing, .endpoints: self = .none
    case .number: self = .value(memory.address)
    case .names:
      self = .names(
        driver: Self.text(header[..<RawLayout.nameSize]),
        device: Self.text(header[RawLayout.nameSize...].prefix(RawLayout.nameSize)),
        speed: header[layout.size - 1])
    case .event: self = .room(word(4))
    case .sent:
      self = .data(
        endpoint: short(0), flags: short(2), Array(memory.bytes.dropFirst(layout.size)),
        padded: word(4))
    case .received: self = .read(endpoint: short(0), flags: short(2), length: word(4))
    case .descriptor: self = .descriptor(header)
    case .unknown: self = .bytes(memory.bytes)
    }
  }

  /// A name up to its zero, as `strscpy()` takes it.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
