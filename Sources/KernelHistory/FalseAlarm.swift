/// Refusals that were mistakes of the check itself, in the releases that made them.
public struct FalseAlarm: Sendable, Hashable {
  /// What such a report names.
  public var object: ReportedObject
  /// What it adds in quotes; nil for anything.
  public var detail: String?
  /// The only architecture, by its usual name; nil for all.
  public var machine: String?
  /// The last release with the mistake, its release candidates with it; nil where that is not known.
  public var last: KernelVersion?
  /// What was wrong.
  public var mistake: Mistake

  /// What a check took for something else.
  public enum Mistake: String, Sendable, Hashable, CaseIterable {
    /// The range from `_stext` to `_etext` held memory of init, which had been freed and handed out again.
    case textRange = "text-range"
    /// An address outside the linear mapping was translated as if it were inside.
    case linearMapping = "linear-mapping"
    /// `vmap` areas that only the page tables know, and addresses with tag bits.
    case areaLookup = "area-lookup"
    /// The page-span test, which took pages allocated together without `__GFP_COMP` for separate ones.
    case pageSpan = "page-span"
    /// A page that had left the slab, or never was of it.
    case slabPage = "slab-page"
  }

  /// Every mistake known from public reports. RISC-V: "riscv: Fixup bootup failure with HARDENED_USERCOPY" (5.10). ARM and
  /// arm64: "mm: fix location of _etext" (4.8). The direct map: "usercopy: fix overlap check for kernel text" (4.8). Areas:
  /// "usercopy: Handle vm_map_ram() areas" (5.19).
  public static let all: [FalseAlarm] = [
    FalseAlarm(
      object: .kernelText, machine: "riscv", last: KernelVersion(5, 9), mistake: .textRange),
    FalseAlarm(object: .kernelText, machine: "parisc", last: nil, mistake: .textRange),
    FalseAlarm(
      object: .kernelText, machine: "arm", last: KernelVersion(4, 8), mistake: .textRange),
    FalseAlarm(
      object: .kernelText, machine: "arm64", last: KernelVersion(4, 8), mistake: .textRange),
    FalseAlarm(object: .linearText, last: KernelVersion(4, 8), mistake: .linearMapping),
    FalseAlarm(
      object: .vmalloc, detail: ReportedObject.noArea, last: KernelVersion(5, 19),
      mistake: .areaLookup),
    FalseAlarm(object: .notInSlubPage, last: nil, mistake: .slabPage),
    FalseAlarm(object: .spansPages, last: UsercopyChange.pageSpan.last, mistake: .pageSpan),
  ]
}
