/// A part of a module's memory.
public enum ModuleSection: String, Sendable, Hashable, CaseIterable {
  /// Code.
  case text
  /// Constants.
  case rodata
  /// Variables.
  case data

  /// What the kernel itself may do with its bytes once the module is loaded.
  public var protection: Protection {
    switch self {
    case .text, .rodata: .readOnly
    case .data: .readWrite
    }
  }
}

/// Memory that is seen through a mapping made for it: modules, and pages of high memory.
extension Kernel {
  /// Loads a section of a module into pages of module space, with a guard page behind them
  /// (`module_alloc()`).
  ///
  /// - Parameters:
  ///   - section: code, constants or variables.
  ///   - size: bytes of it.
  ///   - bytes: its content; what goes beyond `size` is left out, missing bytes are zeros.
  ///   - name: what the scenario calls it.
  /// - Returns: its address; nil when module space ends before it does.
  public mutating func loadModule(
    _ section: ModuleSection, size: UInt64, bytes: [UInt8], name: String
  ) -> Address? {
    let space = layout.modules
    let start: Address
    if space == layout.vmalloc {
      start = vmalloc(size, name: name)
    } else {
      start =
        areas.filter { space.contains($0.start) }.map { $0.start &+ $0.length }.max()
        ?? space.lowerBound
      let mapped = max(size, 1).aligned(up: Memory.pageSize)
      guard mapped < space.upperBound &- start else { return nil }
      place(name, at: start, mapped: mapped, requested: size)
    }
    write(Array(bytes.prefix(Int(size))), at: start)
    memory.map(
      Mapping(
        start: start, length: max(size, 1).aligned(up: Memory.pageSize),
        protection: section.protection))
    return start
  }

  private mutating func place(
    _ name: String, at start: Address, mapped: UInt64, requested: UInt64
  ) {
    areas.append(
      VmallocArea(
        name: name, start: start, length: mapped + Memory.pageSize, mapped: mapped,
        requested: requested, holder: newHolder(.area, name, at: start)))
    memory.map(Mapping(start: start, length: mapped))
  }

  /// Maps a fresh page of high memory: by `kmap()` into its window, by `kmap_local_page()` above all windows.
  ///
  /// - Returns: its address; that of a page of the direct map on machines without high memory; nil when
  ///   every place is taken.
  public mutating func kmap(_ name: String, isLocal: Bool) -> Address? {
    guard !layout.kmaps.isEmpty else { return takePages(order: 0, label: name) }
    let taken = Set(placed.map(\.start))
    let places = isLocal ? localKmaps : permanentKmaps
    guard let start = places.first(where: { !taken.contains($0) }) else { return nil }
    memory.map(Mapping(start: start, length: Memory.pageSize))
    placed.append(
      PlacedObject(
        start: start, size: Memory.pageSize, holder: newHolder(.pages, name, at: start)))
    return start
  }

  /// `kunmap()` and `kunmap_local()`: false when nothing is mapped there.
  mutating func unmapHigh(_ address: Address) -> Bool {
    guard permanentKmaps.contains(address) || localKmaps.contains(address),
      let index = placed.firstIndex(where: { $0.start == address })
    else { return false }
    placed.remove(at: index)
    memory.unmap(start: address, length: Memory.pageSize)
    return true
  }

  /// The window of `kmap()`, page by page; the first is not used.
  private var permanentKmaps: [Address] {
    guard !layout.kmaps.isEmpty else { return [] }
    return Array(
      stride(
        from: layout.kmaps.lowerBound + Memory.pageSize, to: layout.kmaps.upperBound,
        by: Int(Memory.pageSize)))
  }

  /// Places of `kmap_local_page()` for one processor: sixteen, the first at the top (`KM_MAX_IDX`). The
  /// first is where the recorded kernel has it.
  private var localKmaps: [Address] {
    guard !layout.kmaps.isEmpty else { return [] }
    return (0..<16).map { 0xfffb_b000 - UInt64($0) * Memory.pageSize }
  }
}
