/// What a cell means. A theme turns a role into colours and attributes; a grid never holds a colour.
public enum Role: UInt8, CaseIterable, Hashable, Sendable {
  /// Ordinary text.
  case text
  /// Text of lesser weight: units, hints, what is out of reach.
  case dim
  /// The name of a pane or of the program.
  case title
  /// A heading inside a pane.
  case heading
  /// Borders and rules.
  case border
  /// The border of the pane that has the keyboard.
  case borderFocus
  /// The name of a field.
  case label
  /// A key the reader may press.
  case key
  /// Bytes, predicates and copies that are allowed.
  case allowed
  /// Bytes, predicates and copies that are denied.
  case denied
  /// Bytes that are allowed although they belong to someone else.
  case leaky
  /// A saved frame pointer or a return address.
  case fence
  /// A live object.
  case live
  /// A free object or free memory.
  case free
  /// Padding between the end of an object and the next.
  case padding
  /// A red zone of the allocator's debugging.
  case redZone
  /// The whitelist window (useroffset, usersize) of a cache.
  case window
  /// Slab management, free pointers and other words of the allocator.
  case metadata
  /// The object next to the one that is copied.
  case neighbour
  /// Poison bytes.
  case poison
  /// Memory of user space.
  case user
  /// The outline of a stack frame.
  case frame
  /// The selected row, object or step.
  case selection
  /// The cursor of a map, a form or an edited copy.
  case cursor
  /// The `oldframe`/`frame` cursors of a frame walk.
  case walk
  /// Something the reader should notice.
  case warning
  /// A failure of the program or of its input.
  case error
  /// A value that the last step changed.
  case changed
  /// Emphasis without a meaning of its own.
  case accent
  /// An address.
  case address
  /// A number or another value.
  case value
  /// A line of source or a literal word of an interface.
  case code
  /// A call or a transfer that waits.
  case pending
  /// An enabled endpoint, option or state.
  case enabled
  /// A disabled endpoint, option or state.
  case disabled
  /// Not decided yet.
  case undecided

  /// The letter that stands for the role in ``Grid/roles``; every role has one of its own.
  public var letter: Character {
    switch self {
    case .text: "."
    case .dim: "d"
    case .title: "T"
    case .heading: "H"
    case .border: "b"
    case .borderFocus: "B"
    case .label: "l"
    case .key: "k"
    case .allowed: "="
    case .denied: "!"
    case .leaky: "~"
    case .fence: "#"
    case .live: "L"
    case .free: "f"
    case .padding: "p"
    case .redZone: "z"
    case .window: "W"
    case .metadata: "m"
    case .neighbour: "N"
    case .poison: "P"
    case .user: "u"
    case .frame: "F"
    case .selection: "S"
    case .cursor: "C"
    case .walk: "w"
    case .warning: "?"
    case .error: "E"
    case .changed: "c"
    case .accent: "A"
    case .address: "a"
    case .value: "v"
    case .code: "o"
    case .pending: "n"
    case .enabled: "e"
    case .disabled: "D"
    case .undecided: "U"
    }
  }

  /// The role's name as theme files write it, for example `redZone`.
  public var name: String { String(describing: self) }

  /// The role of a name, nil when there is none.
  public init?(name: some StringProtocol) {
    guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
    self = role
  }
}
