public import Usercopy

/// A C structure as a scenario declares it: what a compiler needs to lay it out.
public struct StructDeclaration: Sendable, Hashable {
  /// A member as it is declared.
  public struct Member: Sendable, Hashable {
    /// As the code names it; empty for an anonymous structure or union.
    public var name: String
    /// The C type; empty for none.
    public var type: String
    /// Bytes; nil for those of the type.
    public var size: UInt64?
    /// Bytes it is aligned to; nil for those of the type.
    public var align: UInt64?
    /// Bytes from the start of the whole, where a tool like `pahole` says so.
    public var offset: UInt64?
    /// Width of a bit field; nil for a member of whole bytes.
    public var bits: UInt64?
    /// The first bit of a bit field whose offset is given.
    var firstBit: UInt64 = 0
    /// The members of a structure or union declared in place.
    var parts: [Member] = []
    var isUnion = false
    var isPacked = false

    /// A member with a name.
    public init(
      name: String, type: String = "", size: UInt64? = nil, align: UInt64? = nil,
      offset: UInt64? = nil, bits: UInt64? = nil
    ) {
      self.name = name
      self.type = type
      self.size = size
      self.align = align
      self.offset = offset
      self.bits = bits
    }
  }

  /// In the order they are declared.
  public var members: [Member]
  /// Bytes of the whole, where the text says so.
  var size: UInt64?
  /// The whole is aligned to at least that many bytes.
  var align: UInt64 = 1
  var isUnion = false
  /// `__packed`: no padding anywhere.
  var isPacked = false
  /// The text it was read from; nil for one that was given member by member.
  public var text: String?

  /// Most members of a structure, those of inner ones among them.
  public static let memberLimit = 512
  /// Most bytes of a member.
  public static let sizeLimit: UInt64 = 1 << 20

  /// A structure of members.
  ///
  /// - Throws: the member whose size nobody can tell, that has no room, or whose name is given twice.
  public init(_ members: [Member]) throws(StructProblem) {
    self.members = members
    try check()
  }

  init(unchecked members: [Member]) { self.members = members }

  func check(_ line: (Member) -> Int = { _ in 0 }) throws(StructProblem) {
    var names: Set<String> = []
    for member in members {
      if !member.name.isEmpty, !names.insert(member.name).inserted {
        throw StructProblem(.nameTwice(member.name), line: line(member))
      }
      try Self.check(member, line)
    }
  }

  private static func check(_ member: Member, _ line: (Member) -> Int) throws(StructProblem) {
    for part in member.parts { try check(part, line) }
    if member.parts.isEmpty, member.size == nil {
      let type = CType(member.type)
      if case .unknown = type.element {
        throw StructProblem(.unknownType(member.type, member: member.name), line: line(member))
      }
      guard let count = type.count else {
        throw StructProblem(.unknownBound(member.type, member: member.name), line: line(member))
      }
      guard count <= sizeLimit else {
        throw StructProblem(.tooLarge(member.name, limit: sizeLimit), line: line(member))
      }
    }
    guard (member.size ?? 0) <= sizeLimit, (member.offset ?? 0) <= sizeLimit else {
      throw StructProblem(.tooLarge(member.name, limit: sizeLimit), line: line(member))
    }
    if let align = member.align, align == 0 || align > 4096 || align & (align - 1) != 0 {
      throw StructProblem(.badAlignment(member.name), line: line(member))
    }
  }

  /// How the structure lies in memory under a configuration's compiler.
  public func layout(_ configuration: Configuration) -> StructLayout {
    var compiler = StructCompiler(model: DataModel(configuration))
    let whole = compiler.place(members, isUnion: isUnion, isPacked: isPacked, at: 0)
    let end = compiler.fields.map(\.end).max() ?? 0
    let size = size ?? whole.size.aligned(up: max(whole.align, align))
    return StructLayout(fields: StructCompiler.flattened(compiler.fields), size: max(size, end))
  }
}

/// Why a text or a list of members is no structure.
public struct StructProblem: Error, Sendable, Hashable {
  /// What is wrong.
  public enum Kind: Sendable, Hashable {
    /// The text does not begin as `struct name {`.
    case noStructure
    /// The text ends inside the structure.
    case unfinished
    /// Something stands behind the structure.
    case textBehind(String)
    /// A declaration without a name.
    case noName(String)
    case nameTwice(String)
    /// Nobody knows how large the type is, and no size is given.
    case unknownType(String, member: String)
    /// The bound of an array is no number.
    case unknownBound(String, member: String)
    /// A width in bits that the type does not have.
    case badWidth(String)
    case badAlignment(String)
    case tooLarge(String, limit: UInt64)
    case tooMany(limit: Int)
    case tooDeep(limit: Int)
  }

  /// What is wrong.
  public var kind: Kind
  /// Line of the text, from 1; 0 for a list of members.
  public var line: Int

  init(_ kind: Kind, line: Int = 0) {
    self.kind = kind
    self.line = line
  }
}
