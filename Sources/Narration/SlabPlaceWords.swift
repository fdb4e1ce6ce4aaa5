public import JSON
public import KernelLog
import Text

/// Where an address lies in a slab, in words and as JSON.
public enum SlabPlaceWords {
  /// Sentences on an address, each with what it rests on.
  public static func statements(_ place: SlabPlace, _ cache: CacheInfo) -> [Statement] {
    let slab = "the slab at 0x\(place.slab.hex()), if it is one of \(cache.name)"
    guard let slot = place.slot else {
      return [Statement(.concluded, "It lies behind the last object of \(slab).")]
    }
    var said = [
      Statement(
        .concluded,
        "It is byte \(place.offset) of slot \(slot) (0x\(place.start.hex())) of \(slab).")
    ]
    said.append(
      Statement(
        .concluded,
        place.left > 0
          ? "\(ValueWords.bytes(place.offset)) of the object are before it, \(ValueWords.bytes(place.left)) from it to the end."
          : "The object ends before it: it is padding or the allocator's own."))
    if cache.isSLAB == true {
      said.append(
        Statement(
          .assumed, "SLAB may keep its own table at a slab's start; that it does not is assumed."))
    }
    said.append(Statement(.known, "Whether the slot is free the listing does not tell."))
    return said
  }

  /// `{"slab", "slot", "start", "offset", "left", "basis"}`, addresses as hexadecimal text.
  public static func json(_ place: SlabPlace, _ cache: CacheInfo) -> JSONValue {
    JSONValue([
      ("cache", .string(cache.name)), ("slab", .string("0x" + place.slab.hex())),
      ("slot", JSONValue(place.slot)), ("start", .string("0x" + place.start.hex())),
      ("offset", JSONValue(place.offset)), ("left", JSONValue(place.left)),
      ("basis", .string(Basis.concluded.rawValue)),
    ])
  }
}
