public import KernelLog

/// The list of slab caches.
public struct CacheList: Sendable {
  /// What was read, its caches in the order shown.
  public private(set) var listing: CacheListing
  /// What the list is sorted by.
  public private(set) var order: CacheOrder
  /// Index of the selected cache.
  public var cursor = 0

  /// A list sorted as the one before, on the same cache.
  init(_ listing: CacheListing, like before: CacheList?) {
    self.listing = listing
    order = before?.order ?? .name
    let selected = before?.selected?.name
    sort(by: order)
    cursor = self.listing.caches.firstIndex { $0.name == selected } ?? 0
  }

  var selected: CacheInfo? {
    listing.caches.indices.contains(cursor) ? listing.caches[cursor] : nil
  }

  /// Sorts; the same cache stays selected.
  public mutating func sort(by order: CacheOrder) {
    let name = selected?.name
    self.order = order
    listing.caches = order.sorted(listing.caches)
    cursor = listing.caches.firstIndex { $0.name == name } ?? 0
  }

  /// Sorts by the next order, or the one before.
  mutating func sort(by step: Int) {
    if let next = CacheOrder.allCases.element(step, behind: order) { sort(by: next) }
  }

  /// Selects the first cache found.
  public mutating func selectFirst(_ text: String) { cursor = found(text).first ?? 0 }

  /// Indices of the caches whose name holds a text; all of them without one.
  func found(_ text: String) -> [Int] {
    let all = listing.caches
    return all.indices.filter { all[$0].isNamed(like: text) }
  }
}
