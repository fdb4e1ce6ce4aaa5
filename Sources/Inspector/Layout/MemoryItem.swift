import Narration
import Simulation
import Usercopy

/// A line of the list of memory: something with a name, or a part of the address space.
struct MemoryItem {
  let name: String
  let address: Address
  let size: UInt64
  /// What it is, in a word; empty for parts of the address space, whose name says it.
  let kind: String
  let isLive: Bool

  /// Names of the memory there is, by address, without the user's own. Where a copy starts in none of them the parts of
  /// the address space are listed too, so that its place can be seen.
  static func all(_ subject: Subject) -> [MemoryItem] {
    let named = subject.world.names.filter {
      $0.key != World.userBuffer || $0.value.kind != .user
    }.map { name, item in
      MemoryItem(
        name: name, address: item.address, size: item.size, kind: item.kind.words,
        isLive: item.isLive)
    }
    let items = named.sorted { ($0.address, $0.name) < ($1.address, $1.name) }
    guard let start = subject.report?.outcome.attempt.kernel,
      !items.contains(where: { $0.contains(start) })
    else { return items }
    let parts = parts(subject.world.kernel, around: start)
    return (items + parts).sorted { ($0.address, $0.name) < ($1.address, $1.name) }
  }

  private func contains(_ place: Address) -> Bool { place >= address && place - address < size }

  /// The parts of the address space; the first and the last page only for a copy that starts there.
  private static func parts(_ kernel: Kernel, around start: Address) -> [MemoryItem] {
    let layout = kernel.layout
    let isWide = kernel.configuration.wordSize == .bits64
    let last = (isWide ? UInt64.max : UInt64(UInt32.max)) - (Memory.pageSize - 1)
    var parts = [
      MemoryItem("user", 0, layout.userTop),
      MemoryItem("direct map", layout.directMap, layout.ramBytes),
      MemoryItem("vmalloc", layout.vmalloc), MemoryItem("text", layout.text),
    ]
    if layout.modules != layout.vmalloc { parts.append(MemoryItem("modules", layout.modules)) }
    if start < Memory.pageSize { parts.append(MemoryItem("NULL page", 0, Memory.pageSize)) }
    if start >= last { parts.append(MemoryItem("last page", last, Memory.pageSize)) }
    return parts
  }

  private init(_ name: String, _ address: Address, _ size: UInt64) {
    self.init(name: name, address: address, size: size, kind: "", isLive: true)
  }

  private init(_ name: String, _ range: Range<Address>) {
    self.init(name, range.lowerBound, range.upperBound - range.lowerBound)
  }

  private init(name: String, address: Address, size: UInt64, kind: String, isLive: Bool) {
    self.name = name
    self.address = address
    self.size = size
    self.kind = kind
    self.isLive = isLive
  }
}
