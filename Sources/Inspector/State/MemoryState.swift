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

  /// Scales to choose from, bytes a cell.
  public static let scales = [1, 2, 4, 8, 16, 32, 64, 128, 256]
}
