public import KernelPages
public import Narration

/// The list of what a file holds of a real kernel's memory.
public struct PieceList: Sendable {
  /// What was read.
  public let snapshot: KernelSnapshot
  /// The file's name, for a heading.
  public let source: String
  /// The pieces in the order shown.
  public private(set) var rows: [SnapshotRow]
  /// What the list is sorted by.
  public private(set) var order: SnapshotOrder
  /// Index of the selected piece.
  public var cursor = 0
  private let inFileOrder: [SnapshotRow]

  init(_ snapshot: KernelSnapshot, source: String) {
    self.snapshot = snapshot
    self.source = source
    inFileOrder = SnapshotTable.rows(snapshot)
    rows = inFileOrder
    order = .file
  }

  var selected: SnapshotRow? { rows.indices.contains(cursor) ? rows[cursor] : nil }

  /// Sorts; the same piece stays selected.
  public mutating func sort(by order: SnapshotOrder) {
    let piece = selected?.piece
    self.order = order
    rows = order.sorted(inFileOrder)
    cursor = rows.firstIndex { $0.piece == piece } ?? 0
  }

  /// Sorts by the next order, or the one before.
  mutating func sort(by step: Int) {
    if let next = SnapshotOrder.allCases.element(step, behind: order) { sort(by: next) }
  }

  /// Selects the first piece found.
  public mutating func selectFirst(_ text: String) { cursor = found(text).first ?? 0 }

  /// Indices of the pieces that hold a text; all of them without one.
  func found(_ text: String) -> [Int] { rows.indices.filter { rows[$0].holds(text) } }
}
