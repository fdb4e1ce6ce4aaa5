/// What changed around the checks: stacks, the map of addresses, how pointers are printed.
public enum MachineChange: String, Sendable, Hashable, CaseIterable, Dated {
  case largeStacks, threadInfoOnStack, hashedPointers, movedAreas

  /// What it is and when.
  public var row: HistoryRow {
    switch self {
    case .largeStacks:
      HistoryRow(
        "stacks of 16 KiB on 64 bit", since: KernelVersion(3, 15), commit: "6538b8ea886e")
    case .threadInfoOnStack:
      HistoryRow(
        "thread_info lies at the low end of x86's stacks", last: KernelVersion(4, 8),
        commit: "15f4eae70d36")
    case .hashedPointers:
      HistoryRow("%p prints a hash", since: KernelVersion(4, 15), commit: "ad67b74d2469")
    case .movedAreas:
      HistoryRow("x86-64's areas lie where they have lain since", since: KernelVersion(4, 20))
    }
  }
}
