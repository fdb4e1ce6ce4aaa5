import RawGadget
import Simulation

/// What stands behind an action's word on the `:` line without a key, in this order. All other fields
/// are given as `key=value`.
enum LinePart: Equatable {
  case field(String, label: String)
  /// A number is one field, any other word another.
  case either(number: String, text: String, label: String)
  /// A word that may be left out.
  case optional(String, label: String)
  /// A word that makes a field true.
  case flag(String, word: String)
  /// All that follow.
  case rest(String, label: String)

  /// How the part is shown in the form.
  var label: String {
    switch self {
    case .field(_, let label), .either(_, _, let label), .rest(_, let label): label
    case .optional(_, let label): "[\(label)]"
    case .flag(_, let word): "[\(word)]"
    }
  }

  /// The fields it fills.
  var names: [String] {
    switch self {
    case .field(let name, _), .optional(let name, _), .flag(let name, _), .rest(let name, _):
      [name]
    case .either(let number, let text, _): [number, text]
    }
  }

  /// The line is not finished without it.
  var isNeeded: Bool {
    switch self {
    case .field, .either: true
    case .optional, .flag, .rest: false
    }
  }
}

/// The form of one kind of line: what it is about, its fields, and which of them stand without keys.
struct LineForm {
  /// What stands before the fields: `ioctl EP0_WRITE`.
  var subject: String
  var fields: [Field]
  var parts: [LinePart]

  /// The form in words: `vmalloc NAME SIZE`.
  var text: String { ([subject] + parts.map(\.label)).joined(separator: " ") }

  /// Fields that are given as `key=value`.
  var keyed: [Field] {
    // Of two that may stand in one place, the other can still be given by its key.
    let bare = parts.flatMap { part in if case .either = part { [String]() } else { part.names } }
    return fields.filter { !bare.contains($0.name) }
  }

  func field(_ name: String) -> Field? { fields.first { $0.name == name } }

  /// The form of an action.
  init(_ word: ActionWord) {
    subject = word.rawValue
    parts = Self.parts(word)
    fields = Self.fields(word.shape)
  }

  /// The form of one of the host's actions.
  init(_ word: HostWord) {
    subject = "\(ActionWord.host.rawValue) \(word.rawValue)"
    (fields, parts) = (Self.fields(word.shape) + HostWord.commonFields, [])
    if case .single(let field) = word.shape {
      let label = field.name.uppercased()
      parts = [.field(FieldValues.single, label: label)]
      if case .numbers = field.kind { parts = [.rest(FieldValues.single, label: label)] }
    }
  }

  /// The form of one call of the driver.
  init(_ request: IoctlRequest) {
    subject = "\(ActionWord.ioctl.rawValue) \(request.name)"
    fields = Action.Ioctl.fields(of: request).filter { $0.name != "request" }
    parts = []
  }

  private static func fields(_ shape: FieldShape) -> [Field] {
    guard case .single(var field) = shape else { return shape.fields }
    field.name = FieldValues.single
    return [field]
  }

  private static func parts(_ word: ActionWord) -> [LinePart] {
    func one(_ label: String) -> [LinePart] { [.field(FieldValues.single, label: label)] }
    switch word {
    case .alloc:
      return [
        .field("as", label: "NAME"), .either(number: "size", text: "cache", label: "CACHE|SIZE"),
      ]
    case .free, .close: return one("NAME")
    case .call:
      return [.field("function", label: "FUNCTION"), .rest("locals", label: "LOCAL:SIZE…")]
    case .vmalloc: return [.field("as", label: "NAME"), .field("size", label: "SIZE")]
    case .pages: return [.field("as", label: "NAME"), .field("order", label: "ORDER")]
    case .user: return [.field("as", label: "NAME"), .field("length", label: "LENGTH")]
    case .image:
      return [
        .field("as", label: "NAME"), .field("section", label: "text|rodata|data|bss"),
        .field("size", label: "SIZE"),
      ]
    case .module:
      return [
        .field("as", label: "NAME"), .field("section", label: "text|rodata|data"),
        .field("size", label: "SIZE"),
      ]
    case .kmap: return [.field("as", label: "NAME"), .flag("local", word: "local")]
    case .task: return [.field("name", label: "NAME")]
    case .run: return one("TASK")
    case .write: return [.field("to", label: "PLACE"), .field("offset", label: "+OFFSET")]
    case .era: return one("ID")
    case .open: return [.optional("as", label: "NAME"), .flag("nonblocking", word: "nonblocking")]
    case .wait: return one("MILLISECONDS")
    case .signal: return one("THREAD")
    case .return, .note, .copy, .ioctl, .host, .signalRestart, .gadgetfs, .gadgetfsRead,
      .gadgetfsWrite, .gadgetfsStall:
      return []
    }
  }
}
