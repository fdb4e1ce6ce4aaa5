public import JSON
public import Usercopy

/// Something in a snapshot that does not fit the rest of it.
public struct Contradiction: Sendable, Hashable {
  /// What does not fit.
  public enum Kind: Sendable, Hashable {
    /// The file tells one number, its other members another.
    case differs(told: UInt64, found: UInt64)
    /// A slab of a cache that the file does not tell of.
    case unknownCache(String)
    /// The objects do not fit into the slab.
    case doesNotFit(needed: UInt64, room: UInt64)
    /// An address lies outside what it should lie in.
    case outside(UInt64)
    /// An address is not aligned to what lies there.
    case unaligned(Address)
    /// A free list, followed through the bytes, goes another way than the file says: at that place in it.
    case listDiffers(at: Int)
    /// A free list is damaged: where it ends.
    case brokenList(FreelistWalk.End)
    /// The file says that a slot is in use, or not known, but a free list goes through it; or the other way round.
    case stateDiffers(slot: Int)
    /// A letter that stands for no state.
    case unknownLetter(String)
    /// Two slabs or stacks lie on each other.
    case overlaps(Address)
    /// The end of the stack was written over.
    case stackEndOverwritten
  }

  /// Where in the file, such as `slabs[3].objects`.
  public var path: String
  /// What does not fit.
  public var kind: Kind

  /// A contradiction at a place.
  public init(path: String, kind: Kind) {
    self.path = path
    self.kind = kind
  }

  /// It tells of damage in the kernel's memory, not of a mistake in the file.
  public var isDamage: Bool {
    switch kind {
    case .brokenList, .stackEndOverwritten: true
    case .differs, .unknownCache, .doesNotFit, .outside, .unaligned, .listDiffers, .stateDiffers,
      .unknownLetter, .overlaps:
      false
    }
  }
}

/// Why a file is no snapshot that can be read.
public struct SnapshotError: Error, Sendable, Equatable {
  /// What is wrong.
  public enum Reason: Sendable, Equatable {
    /// It is no JSON.
    case json(JSONError)
    /// It is another format.
    case otherFormat(String)
    /// It is a newer version of the format.
    case newerVersion(UInt64)
    /// A member that has to be there is not.
    case missing
    /// A member holds something else than it should.
    case expected(Expected)
    /// A number or a list is larger than any kernel has it.
    case tooMuch(limit: UInt64)
  }

  /// What a member should hold.
  public enum Expected: String, Sendable, Hashable {
    case object, list, text, number, truth, address, bytes, pageSize, wordBytes, endian, encoding,
      owner
  }

  /// Where in the file, such as `slabs[3].objects`; empty for the whole.
  public var path: String
  /// What is wrong.
  public var reason: Reason
  /// The line where the piece of the file begins that is wrong, from 1; nil where that is not known.
  public var line: Int?

  /// A mistake at a place.
  public init(path: String, reason: Reason, line: Int? = nil) {
    self.path = path
    self.reason = reason
    self.line = line
  }
}
