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

  /// Name and detail as reports since 4.16 print them.
  var named: (name: String, detail: String?) {
    switch self {
    case .wrapped: ("wrapped address", nil)
    case .null: ("null address", nil)
    case .processStack: ("process stack", nil)
    case .slubObject(let cache): ("SLUB object", cache)
    case .slubLeftRedZone(let cache): ("SLUB object in left red zone", cache)
    case .slubOutside: ("SLUB object not in SLUB page?!", nil)
    case .slabObject(let cache): ("SLAB object", cache)
    case .kmap: ("kmap", nil)
    case .vmalloc: ("vmalloc", nil)
    case .noArea: ("vmalloc", "no area")
    case .pageAlloc: ("page alloc", nil)
    case .rodata: ("rodata", nil)
    case .spansPages: ("spans multiple pages", nil)
    case .spansReserved: ("spans Reserved and non-Reserved pages", nil)
    case .kernelText: ("kernel text", nil)
    case .linearText: ("linear kernel text", nil)
    }
  }

  /// The word in brackets that reports before 4.16 print: a cache's name, or what it is.
  var bracketed: String {
    switch self {
    case .slubObject(let cache), .slubLeftRedZone(let cache), .slabObject(let cache): cache
    case .null: "<null>"
    default: "<\(named.name)>"
    }
  }
}
