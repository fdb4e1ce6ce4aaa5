/// What may be done with mapped bytes.
public enum Protection: Sendable, Hashable {
  case readWrite
  case readOnly
}

/// A run of addresses behind which there are bytes.
public struct Mapping: Sendable, Hashable {
  /// First address.
  public var start: Address
  /// Length in bytes; `start + length` never passes 2^64.
  public var length: UInt64
  /// How it may be touched.
  public var protection: Protection

  /// A mapping of `length` bytes.
  public init(start: Address, length: UInt64, protection: Protection = .readWrite) {
    self.start = start
    self.length = min(length, UInt64.max - start)
    self.protection = protection
  }

  /// First address behind the mapping.
  public var end: Address { start + length }

  /// Whether an address lies in it.
  public func contains(_ address: Address) -> Bool { address >= start && address - start < length }
}

/// The bytes of the machine: sparse pages behind mappings, unwritten bytes read 0.
///
/// Kernel and user addresses share one 64-bit space, as they do on the machines modelled.
public struct Memory: Sendable, Equatable {
  /// Bytes of a page.
  public static let pageSize: UInt64 = 4096

  /// Sorted by start, never overlapping.
  public private(set) var mappings: [Mapping] = []
  private var pages: [UInt64: [UInt8]] = [:]

  /// Memory without a mapping.
  public init() {}

  /// Makes `mapping`'s bytes exist. What it overlaps is replaced; its contents stay.
  public mutating func map(_ mapping: Mapping) {
    guard mapping.length > 0 else { return }
    unmap(start: mapping.start, length: mapping.length)
    let index = mappings.firstIndex { $0.start > mapping.start } ?? mappings.endIndex
    mappings.insert(mapping, at: index)
  }

  /// Takes the bytes of a range away; touching them is a page fault from now on.
  public mutating func unmap(start: Address, length: UInt64) {
    let end = start + min(length, UInt64.max - start)
    mappings = mappings.flatMap { old -> [Mapping] in
      guard old.end > start, old.start < end else { return [old] }
      var kept: [Mapping] = []
      if old.start < start {
        kept.append(
          Mapping(start: old.start, length: start - old.start, protection: old.protection))
      }
      if old.end > end {
        kept.append(Mapping(start: end, length: old.end - end, protection: old.protection))
      }
      return kept
    }
  }

  /// Bytes behind all mappings, saturating.
  public var mappedBytes: UInt64 {
    mappings.reduce(0) { sum, mapping in
      let (next, overflow) = sum.addingReportingOverflow(mapping.length)
      return overflow ? .max : next
    }
  }

  /// The mapping that holds `address`.
  public func mapping(at address: Address) -> Mapping? {
    guard let mapping = mappings.last(startingBy: address, \.start), mapping.contains(address)
    else { return nil }
    return mapping
  }

  /// Where the first mapping above an address starts; the last address without one.
  func nextMapping(above address: Address) -> Address {
    mappings.first { $0.start > address }?.start ?? .max
  }

  /// How many bytes from `address` on can be touched before a fault, at most `limit`.
  public func accessible(from address: Address, upTo limit: UInt64, writing: Bool) -> UInt64 {
    var reached: UInt64 = 0
    while reached < limit {
      let (next, overflow) = address.addingReportingOverflow(reached)
      guard !overflow, let mapping = mapping(at: next) else { break }
      if writing && mapping.protection == .readOnly { break }
      reached += min(limit - reached, mapping.end - next)
    }
    return reached
  }

  /// The byte at `address`, 0 where nothing was ever written.
  public subscript(address: Address) -> UInt8 {
    get { pages[address / Self.pageSize]?[Int(address % Self.pageSize)] ?? 0 }
    set {
      pages[address / Self.pageSize, default: Self.emptyPage][Int(address % Self.pageSize)] =
        newValue
    }
  }

  /// `count` bytes from `address` on.
  public func read(_ address: Address, count: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(max(0, count))
    var position = address
    while result.count < count {
      let within = Int(position % Self.pageSize)
      let take = min(count - result.count, Int(Self.pageSize) - within)
      let page = pages[position / Self.pageSize] ?? Self.emptyPage
      result.append(contentsOf: page[within..<within + take])
      position = position &+ UInt64(take)
    }
    return result
  }

  /// Writes `bytes` from `address` on. Pages that stay as they are stay shared with copies of this memory.
  public mutating func write(_ bytes: some Collection<UInt8>, at address: Address) {
    if bytes.withContiguousStorageIfAvailable({ store($0, at: address) }) == nil {
      Array(bytes).withUnsafeBufferPointer { store($0, at: address) }
    }
  }

  private mutating func store(_ bytes: UnsafeBufferPointer<UInt8>, at address: Address) {
    var position = address
    var rest = bytes[...]
    while !rest.isEmpty {
      let within = Int(position % Self.pageSize)
      let part = rest.prefix(Int(Self.pageSize) - within)
      let (page, range) = (position / Self.pageSize, within..<within + part.count)
      if !(pages[page] ?? Self.emptyPage).holds(UnsafeBufferPointer(rebasing: part), at: range) {
        pages[page, default: Self.emptyPage].replaceSubrange(range, with: part)
      }
      position = position &+ UInt64(part.count)
      rest = rest.dropFirst(part.count)
    }
  }

  /// The little-endian word at `address`.
  public func word(at address: Address, size: WordSize) -> UInt64 {
    let (within, count) = (Int(address % Self.pageSize), Int(size.bytes))
    guard within + count <= Int(Self.pageSize) else {
      return read(address, count: count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard let page = pages[address / Self.pageSize] else { return 0 }
    return page[within..<within + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Stores a little-endian word at `address`.
  public mutating func setWord(_ value: UInt64, at address: Address, size: WordSize) {
    write((0..<size.bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }, at: address)
  }

  private static let emptyPage = [UInt8](repeating: 0, count: Int(pageSize))
}

extension [UInt8] {
  /// Whether these bytes stand in that range, which is as long as they are.
  fileprivate func holds(_ bytes: UnsafeBufferPointer<UInt8>, at range: Range<Int>) -> Bool {
    let other = UnsafeRawBufferPointer(bytes)
    return withUnsafeBytes { all in
      let own = UnsafeRawBufferPointer(rebasing: all[range])
      var done = 0
      while done + 8 <= other.count {
        let mine = own.loadUnaligned(fromByteOffset: done, as: UInt64.self)
        guard mine == other.loadUnaligned(fromByteOffset: done, as: UInt64.self) else {
          return false
        }
        done += 8
      }
      return own[done...].elementsEqual(other[done...])
    }
  }
}

extension Array {
  /// The last element that starts at an address or before it, of elements sorted by their starts.
  func last(startingBy address: Address, _ start: (Element) -> Address) -> Element? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if start(self[middle]) <= address { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? self[low - 1] : nil
  }
}
