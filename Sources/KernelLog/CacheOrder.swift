/// What a list of slab caches can be sorted by.
public enum CacheOrder: String, Sendable, Hashable, CaseIterable {
  case name
  case size
  case stride
  case order
  case usersize
  case objects

  /// The number a cache is sorted by; nil when it is not known, and for names.
  public func key(_ cache: CacheInfo) -> UInt64? {
    switch self {
    case .name: nil
    case .size: cache.objectSize ?? cache.stride
    case .stride: cache.stride
    case .order: cache.order
    case .usersize: cache.usersize
    case .objects: cache.activeObjects
    }
  }

  /// The caches sorted: names upwards, as people read the numbers in them; numbers the largest first, what is
  /// not known last and what is equal by name.
  public func sorted(_ caches: [CacheInfo]) -> [CacheInfo] {
    caches.sorted { first, second in
      switch (key(first), key(second)) {
      case (let a?, let b?) where a != b: a > b
      case (.some, nil): true
      case (nil, .some): false
      default: NameOrder(first.name) < NameOrder(second.name)
      }
    }
  }
}

extension CacheInfo {
  /// The kernel's own entry of caches that share their slabs: it has all their names.
  public var isGroup: Bool { id == name && aliases.count > 1 }

  /// The flags that are set, sorted, and "ctor" where there is a constructor.
  public var properties: [String] {
    flags.map(\.rawValue).sorted() + (constructor == nil ? [] : ["ctor"])
  }

  /// Whether the name holds a text, capitals or not.
  public func isNamed(like text: String) -> Bool {
    text.isEmpty || name.lowercased().contains(text.lowercased())
  }

  /// Whether it is a group and one of its names holds a text.
  public func isGroup(with text: String) -> Bool {
    isGroup && ([name] + aliases).contains { CacheInfo(name: $0).isNamed(like: text) }
  }
}

/// The slab caches of a machine, and what could not be read of them.
public struct CacheListing: Sendable {
  /// Whose they are, for a heading: "this machine", or the folder they were saved in.
  public var source: String
  /// The caches, in the order they were read.
  public var caches: [CacheInfo] = []
  /// What could not be read and why, in words for people.
  public var unread: [String] = []
  /// The release of the kernel, when it is the one that is running.
  public var release: String?

  /// A listing of nothing yet.
  public init(source: String) { self.source = source }
}
