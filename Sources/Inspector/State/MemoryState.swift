public import Usercopy

/// Which picture the memory pane draws.
public enum MemoryView: String, Sendable, Hashable, CaseIterable {
  case slab
  case stack
  case map
}

/// What the memory pane shows and how.
public struct MemoryState: Sendable, Hashable {
  /// The view chosen by hand; nil follows the story.
  public var chosen: MemoryView?
  /// Slab chosen by hand; nil follows the story.
  public var slab: Int?
  /// Task chosen by hand, by its place in the kernel; nil follows the story.
  public var task: Int?
  /// Bytes a cell, a power of two; nil fits the pane.
  public var scale: Int?
  /// The object found or clicked.
  public var selected: Slot?
  /// Hexadecimal dump instead of cells.
  public var showsHex = false
  /// A second era the map is compared with.
  public var comparedEra: Era?

  /// An object's place.
  public struct Slot: Sendable, Hashable {
    /// The slab's place in the kernel, from 0.
    public var slab: Int
    /// The object's place in the slab, from 0.
    public var index: Int
  }

  /// What follows the story in everything.
  public init() {}

  /// A new point in the story: what was chosen by hand starts afresh, but for the map.
  mutating func follow() {
    (slab, task, selected) = (nil, nil, nil)
    if chosen != .map { chosen = nil }
  }

  /// Shows an object.
  mutating func select(_ slot: Slot) {
    (selected, slab, chosen) = (slot, slot.slab, .slab)
  }

  /// Compares the map with the next era but `shown`, behind the last with none.
  mutating func compareNext(to shown: Era?) {
    let eras = Era.all.filter { $0 != shown }
    guard let now = comparedEra, let index = eras.firstIndex(of: now) else {
      comparedEra = eras.first
      return
    }
    comparedEra = eras.indices.contains(index + 1) ? eras[index + 1] : nil
  }

  /// More or fewer bytes a cell, from what fits the pane.
  mutating func rescale(by step: Int, fitting: Int) {
    let scales = Self.scales
    let now = scale ?? fitting
    let index = (scales.firstIndex(of: now) ?? 0) + step
    scale = scales.indices.contains(index) ? scales[index] : (index < 0 ? nil : now)
  }

  /// Scales to choose from, bytes a cell.
  public static let scales = [1, 2, 4, 8, 16, 32, 64, 128, 256]
}
