import KernelHistory

/// What a refused range was found to be, as reports name it.
enum Offender: Equatable {
  case wrapped
  case null
  case processStack
  case slubObject(String)
  case slubLeftRedZone(String)
  case slubOutside
  case slabObject(String)
  case kmap
  case vmalloc
  case noArea
  case pageAlloc
  case rodata
  case spansPages
  case spansReserved
  case kernelText
  case linearText

  /// The word of the reports for it.
  var object: ReportedObject {
    switch self {
    case .wrapped: .wrappedAddress
    case .null: .nullAddress
    case .processStack: .processStack
    case .slubObject: .slubObject
    case .slubLeftRedZone: .leftRedZone
    case .slubOutside: .notInSlubPage
    case .slabObject: .slabObject
    case .kmap: .kmap
    case .vmalloc, .noArea: .vmalloc
    case .pageAlloc: .pageAlloc
    case .rodata: .rodata
    case .spansPages: .spansPages
    case .spansReserved: .spansReserved
    case .kernelText: .kernelText
    case .linearText: .linearText
    }
  }

  /// What reports since 4.16 add in quotes.
  var detail: String? {
    switch self {
    case .slubObject(let cache), .slubLeftRedZone(let cache), .slabObject(let cache): cache
    case .noArea: ReportedObject.noArea
    case .wrapped, .null, .processStack, .slubOutside, .kmap, .vmalloc, .pageAlloc, .rodata,
      .spansPages, .spansReserved, .kernelText, .linearText:
      nil
    }
  }

  /// The word in brackets that reports before 4.16 print: a cache's name, or what it is.
  var bracketed: String {
    object.namesCache ? detail ?? "<\(object.earlyWord)>" : "<\(object.earlyWord)>"
  }
}
