/// For each byte of kernel memory, who gave it the value that it has: run lengths, page by page.
///
/// A page nobody has written has no entry, and worlds that differ in one page share all others.
public struct Origins: Sendable, Equatable {
  /// Bytes of a page from one offset to another with one author.
  struct Run: Sendable, Equatable {
    /// First byte, from the page's start.
    var from: UInt16
    /// First byte behind the run; 4096 at most.
    var to: UInt16
    var author: Author
  }

  /// Runs of a page in order, without overlaps; what lies between them nobody has written.
  private var pages: [UInt64: [Run]] = [:]

  /// Memory that nobody has written.
  public init() {}

  /// Says that all bytes of a range were written by one author.
  public mutating func set(_ author: Author, start: Address, length: UInt64) {
    var position = start
    var left = length
    while left > 0 {
      let within = position % Memory.pageSize
      let count = min(left, Memory.pageSize - within)
      let run = Run(from: UInt16(within), to: UInt16(within + count), author: author)
      insert(run, page: position / Memory.pageSize)
      left -= count
      position = position &+ count
    }
  }

  private mutating func insert(_ run: Run, page: UInt64) {
    let old = pages[page] ?? []
    if old.isEmpty {
      if run.author != .nobody { pages[page] = [run] }
      return
    }
    if let same = old.first(where: { $0.from <= run.from && run.to <= $0.to }),
      same.author == run.author
    {
      return
    }
    var new: [Run] = []
    new.reserveCapacity(old.count + 2)
    for piece in old where piece.from < run.from {
      new.append(Run(from: piece.from, to: min(piece.to, run.from), author: piece.author))
    }
    Self.append(run, to: &new)
    for piece in old where piece.to > run.to {
      Self.append(
        Run(from: max(piece.from, run.to), to: piece.to, author: piece.author), to: &new)
    }
    pages[page] = new
  }

  /// Adds a run behind others; joins it with the last one where both have one author.
  private static func append(_ run: Run, to runs: inout [Run]) {
    guard run.author != .nobody else { return }
    if let last = runs.last, last.to == run.from, last.author == run.author {
      runs[runs.count - 1].to = run.to
    } else {
      runs.append(run)
    }
  }

  /// The author of the byte at `address`, and how many bytes from it on have the same one: `limit` at
  /// most, and none behind the page's end.
  public func author(at address: Address, limit: UInt64) -> (author: Author, length: UInt64) {
    let within = UInt16(address % Memory.pageSize)
    let room = min(limit, Memory.pageSize - UInt64(within))
    guard let runs = pages[address / Memory.pageSize] else { return (.nobody, room) }
    for run in runs where run.to > within {
      if run.from <= within { return (run.author, min(room, UInt64(run.to - within))) }
      return (.nobody, min(room, UInt64(run.from - within)))
    }
    return (.nobody, room)
  }
}
