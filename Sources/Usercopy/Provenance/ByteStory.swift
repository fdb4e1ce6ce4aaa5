/// What a byte is to the copy that takes it out or writes over it.
public enum ByteStory: Sendable, Hashable {
  /// A byte of what the copy names, with a value that its owner gave it.
  case own
  /// A byte of what the copy names that nobody has written since the boot: a zero of a fresh page.
  case fresh
  /// A byte of what the copy names, but its owner never wrote it: it holds what was there before.
  case unwritten
  /// Behind what the owner asked for: the rest of the slot, or padding between locals.
  case slack
  /// A local variable other than the one named.
  case otherLocal
  /// Another object, other pages, another area or variable of the image.
  case otherObject
  /// Given back: a freed object, or the stack of a function that has returned.
  case freed
  /// Of an object of which cannot be told whether it was given back: nobody can say what the bytes are.
  case unknown
  /// The allocator's: free slots, freelist pointers, red zones, owner tracks, slab management.
  case allocator
  /// The kernel's own: return addresses, saved registers, a canary, code.
  case kernelData
  /// Nothing anybody asked for.
  case nobody

  /// Nothing of anybody else's goes out with the byte, nor is written over.
  public var isClean: Bool { self == .own || self == .fresh }
}

/// A run of bytes with one story.
public struct StoryRun: Sendable, Hashable {
  /// First byte.
  public var start: Address
  /// Bytes.
  public var length: UInt64
  /// What each byte of it is to the copy.
  public var story: ByteStory
  /// What the bytes are, whoever asks.
  public var kind: ByteClass
  /// Name of the object, local, function or area they belong to; empty for none.
  public var label: String
  /// Who gave them the values they hold.
  public var author: Author
  /// The member of a declared structure that they are; nil for padding and where nothing is declared.
  public var field: String?
  /// Padding of a declared structure.
  public var isPadding = false

  /// First address behind the run, saturating.
  public var end: Address {
    let (sum, overflow) = start.addingReportingOverflow(length)
    return overflow ? .max : sum
  }

  /// The holder whose values are still there though another has the bytes now; nil for none.
  public var stale: Holder? {
    guard story == .unwritten else { return nil }
    switch author {
    case .owner(let holder), .initialised(let holder): return holder
    case .nobody, .cleared, .poison, .freelist, .redZone, .canary, .kernel: return nil
    }
  }
}
