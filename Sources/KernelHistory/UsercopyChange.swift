/// What changed in the checks of hardened usercopy and in their reports, release by release.
///
/// Read from mm/usercopy.c, mm/slub.c and mm/slab.c of the releases named. The judge, the reader of
/// reports and the scenes rest on these rows.
public enum UsercopyChange: String, Sendable, Hashable, CaseIterable, Dated {
  case merged, pointers, pageSpan
  case windows, offsets, fallback, fallbackByDefault
  case stackFirst, mayEndAtTop, stackDepth, stackOffset
  case mappings, folios, faultsOnly

  /// What it is and when.
  public var row: HistoryRow {
    switch self {
    case .merged:
      HistoryRow("hardened usercopy", since: KernelVersion(4, 8), commit: "f5509cc18daa")
    case .pointers:
      HistoryRow(
        "reports print the address and a name in brackets", since: KernelVersion(4, 8),
        last: KernelVersion(4, 15), commit: "f5509cc18daa")
    case .pageSpan:
      HistoryRow(
        "spans of pages are refused, as an option (CONFIG_HARDENED_USERCOPY_PAGESPAN)",
        since: KernelVersion(4, 8), last: KernelVersion(5, 18), commit: "f5509cc18daa")
    case .windows:
      HistoryRow("windows in slab objects", since: KernelVersion(4, 16), commit: "8eb8284b4129")
    case .offsets: HistoryRow("reports print a name and an offset", since: KernelVersion(4, 16))
    case .fallback:
      HistoryRow(
        "copies outside the window may be let pass with a warning (usercopy_fallback)",
        since: KernelVersion(4, 16), last: KernelVersion(5, 15), commit: "2d891fbc3bb6")
    case .fallbackByDefault:
      HistoryRow(
        "they are, unless the build says no (CONFIG_HARDENED_USERCOPY_FALLBACK, default y)",
        since: KernelVersion(4, 16), last: KernelVersion(5, 15), commit: "2d891fbc3bb6")
    case .stackFirst:
      HistoryRow(
        "the stack is looked at before the heap", since: KernelVersion(5, 0),
        commit: "7bff3c069973", carriedTo: [KernelVersion(4, 19)])
    case .mayEndAtTop:
      HistoryRow(
        "a range may end at the very top of the address space", since: KernelVersion(5, 3),
        commit: "951531691c4b", carriedTo: [KernelVersion(4, 14), KernelVersion(4, 19)])
    case .stackDepth:
      HistoryRow(
        "objects below the stack pointer are refused", since: KernelVersion(5, 18),
        commit: "2792d84e6da5")
    case .stackOffset:
      HistoryRow(
        "reports of the stack count from the stack pointer", since: KernelVersion(5, 18),
        commit: "2792d84e6da5")
    case .mappings:
      HistoryRow("kmap and vmalloc areas", since: KernelVersion(5, 19), commit: "0aef499f3172")
    case .folios: HistoryRow("large folios", since: KernelVersion(5, 19), commit: "ab502103ae3c")
    case .faultsOnly:
      HistoryRow(
        "no vmalloc test while page faults are disabled", since: KernelVersion(6, 4),
        carriedTo: [KernelVersion(6, 1)])
    }
  }
}
