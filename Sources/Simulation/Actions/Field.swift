import RawGadget
import USB

/// One field of an action, as scenario files and the `:` line write it.
public struct Field: Sendable, Equatable {
  /// The key in a file, and before `=` on the line.
  public var name: String
  /// What it holds.
  public var kind: FieldKind
  /// It cannot be left out.
  public var isRequired: Bool
  /// What holds where it is left out, as it would be written; nil for nothing.
  public var usual: String?
  /// What it means, in a few words.
  public var help: String

  /// A field of that name.
  public init(
    _ name: String, _ kind: FieldKind, required: Bool = false, usual: String? = nil,
    _ help: String
  ) {
    self.name = name
    self.kind = kind
    isRequired = required
    self.usual = usual
    self.help = help
  }
}

/// What a field holds, and so how it is read, written, completed and checked by editors.
public enum FieldKind: Sendable, Equatable {
  /// Free text.
  case text
  /// What something is called.
  case name(Named)
  /// A number in decimal or hexadecimal, and the hexadecimal digits it is written with: 0 for decimal.
  case number(ClosedRange<UInt64>, digits: Int = 0)
  /// A number with a sign.
  case signed
  case truth
  /// One word out of these.
  case word([String])
  /// An object, local variable, area or user buffer by name, an address, or a well-known spot.
  case place
  /// An era by its id.
  case era
  /// A call of `/dev/raw-gadget` by its name.
  case request
  /// A USB speed by its name or number.
  case speed
  /// Bytes given as text.
  case content
  /// Bytes in hexadecimal.
  case hex
  /// Local variables: names with sizes in bytes, at most that many each, or with what else is known.
  case locals(most: UInt64)
  /// Several names.
  case texts
  /// Numbers and spans of them, such as `1-10, 13`.
  case numbers(ClosedRange<UInt64>)
  /// Members of a C structure, each with a name and a type or a size.
  case members
  /// A C structure as text: a declaration, or what `pahole` prints.
  case structure

  /// Any number of 0 or more.
  static let unsigned = FieldKind.number(0...UInt64.max)
  /// `__u8`, `__u16` and `__u32`.
  static let byte = FieldKind.number(0...0xff)
  static let hexByte = FieldKind.number(0...0xff, digits: 2)
  static let short = FieldKind.number(0...0xffff)
  static let hexShort = FieldKind.number(0...0xffff, digits: 4)
  static let long = FieldKind.number(0...0xffff_ffff)

  /// The words of an enumeration.
  static func word<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> FieldKind
  where Value.RawValue == String {
    .word(Value.allCases.map(\.rawValue))
  }
}

/// What a name stands for.
public enum Named: Sendable, Equatable {
  /// Something that is made by the action.
  case fresh
  case cache
  /// Something that was allocated.
  case object
  case task
  /// A thread of the program, or of the host.
  case thread
  /// An open file.
  case file
}

/// How the fields of an action stand behind its word.
public enum FieldShape: Sendable, Equatable {
  /// The word says it all.
  case nothing
  /// One value without a key.
  case single(Field)
  /// Keys and values.
  case fields([Field])
  /// One of the host's actions, with these fields beside it.
  case host([Field])

  /// The fields with keys.
  public var fields: [Field] {
    switch self {
    case .nothing, .single: []
    case .fields(let fields), .host(let fields): fields
    }
  }
}

/// Why fields that are well formed make no action.
public enum FieldProblem: Error, Sendable, Hashable {
  case missing(String)
  /// At least one of these must be there.
  case needsOneOf([String])
  /// Exactly one of these must be there.
  case needsOnly([String])
  /// A copy's kernel side stands on the wrong side: the entry point reads it, or writes it.
  case wrongSide(String, entry: String, reads: Bool)
  /// There is nothing whose size says how much to fill.
  case fillsNothing(String)
  /// Two fields of which one says it all.
  case both(String, String)
  /// What a field holds is no C structure.
  case structure(String, StructProblem)
}

/// What scenarios call the speeds a gadget may ask for (`enum usb_device_speed`).
public enum SpeedName {
  /// The names with their numbers.
  public static let all: [(name: String, number: UInt8)] = [
    ("low", UsbSpeed.low.rawValue), ("full", UsbSpeed.full.rawValue),
    ("high", UsbSpeed.high.rawValue), ("super", UsbSpeed.super.rawValue),
  ]

  /// The number of a speed by its name.
  public static func number(_ name: String) -> UInt8? { all.first { $0.name == name }?.number }
}
