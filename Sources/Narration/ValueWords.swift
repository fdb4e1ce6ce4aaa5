public import Simulation
import Text
public import Usercopy

/// Values as the screen and transcripts write them.
public enum ValueWords {
  /// An address with its digits grouped: `ffff8880_04a3_a000`.
  public static func address(_ address: Address, _ size: WordSize) -> String {
    var digits = Array(address.hex(width: size.digits).utf8)
    if size == .bits64 { digits.insert(UInt8(ascii: "_"), at: digits.count - 8) }
    digits.insert(UInt8(ascii: "_"), at: digits.count - 4)
    return String(decoding: digits, as: UTF8.self)
  }

  /// A quantity: decimal while readable, else hexadecimal.
  public static func quantity(_ value: UInt64) -> String {
    value < 1 << 32 ? String(value) : "0x" + value.hex()
  }

  /// Whether an address lies in the first page, where there is nothing: it is written as the number it is.
  static func isSmall(_ address: Address) -> Bool { address < 4096 }

  /// A traced value.
  public static func value(_ value: TraceValue) -> String {
    switch value {
    case .address(let address):
      isSmall(address) ? "0x" + address.hex() : "…" + String(address.hex(width: 4).suffix(4))
    case .quantity(let quantity): Self.quantity(quantity)
    case .signed(let signed): String(signed)
    case .truth(let truth): truth ? "true" : "false"
    }
  }

  /// `1 byte`, `150 bytes`.
  public static func bytes(_ count: UInt64) -> String {
    count == 1 ? "1 byte" : "\(quantity(count)) bytes"
  }

  /// An offset with its sign: `+56`, `-8`; empty for 0.
  public static func offset(_ offset: Int64) -> String {
    offset == 0 ? "" : offset > 0 ? "+\(offset)" : "\(offset)"
  }
}

/// What a kind of byte is called.
extension ByteClass {
  /// A word or two for people.
  public var words: String {
    switch self {
    case .object: "object"
    case .slack: "slack behind what was asked for"
    case .padding: "padding"
    case .redZone: "red zone"
    case .metadata: "allocator metadata"
    case .freed: "freed object"
    case .never: "object never handed out"
    case .unknown: "object in use or free, which cannot be told"
    case .management: "slab management"
    case .tail: "slab tail"
    case .local: "local variable"
    case .savedRegister: "saved register"
    case .canary: "stack canary"
    case .savedFramePointer: "saved frame pointer"
    case .returnAddress: "return address"
    case .deadStack: "dead stack"
    case .threadInfo: "thread_info"
    case .stackEnd: "end of the stack, marked"
    case .userRegisters: "saved user registers"
    case .page: "page"
    case .vmalloc: "vmalloc area"
    case .guardPage: "guard page"
    case .kernelText: "kernel text"
    case .user: "user memory"
    case .unmapped: "nothing mapped"
    }
  }
}

extension ByteClass {
  /// A word or two, for legends.
  public var brief: String {
    switch self {
    case .slack: "slack"
    case .metadata: "metadata"
    case .freed: "freed"
    case .never: "free"
    case .unknown: "not known"
    default: words
    }
  }
}

/// What a named piece of memory is called.
extension World.Named.Kind {
  /// A word for people.
  public var words: String {
    switch self {
    case .object: "object"
    case .pages: "pages"
    case .area: "vmalloc"
    case .user: "user"
    case .image: "image"
    }
  }
}
