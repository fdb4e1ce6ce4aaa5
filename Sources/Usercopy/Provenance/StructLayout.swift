/// A member of a C structure.
public struct StructField: Sendable, Hashable {
  /// As the code names it.
  public var name: String
  /// Bytes from the structure's start.
  public var offset: UInt64
  /// Bytes.
  public var size: UInt64
  /// The C type, as it was declared; empty for none.
  public var type: String

  /// A member at an offset.
  public init(name: String, offset: UInt64, size: UInt64, type: String = "") {
    self.name = name
    self.offset = offset
    self.size = size
    self.type = type
  }

  /// First byte behind the member, saturating.
  public var end: UInt64 { offset > .max - size ? .max : offset + size }
}

/// How a C structure lies in memory: its members, and the padding the compiler leaves between them.
public struct StructLayout: Sendable, Hashable {
  /// In order of their offsets, without overlaps.
  public let fields: [StructField]
  /// Bytes of the whole, padding at the end included.
  public let size: UInt64

  /// A member to be laid out.
  public struct Member: Sendable, Hashable {
    /// As the code names it.
    public var name: String
    /// Bytes.
    public var size: UInt64
    /// Bytes; nil for the natural alignment of its size.
    public var align: UInt64?
    /// The C type, as it was declared; empty for none.
    public var type: String

    /// A member of `size` bytes.
    public init(name: String, size: UInt64, align: UInt64? = nil, type: String = "") {
      self.name = name
      self.size = size
      self.align = align
      self.type = type
    }

    /// The alignment of a scalar of that size; arrays of bytes have none.
    var alignment: UInt64 {
      if let align, align > 0 { return align }
      return size > 0 && size <= 8 && size & (size - 1) == 0 ? size : 1
    }
  }

  /// Lays members out as the C compiler does: each at the next multiple of its alignment, the end at one of
  /// the largest.
  public init(_ members: [Member]) {
    var fields: [StructField] = []
    var offset: UInt64 = 0
    var largest: UInt64 = 1
    for member in members {
      offset = offset.aligned(up: member.alignment)
      largest = max(largest, member.alignment)
      fields.append(
        StructField(name: member.name, offset: offset, size: member.size, type: member.type))
      offset &+= member.size
    }
    self.fields = fields
    size = offset.aligned(up: largest)
  }

  /// Members at given offsets, as debug information tells them.
  public init(fields: [StructField], size: UInt64) {
    self.fields = fields.sorted { $0.offset < $1.offset }
    self.size = size
  }

  /// The member that has the byte at an offset, nil for padding, and the first offset behind it where that
  /// changes.
  public func part(at offset: UInt64) -> (field: StructField?, end: UInt64) {
    for field in fields {
      if offset < field.offset { return (nil, field.offset) }
      if offset < field.end { return (field, field.end) }
    }
    return (nil, max(size, offset + 1))
  }
}
