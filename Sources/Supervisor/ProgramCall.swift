import CSupervisor
import Glibc
import RawGadget
import Simulation

/// A call of the program that waits for its answer.
struct ProgramCall: Sendable {
  enum Kind: Sendable {
    case open(nonblocking: Bool, closesOnExec: Bool)
    case ioctl(RawIoctl, file: String, argument: UInt64)
  }

  var id: UInt64
  /// The thread that calls, as the kernel numbers it.
  var thread: Int32
  var kind: Kind

  /// The call as a step of a scenario.
  ///
  /// - Parameters:
  ///   - name: what the scenario calls the thread.
  ///   - newFile: the name of the file an open makes.
  ///   - waits: whether virtual time may pass until the call returns.
  func action(name: String, newFile: String, waits: Bool) -> Action {
    switch kind {
    case .open(let nonblocking, _): return .open(file: newFile, nonblocking: nonblocking)
    case .ioctl(let request, let file, let address):
      let (argument, pointer) = read(request, at: address)
      return .ioctl(
        Action.Ioctl(
          request: request, file: file, thread: name, argument: argument, pointer: pointer,
          waits: waits))
    }
  }

  /// Bytes of data read at most: beyond this every version of the driver refuses.
  private static let mostData = 1 << 16

  private func read(
    _ request: RawIoctl, at address: UInt64
  ) -> (Action.Ioctl.Argument, Action.Ioctl.Pointer) {
    let isPointer =
      switch request {
      case .`init`, .eventFetch, .ep0Write, .ep0Read, .epEnable, .epWrite, .epRead, .epsInfo: true
      default: false
      }
    guard isPointer else {
      let isNothing = address == 0 && request.argumentSize == 0
      return (isNothing ? .none : .value(address), .good)
    }
    let header = bytes(address, request == .epsInfo ? 1 : request.argumentSize)
    guard header.count == (request == .epsInfo ? 1 : request.argumentSize) else {
      return (Self.empty(request), address == 0 ? .null : .bad)
    }
    switch request {
    case .`init`:
      let device = Self.name(header[RawLayout.nameSize...])
      return (
        .names(driver: Self.name(header[...]), device: device, speed: header[256]), .good
      )
    case .epEnable: return (.descriptor(header), .good)
    case .epsInfo: return (.none, .good)
    case .eventFetch: return (.room(Self.word(header[4...])), .good)
    default: return transfer(request, header, address)
    }
  }

  /// `struct usb_raw_ep_io` and, for writes, the data behind it.
  private func transfer(
    _ request: RawIoctl, _ header: [UInt8], _ address: UInt64
  ) -> (Action.Ioctl.Argument, Action.Ioctl.Pointer) {
    let endpoint = UInt16(header[0]) | UInt16(header[1]) << 8
    let flags = UInt16(header[2]) | UInt16(header[3]) << 8
    let length = Self.word(header[4...])
    guard request == .ep0Write || request == .epWrite else {
      return (.read(endpoint: endpoint, flags: flags, length: length), .good)
    }
    let wanted = min(Int(length), Self.mostData)
    let data = bytes(address + UInt64(RawLayout.headerSize), wanted)
    let missing = [UInt8](repeating: 0, count: wanted - data.count)
    return (
      .data(endpoint: endpoint, flags: flags, data + missing), missing.isEmpty ? .good : .short
    )
  }

  private func bytes(_ address: UInt64, _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      done = cs_read(thread, address, buffer.baseAddress, count)
    }
  }

  private static func empty(_ request: RawIoctl) -> Action.Ioctl.Argument {
    switch request {
    case .`init`: .names(driver: "", device: "", speed: 0)
    case .eventFetch: .room(0)
    case .ep0Write, .epWrite: .data(endpoint: 0, flags: 0, [])
    case .ep0Read, .epRead: .read(endpoint: 0, flags: 0, length: 0)
    case .epEnable: .descriptor([])
    default: .none
    }
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// A name up to its zero, as `strscpy()` takes it.
  private static func name(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix(RawLayout.nameSize).prefix { $0 != 0 }, as: UTF8.self)
  }
}
