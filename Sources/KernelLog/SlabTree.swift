/// Reads a tree laid out like `/sys/kernel/slab`, wherever it is: the caller lists and reads.
public struct SlabTree {
  /// An entry of the top directory.
  public struct Entry: Sendable, Equatable {
    /// Name in the top directory.
    public var name: String
    /// Where a symbolic link leads (its last component counts); nil for a directory.
    public var target: String?

    /// Makes one from its parts.
    public init(name: String, target: String? = nil) {
      self.name = name
      self.target = target
    }
  }

  /// What a tree gave.
  public struct Contents: Sendable, Equatable {
    /// One for each directory and for each link, sorted by name. A link's cache carries the
    /// values of the directory it leads to, and that directory's name as `id`.
    public var caches: [CacheInfo] = []
    /// Links that lead nowhere.
    public var danglingLinks: [String] = []
  }

  private let list: () throws(ReadFailure) -> [Entry]
  private let read: (String) throws(ReadFailure) -> [UInt8]

  /// Makes a reader. `list` gives the entries of the top directory, `read` the contents of a file
  /// by its path below it ("kmalloc-64/object_size").
  public init(
    list: @escaping () throws(ReadFailure) -> [Entry],
    read: @escaping (String) throws(ReadFailure) -> [UInt8]
  ) {
    self.list = list
    self.read = read
  }

  /// Reads everything. Throws only if the top directory cannot be listed.
  public func contents() throws(ReadFailure) -> Contents {
    var contents = Contents()
    var byID: [String: CacheInfo] = [:]
    let entries = try list()
    for entry in entries where entry.target == nil { byID[entry.name] = cache(entry.name) }
    var names: [String: [String]] = [:]
    let links = Self.links(entries)
    for entry in entries where entry.target != nil {
      if let id = Self.end(of: entry.name, links), byID[id] != nil {
        names[id, default: []].append(entry.name)
      } else {
        contents.danglingLinks.append(entry.name)
      }
    }
    for (id, cache) in byID {
      let aliases = (names[id] ?? []).sorted()
      var own = cache
      own.id = id.hasPrefix(":") || !aliases.isEmpty ? id : nil
      own.aliases = aliases
      contents.caches.append(own)
      for alias in aliases {
        var other = own
        other.name = alias
        other.aliases = aliases.filter { $0 != alias }
        contents.caches.append(other)
      }
    }
    contents.caches.sort { $0.name < $1.name }
    contents.danglingLinks.sort()
    return contents
  }

  private static func links(_ entries: [Entry]) -> [String: String] {
    var links: [String: String] = [:]
    for entry in entries { links[entry.name] = entry.target.map(lastComponent) }
    return links
  }

  /// Where a link leads, over other links if need be; nil for one that leads in a circle.
  private static func end(of name: String, _ links: [String: String]) -> String? {
    var place = name
    for _ in 0..<16 {
      guard let next = links[place] else { return place }
      place = next
    }
    return nil
  }

  private static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private func cache(_ name: String) -> CacheInfo {
    var cache = CacheInfo(name: name)
    cache.objectSize = number("object_size", &cache)
    cache.stride = number("slab_size", &cache)
    cache.objectsPerSlab = number("objs_per_slab", &cache)
    cache.order = number("order", &cache)
    cache.align = number("align", &cache)
    cache.usersize = number("usersize", &cache)
    cache.activeObjects = number("objects", &cache)
    cache.totalObjects = number("total_objects", &cache)
    for flag in CacheFlag.allCases where number(flag.rawValue, &cache) == 1 {
      cache.flags.insert(flag)
    }
    if let text = text("ctor", &cache), !text.isEmpty { cache.constructor = text }
    return cache
  }

  private func text(_ attribute: String, _ cache: inout CacheInfo) -> String? {
    do {
      let bytes = try read("\(cache.name)/\(attribute)")
      let line = bytes.prefix(4096).prefix { $0 != 0x0A }
      return String(decoding: line, as: UTF8.self)
    } catch {
      cache.unread.append(UnreadAttribute(attribute: attribute, reason: error))
      return nil
    }
  }

  /// The first number of a file; counters go on with one for each memory node.
  private func number(_ attribute: String, _ cache: inout CacheInfo) -> UInt64? {
    guard let text = text(attribute, &cache) else { return nil }
    guard let word = text.split(separator: " ").first, let number = UInt64(word) else {
      cache.unread.append(UnreadAttribute(attribute: attribute, reason: .notANumber))
      return nil
    }
    return number
  }
}
