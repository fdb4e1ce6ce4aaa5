/// What changed around the checks: stacks, the map of addresses, how pointers are printed.
public enum MachineChange: String, Sendable, Hashable, CaseIterable, Dated {
  case largeStacks, threadInfoOnStack, hashedPointers, movedAreas
  case stacksInVmalloc, orcUnwinder, stackCanaries, randomStackOffset

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
    case .stacksInVmalloc:
      HistoryRow(
        "x86-64's stacks lie in vmalloc space, a guard page behind each (CONFIG_VMAP_STACK, default y)",
        since: KernelVersion(4, 9), commit: "e37e43a497d5")
    case .orcUnwinder:
      HistoryRow(
        "x86-64 unwinds by tables, and frames keep no frame pointer (CONFIG_UNWINDER_ORC, default y; merged in 4.14)",
        since: KernelVersion(4, 15), commit: "fc72ae40e303")
    case .stackCanaries:
      HistoryRow(
        "functions with arrays keep a canary (CONFIG_STACKPROTECTOR_STRONG, default y)",
        since: KernelVersion(4, 18), commit: "2a61f4747eea")
    case .randomStackOffset:
      HistoryRow(
        "x86's system calls start at a random distance below the saved registers (randomize_kstack_offset: off in "
          + "Linux's own build, on in Debian's, as seen in its 6.1)",
        since: KernelVersion(5, 13), commit: "fe950f602033")
    }
  }
}
