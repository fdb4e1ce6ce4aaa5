import KernelHistory
import KernelLog
import Usercopy

/// The slab object of a report's picture: what the report tells of it, and what is assumed.
struct ReportObject {
  /// Bytes of an object.
  let size: UInt64
  /// What the size rests on.
  let basis: Basis
  /// Where the copy starts, from the object's first byte.
  let offset: UInt64
  /// Bytes of the object itself can only have been refused for the window of 4.16 and later.
  let isOutsideWindow: Bool
  /// The bytes that may be copied, where the kernel's pages tell them.
  private let window: Range<UInt64>?
  private let flags: CacheFlags

  /// Largest object drawn for a size that nothing tells, bytes.
  private static let largest: UInt64 = 1 << 22

  /// The object of a report whose copy has `length` bytes.
  init(_ report: Report, _ assessment: Assessment, size length: UInt64) {
    let bounds = assessment.bounds ?? ObjectSize(cache: "kmalloc-64")
    let start = assessment.offset ?? report.offset
    let end = (start ?? 0).addingReportingOverflow(length)
    let holds = report.isWarning || assessment.kind == .missingWhitelist
    if let exact = bounds.exact {
      size = exact
    } else if holds, !end.overflow {
      // The least that holds the copy, in whole words.
      size = min(Self.largest, max(bounds.least, (end.partialValue + 7) & ~7))
    } else {
      let least = max(
        64, bounds.least, (start ?? 0) < 1 << 22 ? ((start ?? 0) &+ 1).roundedToWords : 64)
      size = min(Self.largest, bounds.most.map { min(least, $0) } ?? least)
    }
    basis = bounds.exact == nil ? .assumed : bounds.basis
    // A copy that would fit was refused for where it starts.
    offset = start ?? (length <= size && report.wording == .pointers ? size - length + 1 : 0)
    isOutsideWindow = offset <= size && length <= size - offset
    window = report.pages?.window
    if let window {
      flags = window.isEmpty ? [] : .usercopy
      return
    }
    let isPrivate = !CacheName.isKmalloc(report.cache ?? "kmalloc-64")
    flags = isPrivate && isOutsideWindow && report.wording != .pax ? [] : .usercopy
  }

  /// The cache to make. One without a window has no reason to carry PaX's flag either.
  func request(_ name: String) -> CacheRequest {
    var request = CacheRequest(name: name, objectSize: size, flags: flags)
    if let window { request.window = window } else if isOutsideWindow { request.window = 0..<0 }
    return request
  }

  /// What is said of the object.
  func words(_ name: String) -> String {
    switch basis {
    case .known where window != nil:
      "An object of \(name): \(size) bytes, by the kernel's pages."
    case .known: "The object the report names: \(size) bytes of \(name)."
    case .concluded: "An object of \(name), whose name says \(size) bytes."
    case .assumed:
      isOutsideWindow
        ? "An object of \(name). Assumed: \(size) bytes, the least that hold the copy; the line does not tell."
        : "An object of \(name). Assumed: \(size) bytes; the line does not tell."
    }
  }
}

extension UInt64 {
  /// The value rounded up to whole words of 64 bits.
  fileprivate var roundedToWords: UInt64 { (self + 7) & ~7 }
}
