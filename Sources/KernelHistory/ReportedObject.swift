/// What a report says a copy touched, in the kernel's own words.
///
/// The one list of them: a check names what it refuses by a case of it, and the reader of reports
/// knows every case. Reports before 4.16 print the word in brackets, `<process stack>`.
public enum ReportedObject: String, Sendable, Hashable, CaseIterable {
  case slubObject = "SLUB object"
  case slabObject = "SLAB object"
  case notInSlubPage = "SLUB object not in SLUB page?!"
  case leftRedZone = "SLUB object in left red zone"
  case processStack = "process stack"
  case kernelText = "kernel text"
  case linearText = "linear kernel text"
  case wrappedAddress = "wrapped address"
  case nullAddress = "null address"
  case rodata = "rodata"
  case spansPages = "spans multiple pages"
  case spansReserved = "spans Reserved and non-Reserved pages"
  case spansCMA = "spans CMA and non-CMA pages"
  case vmalloc = "vmalloc"
  case pageAlloc = "page alloc"
  case kmap = "kmap"
  case unknown = "unknown?!"

  /// The word in brackets before 4.16, where it is another one.
  public var earlyWord: String { self == .nullAddress ? "null" : rawValue }

  /// What a report adds in quotes where vmalloc space holds no area.
  public static let noArea = "no area"

  /// A slab object, whose cache the report names in quotes.
  public var namesCache: Bool {
    switch self {
    case .slubObject, .slabObject, .notInSlubPage, .leftRedZone: true
    case .processStack, .kernelText, .linearText, .wrappedAddress, .nullAddress, .rodata,
      .spansPages, .spansReserved, .spansCMA, .vmalloc, .pageAlloc, .kmap, .unknown:
      false
    }
  }

  /// The report prints the end of the range where others print its length.
  public var printsAddress: Bool { self == .wrappedAddress }

  /// The change that brought or ended reports of it; nil where they are as old as the check itself.
  public var change: (any Dated)? {
    switch self {
    case .slabObject: AllocatorChange.slab
    case .rodata, .spansPages, .spansReserved, .spansCMA: UsercopyChange.pageSpan
    case .vmalloc, .kmap: UsercopyChange.mappings
    case .pageAlloc: UsercopyChange.folios
    case .slubObject, .notInSlubPage, .leftRedZone, .processStack, .kernelText, .linearText,
      .wrappedAddress, .nullAddress, .unknown:
      nil
    }
  }
}
