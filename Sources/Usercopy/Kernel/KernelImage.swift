/// A part of the kernel image.
public enum ImageSection: String, Sendable, Hashable, CaseIterable {
  /// Code.
  case text
  /// Constants.
  case rodata
  /// Variables with a value at boot.
  case data
  /// Variables that start as zeros.
  case bss

  /// What the kernel itself may do with its bytes once it runs.
  public var protection: Protection {
    switch self {
    case .text, .rodata: .readOnly
    case .data, .bss: .readWrite
    }
  }
}

extension AddressLayout {
  /// Where a section lies where the kernel runs.
  public func range(of section: ImageSection) -> Range<Address> {
    switch section {
    case .text: text
    case .rodata: rodata
    case .data: data
    case .bss: bss
    }
  }
}

/// The kernel image: mapped where it runs and, on 64 bit, in the direct map a second time.
extension Kernel {
  /// Maps the whole image: code and constants read-only.
  ///
  /// What lies between two sections is mapped like the first one.
  public mutating func mapImage() {
    let end = layout.bss.upperBound.aligned(up: Memory.pageSize)
    let ends = [layout.rodata.lowerBound, layout.data.lowerBound, layout.bss.lowerBound, end]
    for (section, next) in zip(ImageSection.allCases, ends) {
      let part = layout.range(of: section)
      let length = max(next, part.upperBound) &- part.lowerBound
      mapInImage(part.lowerBound, length: length, section.protection)
    }
  }

  /// Puts a function or a variable into the image as the boot loader would, and maps its pages.
  ///
  /// - Parameters:
  ///   - section: where in the image.
  ///   - offset: bytes from the start of the section.
  ///   - size: bytes of the object.
  ///   - bytes: its content; what goes beyond `size` is left out, missing bytes are zeros.
  ///   - name: what the code calls it.
  /// - Returns: its address where the kernel runs; nil when the section ends before it does.
  public mutating func placeInImage(
    _ section: ImageSection, offset: UInt64, size: UInt64, bytes: [UInt8], name: String = ""
  ) -> Address? {
    let part = layout.range(of: section)
    let room = part.upperBound &- part.lowerBound
    guard offset <= room, size <= room - offset else { return nil }
    let start = part.lowerBound + offset
    let first = start.aligned(down: Memory.pageSize)
    let end = (start + size).aligned(up: Memory.pageSize)
    mapInImage(first, length: end - first, section.protection)
    let content = bytes.prefix(Int(size))
    memory.write(content, at: start)
    place(name, at: start, size: size)
    let linear = layout.linear(start)
    if linear != start { memory.write(content, at: linear) }
    return start
  }

  private mutating func mapInImage(_ start: Address, length: UInt64, _ protection: Protection) {
    memory.map(Mapping(start: start, length: length, protection: protection))
    let linear = layout.linear(start)
    if linear != start {
      memory.map(Mapping(start: linear, length: length, protection: protection))
    }
  }
}
