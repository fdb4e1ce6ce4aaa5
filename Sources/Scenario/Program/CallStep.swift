import RawGadget
import Simulation
import Usercopy
import Text

/// A step of a scenario as statements of C.
struct CallStep {
  /// Its number in the story.
  let number: Int
  let thread: String
  var file: String?
  var signalled: String?
  /// The call returns before the next step is made.
  var returns = true
  /// A call on the device, not only a pause.
  var isCall = true
  let statements: [String]

  /// Nil for what a raw-gadget program does not do.
  init?(_ action: Action, number: Int) {
    self.number = number
    switch action {
    case .open(let file, let nonblocking):
      (thread, self.file) = ("main", file)
      let flags = nonblocking ? "O_RDWR | O_NONBLOCK" : "O_RDWR"
      statements = [
        "\(ProgramWriter.identifier("file", file)) = came(\"open\", open(\"/dev/raw-gadget\", \(flags)));"
      ]
    case .close(let file):
      (thread, self.file) = ("main", file)
      statements = ["came(\"close\", close(\(ProgramWriter.identifier("file", file))));"]
    case .ioctl(let call):
      (thread, file, returns) = (call.thread, call.file, call.waits)
      statements = Self.ioctl(call)
    case .wait(let milliseconds):
      (thread, isCall) = ("main", false)
      statements = ["usleep(\(min(milliseconds, 600_000)) * 1000u);"]
    case .signal(let name, _):
      (thread, signalled, isCall) = ("main", name, false)
      statements = ["pthread_kill(\(ProgramWriter.identifier("id", name)), SIGUSR1);"]
    case .alloc, .free, .call, .return, .vmalloc, .pages, .user, .image, .module, .kmap, .task,
      .run, .write, .copy,
      .era, .note, .host, .gadgetfs:
      return nil
    }
  }

  private static func ioctl(_ call: Action.Ioctl) -> [String] {
    let file = ProgramWriter.identifier("file", call.file)
    let name = call.request.name
    let number = call.request.call?.name ?? name
    func made(_ argument: String) -> [String] {
      ["came(\"\(name)\", ioctl(\(file), \(number), \(argument)));"]
    }
    switch call.pointer {
    case .null: return made("NULL")
    case .bad: return made("(void *)0xdead0000")
    case .good, .short, .readOnly: break
    }
    switch call.argument {
    case .none:
      guard call.request == .call(.epsInfo) else { return made("0") }
      return place(call, "NULL, 0", size: RawLayout.epsInfoSize, then: made("place"))
    case .value(let value): return made("\(value)ul")
    case .names(let driver, let device, let speed):
      return [
        "{",
        "  struct usb_raw_init names = {.driver_name = \(literal(driver)), "
          + ".device_name = \(literal(device)), .speed = \(speed)};",
      ] + made("&names").map { "  " + $0 } + ["}"]
    case .room(let length):
      return place(
        call, bytes(word(0) + word(length)), size: 8 + Int(min(length, 1 << 16)),
        then: made("place"))
    case .read(let endpoint, let flags, let length):
      return place(
        call, bytes(half(endpoint) + half(flags) + word(length)),
        size: 8 + Int(min(length, 1 << 24)), then: made("place"))
    case .data(let endpoint, let flags, let data, let length):
      let header = half(endpoint) + half(flags) + word(length ?? UInt32(data.count))
      return place(call, bytes(header + data), size: 8 + data.count, then: made("place"))
    case .bytes(let data): return place(call, bytes(data), size: data.count, then: made("place"))
    case .descriptor(let descriptor):
      return place(
        call, bytes(descriptor), size: max(descriptor.count, RawLayout.endpointDescriptorSize),
        then: made("place"))
    }
  }

  /// Statements with the argument in memory of which as much can be reached as in the story.
  private static func place(
    _ call: Action.Ioctl, _ content: String, size: Int, then statements: [String]
  ) -> [String] {
    var readable = call.reach.readable ?? size
    var writable = call.reach.writable ?? size
    if call.pointer == .short {
      (readable, writable) = (RawLayout.headerSize, RawLayout.headerSize)
    }
    if call.pointer == .readOnly { writable = 0 }
    let reach = max(readable, writable)
    return ["{", "  char *place = make(\(content), \(reach), \(writable < reach ? 1 : 0));"]
      + statements.map { "  " + $0 } + ["}"]
  }

  private static func bytes(_ bytes: [UInt8]) -> String {
    let list = bytes.map { "0x" + $0.hex(width: 2) }.joined(separator: ", ")
    return "(const unsigned char[]){\(list)}, \(bytes.count)"
  }

  private static func half(_ value: UInt16) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)]
  }

  private static func word(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// Bytes of a name as a string of C.
  private static func literal(_ text: String) -> String {
    "\""
      + text.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "?"), ..<0x20, 0x7F...:
          let octal = String(byte, radix: 8)
          return "\\" + String(repeating: "0", count: 3 - octal.count) + octal
        default: return String(UnicodeScalar(byte))
        }
      }.joined() + "\""
  }
}
