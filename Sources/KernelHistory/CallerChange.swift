/// What changed in the functions that copy: which of them ask the checks, and which are gone.
///
/// Read from include/linux/uaccess.h, include/linux/thread_info.h, lib/strncpy_from_user.c,
/// drivers/char/mem.c and mm/maccess.c of the releases named.
public enum CallerChange: String, Sendable, Hashable, CaseIterable, Dated {
  case inatomicOnX86, strncpy, inatomic, memBuffer, bootSwitch, lengthLimit
  case shortLengths, shortRawLengths
  case probeKernel, kmem, copyInUser, structCopy
  case bareAccess, beginAsks, noFixupOfSMAP

  /// What it is and when.
  public var row: HistoryRow {
    switch self {
    case .inatomicOnX86:
      HistoryRow(
        "the _inatomic forms are checked on x86-64, and the way out on x86-32",
        since: KernelVersion(4, 8), commit: "5b710f34e194")
    case .strncpy: HistoryRow("strncpy_from_user() is checked", since: KernelVersion(4, 9))
    case .inatomic:
      HistoryRow("the _inatomic forms are checked everywhere", since: KernelVersion(4, 13))
    case .memBuffer:
      HistoryRow("/dev/mem reads into a buffer of its own", since: KernelVersion(4, 16))
    case .bootSwitch:
      HistoryRow(
        "hardened_usercopy= on the command line", since: KernelVersion(4, 19),
        commit: "b5cb15d9372a")
    case .lengthLimit:
      HistoryRow(
        "lengths above INT_MAX are refused by the caller, before any check",
        since: KernelVersion(5, 5),
        carriedTo: [KernelVersion(5, 4)])
    case .shortLengths:
      HistoryRow(
        "x86-64 cuts the lengths of __copy_*_user() and _copy_*_user() to 32 bits",
        last: KernelVersion(4, 12))
    case .shortRawLengths:
      HistoryRow(
        "the raw copy routine of x86-64 cuts its length to 32 bits", last: KernelVersion(6, 3))
    case .probeKernel:
      HistoryRow(
        "probe_kernel_read() and _write(); what they became asks no check",
        last: KernelVersion(5, 7), commit: "fe557319aa06")
    case .kmem: HistoryRow("/dev/kmem", last: KernelVersion(5, 12), commit: "bbcd53c96071")
    case .copyInUser: HistoryRow("copy_in_user()", last: KernelVersion(5, 14))
    case .structCopy:
      HistoryRow(
        "copy_struct_from_user()", since: KernelVersion(5, 4), commit: "f5a1a536fa14")
    case .bareAccess:
      HistoryRow(
        "unsafe_put_user() and unsafe_get_user() that jump to a label", since: KernelVersion(4, 8),
        commit: "1bd4403d86a1")
    case .beginAsks:
      HistoryRow(
        "user_access_begin() asks access_ok() itself", since: KernelVersion(5, 0),
        commit: "594cc251fdd0")
    case .noFixupOfSMAP:
      HistoryRow(
        "a violation of SMAP is an oops, whatever the code meant to do about faults",
        since: KernelVersion(5, 12), commit: "ca247283781d")
    }
  }
}
