public import KernelHistory

/// How a report is worded: what tells the generation of the check that printed it.
public enum Wording: Sendable, Hashable, CaseIterable {
  /// The three versions of the series of July 2011.
  case rfcV1
  case rfcV2
  case rfcV3
  /// PaX's own line.
  case pax
  /// An address and a name in brackets, `report_usercopy()`.
  case pointers
  /// A copy outside the window that is warned of and let pass, `usercopy_warn()`.
  case whitelistWarning
  /// A name and an offset, `usercopy_abort()`.
  case offsets
  /// The same with the distance from the stack pointer.
  case stackOffset
  /// The same for vmalloc areas, kmap and large folios.
  case mappings
  /// The message is missing; the assertion behind it was found.
  case assertion

  /// The change of Linux that brought it; nil where it is not Linux's.
  public var change: UsercopyChange? {
    switch self {
    case .rfcV1, .rfcV2, .rfcV3, .pax, .assertion: nil
    case .pointers: .pointers
    case .whitelistWarning: .fallback
    case .offsets: .offsets
    case .stackOffset: .stackOffset
    case .mappings: .mappings
    }
  }

  /// A stable word for it, as the JSON prints it: "RFC v1", "PaX", "4.8-4.15", "4.16-5.15 whitelist
  /// WARN", "4.16+".
  public var name: String {
    switch self {
    case .rfcV1: "RFC v1"
    case .rfcV2: "RFC v2"
    case .rfcV3: "RFC v3"
    case .pax: "PaX"
    case .pointers, .offsets, .stackOffset, .mappings: releases
    case .assertion: "message missing"
    case .whitelistWarning: releases + " whitelist WARN"
    }
  }

  private var releases: String {
    guard let change, let since = change.since else { return "" }
    return change.last.map { "\(since)-\($0)" } ?? "\(since)+"
  }
}
