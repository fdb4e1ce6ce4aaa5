import JSON
import Usercopy

extension UsercopyJSON {
  /// A slab cache as recordings of hardened usercopy describe it; nil without its stride.
  static func cache(_ value: JSONValue) -> SlabCache? {
    guard let stride = value["stride"]?.uint64, stride > 0,
      let objectSize = value["object_size"]?.uint64
    else { return nil }
    let hasRedZone = value["red_zone"]?.bool ?? false
    return SlabCache(
      name: value["name"]?.string ?? "", objectSize: objectSize, stride: stride,
      align: value["align"]?.uint64 ?? 8, objOffset: value["obj_offset"]?.uint64 ?? 0,
      redLeftPad: hasRedZone ? value["red_left_pad"]?.uint64 ?? 0 : 0,
      inuse: value["inuse"]?.uint64, freeptrOffset: value["freeptr_offset"]?.uint64 ?? 0,
      order: min(max(0, value["order"]?.int ?? 0), 10),
      objectsPerSlab: min(max(0, value["objs_per_slab"]?.int ?? 0), 1 << 16),
      flags: flags(value), useroffset: value["useroffset"]?.uint64 ?? 0,
      usersize: value["usersize"]?.uint64 ?? 0,
      colourStep: value["colour_step"]?.uint64 ?? 64, colours: value["colours"]?.int ?? 0)
  }

  private static func flags(_ value: JSONValue) -> CacheFlags {
    var flags: CacheFlags = []
    func add(_ key: String, _ flag: CacheFlags) {
      if value[key]?.bool ?? false { flags.insert(flag) }
    }
    add("red_zone", .redZone)
    if !flags.contains(.redZone) { add("red_zone_flag", .redZoneFlagOnly) }
    add("poison", .poison)
    add("store_user", .storeUser)
    add("typesafe_by_rcu", .typesafeByRCU)
    add("rcu", .typesafeByRCU)
    return flags
  }
}
