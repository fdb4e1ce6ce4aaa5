public import JSON
public import KernelPages
import Text
public import Usercopy

/// A piece of a snapshot that can be opened.
public enum SnapshotPiece: Sendable, Hashable {
  /// A slab by its number.
  case slab(Int)
  /// A task's stack by its number.
  case stack(Int)
}

/// One line of the list of what is in a snapshot.
public struct SnapshotRow: Sendable, Hashable {
  /// What it is.
  public var piece: SnapshotPiece
  /// The cache, or the task with its number.
  public var name: String
  /// First byte; nil where it is not told.
  public var address: Address?
  /// Slots or frames.
  public var count: Int
  /// Slots in use and free; nil for stacks.
  public var used, free: Int?
  /// Slots of which nothing can be told.
  public var unknown: Int
  /// Bytes of an object that may be copied; nil for stacks and where it is not told.
  public var copyable: UInt64?
  /// Where a slab is listed, or a task's state.
  public var place: String
  /// What is known to lie in it, and what is damaged.
  public var notes: [String]

  /// Whether a text is in its name, its address or its notes.
  public func holds(_ text: String) -> Bool {
    guard !text.isEmpty else { return true }
    let wanted = text.lowercased()
    let address = address.map { "0x" + $0.hex() } ?? ""
    return ([name, address, place] + notes).contains { $0.lowercased().contains(wanted) }
  }
}

/// What the list of a snapshot's pieces can be sorted by.
public enum SnapshotOrder: String, Sendable, Hashable, CaseIterable {
  case file, name, address, free, used, copyable

  /// The rows sorted: names upwards, numbers the largest first.
  public func sorted(_ rows: [SnapshotRow]) -> [SnapshotRow] {
    func byNumber(_ key: (SnapshotRow) -> UInt64?) -> [SnapshotRow] {
      rows.enumerated().sorted { first, second in
        let (a, b) = (key(first.element), key(second.element))
        if a == b { return first.offset < second.offset }
        return a.map { a in b.map { a > $0 } ?? true } ?? false
      }.map(\.element)
    }
    switch self {
    case .file: return rows
    case .name:
      return rows.enumerated().sorted {
        ($0.element.name, $0.offset) < ($1.element.name, $1.offset)
      }.map(\.element)
    case .address:
      return rows.sorted { ($0.address ?? .max) < ($1.address ?? .max) }
    case .free: return byNumber { $0.free.map { UInt64(clamping: $0) } }
    case .used: return byNumber { $0.used.map { UInt64(clamping: $0) } }
    case .copyable: return byNumber(\.copyable)
    }
  }
}

/// The list of what is in a snapshot.
public enum SnapshotTable {
  /// Slabs, then stacks, in the file's order.
  public static func rows(_ snapshot: KernelSnapshot) -> [SnapshotRow] {
    let damage = Dictionary(grouping: snapshot.contradictions) { contradiction in
      String(contradiction.path.prefix { $0 != "." })
    }
    return snapshot.slabs.indices.map { slab($0, snapshot, damage["slabs[\($0)]"] ?? []) }
      + snapshot.tasks.indices.map { stack($0, snapshot, damage["tasks[\($0)]"] ?? []) }
  }

  private static func slab(
    _ index: Int, _ snapshot: KernelSnapshot, _ wrong: [Contradiction]
  ) -> SnapshotRow {
    let slab = snapshot.slabs[index]
    let cache = snapshot.cache(named: slab.cache)
    let end = slab.base &+ slab.byteCount
    var notes = snapshot.marks.filter { $0.address >= slab.base && $0.address < end }.map(\.name)
    let events = snapshot.gadgets.flatMap(\.queue).count {
      $0.address >= slab.base && $0.address < end
    }
    if events > 0 { notes.append("\(events) raw-gadget event\(events == 1 ? "" : "s")") }
    if wrong.contains(where: \.isDamage) { notes.append("free list broken") }
    if wrong.contains(where: { !$0.isDamage }) { notes.append("does not fit together") }
    return SnapshotRow(
      piece: .slab(index), name: slab.cache, address: slab.base, count: slab.objects,
      used: slab.count(.live), free: slab.count(.freed), unknown: slab.count(.unknown),
      copyable: cache?.usersize, place: slab.place, notes: notes)
  }

  private static func stack(
    _ index: Int, _ snapshot: KernelSnapshot, _ wrong: [Contradiction]
  ) -> SnapshotRow {
    let task = snapshot.tasks[index]
    var notes: [String] = []
    if let frame = task.frames.first(where: { !$0.isInline }) {
      notes.append("in \(frame.function)")
    }
    if wrong.contains(where: \.isDamage) { notes.append("stack end written over") }
    if wrong.contains(where: { !$0.isDamage }) { notes.append("does not fit together") }
    if task.data.isEmpty { notes.append("stack not in the file") }
    return SnapshotRow(
      piece: .stack(index), name: "\(task.name) \(task.pid)", address: task.stack,
      count: task.frames.count { !$0.isInline }, used: nil, free: nil, unknown: 0, copyable: nil,
      place: task.isOnProcessor == true ? "running" : task.state, notes: notes)
  }

  /// An aligned table of plain ASCII.
  public static func text(_ rows: [SnapshotRow]) -> String {
    let heading = ["name", "address", "slots", "used", "free", "?", "copyable", "where", "notes"]
    let cells =
      [heading]
      + rows.map { row in
        func number(_ value: Int?) -> String { value.map { String($0) } ?? "-" }
        return [
          Printable.ascii(row.name), row.address.map { "0x" + $0.hex() } ?? "-", number(row.count),
          number(row.used), number(row.free), row.unknown > 0 ? String(row.unknown) : "",
          row.copyable.map { String($0) } ?? "-", Printable.ascii(row.place),
          Printable.ascii(row.notes.joined(separator: ", ")),
        ]
      }
    let widths = heading.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        line += (column > 0 ? "  " : "") + ((2...6).contains(column) ? gap + cell : cell + gap)
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// The whole snapshot's heading: which kernel, how much is in it, what does not fit, what is not told.
  public static func facts(_ snapshot: KernelSnapshot) -> [String] {
    var lines = [
      "Linux \(Printable.text(snapshot.kernel.release)) \(Printable.text(snapshot.kernel.version))"
    ]
    if !snapshot.about.isEmpty { lines.append(Printable.text(snapshot.about)) }
    let slots = snapshot.slabs.reduce(0) { $0 + $1.objects }
    lines.append(
      "\(snapshot.caches.count) caches, \(snapshot.slabs.count) slabs with \(slots) slots, "
        + "\(snapshot.tasks.count) tasks")
    lines += snapshot.gadgets.flatMap(SnapshotPieceWords.lines)
    if !snapshot.contradictions.isEmpty {
      lines.append("Does not fit together, or is damaged:")
      lines += snapshot.contradictions.prefix(20).map { "  " + SnapshotWords.line($0) }
      let more = snapshot.contradictions.count - 20
      if more > 0 { lines.append("  and \(more) more") }
    }
    let gaps = SnapshotWords.gaps(snapshot)
    if !gaps.isEmpty { lines += ["Not told:"] + gaps.map { "  " + $0 } }
    return lines
  }

  /// The list and what does not fit, for programs.
  public static func json(_ snapshot: KernelSnapshot, _ rows: [SnapshotRow]) -> JSONValue {
    JSONValue([
      ("release", JSONValue(snapshot.kernel.release)),
      ("caches", JSONValue(snapshot.caches.count)), ("pieces", .array(rows.map(json))),
      ("contradictions", JSONValue(snapshot.contradictions.map(SnapshotWords.line))),
      ("not_told", JSONValue(SnapshotWords.gaps(snapshot))),
      ("raw_gadget", .array(snapshot.gadgets.map(SnapshotPieceWords.json))),
    ])
  }

  private static func json(_ row: SnapshotRow) -> JSONValue {
    let kind: String
    switch row.piece {
    case .slab: kind = "slab"
    case .stack: kind = "stack"
    }
    return JSONValue([
      ("kind", JSONValue(kind)), ("name", JSONValue(row.name)),
      ("address", JSONValue(row.address.map { "0x" + $0.hex() })), ("count", JSONValue(row.count)),
      ("used", JSONValue(row.used)), ("free", JSONValue(row.free)),
      ("unknown", JSONValue(row.unknown)), ("usersize", JSONValue(row.copyable)),
      ("where", JSONValue(row.place)), ("notes", JSONValue(row.notes)),
    ])
  }
}
