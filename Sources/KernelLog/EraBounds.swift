/// The mainline releases in which a report of a wording since 4.16 can have been printed.
///
/// Sources: SLAB left in 6.8; the checks for spans of pages left after 5.18; 4.20 shortened the
/// names of kmalloc's large caches and added "kmalloc-rcl"; "kmalloc-cg" came in 5.14,
/// "skbuff_small_head" in 6.3, "kmalloc-rnd" in 6.6.
struct EraBounds {
  /// First release; nil when nothing says.
  private(set) var first: String?
  /// Last release.
  private(set) var last: String?
  /// What narrowed them, beyond the wording.
  private(set) var reason = EraReason.wording

  /// The bounds of a report whose wording alone allows `first` to `last`.
  init(_ report: Report, first: String, last: String?, reason: EraReason = .wording) {
    self.first = first
    self.last = last
    self.reason = reason
    if let object = report.object { narrow(Self.object(object), .object(object)) }
    if let cache = report.cache { narrow(Self.cache(cache), .cache(cache)) }
  }

  private typealias Span = (first: String?, last: String?)

  private static func object(_ name: String) -> Span? {
    if name.hasPrefix("SLAB object") { return (nil, "6.7") }
    let spans = [
      "spans multiple pages", "spans Reserved and non-Reserved pages",
      "spans CMA and non-CMA pages", "rodata",
    ]
    return spans.contains(name) ? (nil, "5.18") : nil
  }

  private static func cache(_ name: String) -> Span? {
    if name == "skbuff_small_head" { return ("6.3", nil) }
    if name.hasPrefix("kmalloc-rnd-") { return ("6.6", nil) }
    if name.hasPrefix("kmalloc-cg-") { return ("5.14", nil) }
    if name.hasPrefix("kmalloc-rcl-") { return ("4.20", nil) }
    guard name.hasPrefix("kmalloc-") || name.hasPrefix("dma-kmalloc-"),
      let size = CacheName.objectSize(name), size >= 1024
    else { return nil }
    return name.utf8.last.map(Digits.isLetter) == true ? ("4.20", nil) : (nil, "4.19")
  }

  /// Takes bounds over that leave something.
  private mutating func narrow(_ span: Span?, _ reason: EraReason) {
    guard let span else { return }
    var narrowed = self
    if let first = span.first, Self.isBefore(self.first, first) { narrowed.first = first }
    if let last = span.last, self.last.map({ Self.isBefore(last, $0) }) ?? true {
      narrowed.last = last
    }
    if let last = narrowed.last, let first = narrowed.first, Self.isBefore(last, first) { return }
    guard narrowed.first != first || narrowed.last != last else { return }
    narrowed.reason = reason
    self = narrowed
  }

  private static func isBefore(_ one: String?, _ other: String) -> Bool {
    guard let one else { return true }
    func numbers(_ version: String) -> [Int] {
      version.split(separator: ".").compactMap { Int($0) }
    }
    return numbers(one).lexicographicallyPrecedes(numbers(other))
  }
}
