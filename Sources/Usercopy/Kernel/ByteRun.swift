/// What a byte of the machine is, whoever asks for it.
public enum ByteClass: String, Sendable, Hashable, CaseIterable {
  /// Asked for by the owner of a live object.
  case object
  /// Inside a live object, behind what its owner asked for.
  case slack
  /// Inside a slot, behind the object.
  case padding
  case redZone
  /// Free pointers and owner tracking outside the object.
  case metadata
  /// An object that was given back.
  case freed
  /// An object that was never handed out.
  case never
  /// An object of which cannot be told whether it is handed out.
  case unknown
  /// SLAB's descriptor and the colour in front of the objects.
  case management
  /// Behind the last object of a slab.
  case tail
  case local
  case savedRegister
  /// The stack protector's guard word.
  case canary
  case savedFramePointer
  case returnAddress
  /// The frame of a function that has returned, or stack not used yet.
  case deadStack
  /// The lowest bytes of a stack (`thread_info` in 2011).
  case threadInfo
  /// The lowest word of a stack, which tells an overflow (`STACK_END_MAGIC`).
  case stackEnd
  /// The saved user registers at the top of a stack.
  case userRegisters
  /// A page of the page allocator that belongs to no slab.
  case page
  case vmalloc
  /// The unmapped page behind a vmalloc area.
  case guardPage
  case kernelText
  case user
  /// Nothing is there.
  case unmapped

  /// There are bytes, which a copy could move.
  public var isThere: Bool { self != .unmapped && self != .guardPage }
}

/// A run of bytes of one kind.
public struct ByteRun: Sendable, Hashable {
  /// First byte.
  public var start: Address
  /// Bytes.
  public var length: UInt64
  /// What the bytes are.
  public var kind: ByteClass
  /// Name of the object, local, function or area; empty for none.
  public var label: String
  /// Index of the slab and of the slot in it, for slab bytes.
  public var slab: Int?
  /// Index of the slot in its slab; nil outside objects.
  public var object: Int?
  /// Index of the frame, innermost last, for stack bytes.
  public var frame: Int?
  /// Start of the pages that were handed out together or of the area, for bytes of those.
  public var block: Address?
  /// What has the bytes, or had them last if they were given back; nil for bytes nobody asked for.
  public var holder: Holder?

  /// A run from its parts.
  public init(
    start: Address, length: UInt64, kind: ByteClass, label: String = "", slab: Int? = nil,
    object: Int? = nil, frame: Int? = nil, block: Address? = nil, holder: Holder? = nil
  ) {
    self.holder = holder
    self.start = start
    self.length = length
    self.kind = kind
    self.label = label
    self.slab = slab
    self.object = object
    self.frame = frame
    self.block = block
  }

  /// First address behind the run, saturating.
  public var end: Address {
    let (sum, overflow) = start.addingReportingOverflow(length)
    return overflow ? .max : sum
  }

  /// Whether both have one owner: object, frame or area.
  public func sameOwner(as other: ByteRun) -> Bool {
    slab == other.slab && object == other.object && frame == other.frame && block == other.block
      && (slab != nil || frame != nil || (kind == other.kind && label == other.label))
  }
}
