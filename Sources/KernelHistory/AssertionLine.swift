/// A source line at which a kernel that refuses a copy stops: `kernel BUG at FILE:LINE!`.
public struct AssertionLine: Sendable, Hashable {
  /// The files whose assertions follow a refusal.
  public enum File: String, Sendable, Hashable, CaseIterable {
    /// `usercopy_abort()`, `report_usercopy()` before 4.16.
    case usercopy = "mm/usercopy.c"
    /// SLAB's assertion on the number of a slot.
    case slab = "mm/slab.c"
  }

  /// Where the assertion stands there.
  public enum Origin: Sendable, Hashable {
    /// In the releases of Linux themselves, from the first to the last; nil: still.
    case mainline(KernelVersion, KernelVersion?)
    /// In release candidates or builds of others with a number from the first to the last.
    case others(KernelVersion, KernelVersion)
    /// With a patch that was not merged, by the name of its era.
    case patch(String)
  }

  /// The file.
  public var file: File
  /// Its line, from 1.
  public var line: Int
  /// The kernels it is so in.
  public var origin: Origin

  init(_ file: File, _ line: Int, _ origin: Origin) {
    (self.file, self.line, self.origin) = (file, line, origin)
  }

  /// `mm/usercopy.c:102`, as the kernel prints it.
  public var text: String { "\(file.rawValue):\(line)" }
}

extension AssertionLine {
  /// Every line known. What is not in the table is not known: 4.16 of mm/usercopy.c but for Debian's last build of
  /// it (4.16.16), and mm/slab.c but for the releases recorded.
  ///
  /// Counted in the sources of the releases and held against public reports: includes came and went
  /// (4.19: atomic.h and jump_label.h; 5.4: highmem.h; 5.17: slab.h; 5.19: vmalloc.h; 6.2:
  /// kstrtox.h), the licence text became one line (5.2, d2912cb15bdd), and 5.18 put the test of the
  /// stack's depth where `usercopy_warn()` had stood (2792d84e6da5, 6eada26ffc80).
  public static let all: [AssertionLine] = [
    AssertionLine(.usercopy, 79, .others(KernelVersion(4, 8), KernelVersion(4, 8))),
    AssertionLine(.usercopy, 75, .mainline(KernelVersion(4, 8), KernelVersion(4, 10))),
    AssertionLine(.usercopy, 78, .mainline(KernelVersion(4, 11), KernelVersion(4, 11))),
    AssertionLine(.usercopy, 72, .mainline(KernelVersion(4, 12), KernelVersion(4, 15))),
    AssertionLine(.usercopy, 84, .others(KernelVersion(4, 14), KernelVersion(4, 15))),
    AssertionLine(.usercopy, 100, .others(KernelVersion(4, 16), KernelVersion(4, 16))),
    AssertionLine(.usercopy, 100, .mainline(KernelVersion(4, 17), KernelVersion(4, 18))),
    AssertionLine(.usercopy, 102, .mainline(KernelVersion(4, 19), KernelVersion(5, 1))),
    AssertionLine(.usercopy, 98, .mainline(KernelVersion(5, 2), KernelVersion(5, 3))),
    AssertionLine(.usercopy, 99, .mainline(KernelVersion(5, 4), KernelVersion(5, 16))),
    AssertionLine(.usercopy, 100, .mainline(KernelVersion(5, 17), KernelVersion(5, 18))),
    AssertionLine(.usercopy, 101, .mainline(KernelVersion(5, 19), KernelVersion(6, 1))),
    AssertionLine(.usercopy, 102, .mainline(KernelVersion(6, 2), nil)),
    AssertionLine(.slab, 4522, .patch("pax")),
    AssertionLine(.slab, 3870, .patch("rfc-v1")),
    AssertionLine(.slab, 3869, .patch("rfc-v3")),
    AssertionLine(.slab, 4419, .patch("pax-3.14")),
    AssertionLine(.slab, 4150, .mainline(KernelVersion(5, 10), KernelVersion(5, 10))),
    AssertionLine(.slab, 4037, .mainline(KernelVersion(6, 1), KernelVersion(6, 1))),
  ]

  /// The line in a release of Linux; nil where it is not known.
  public static func mainline(_ file: File, _ release: KernelVersion) -> AssertionLine? {
    all.first { row in
      guard row.file == file, case .mainline(let first, let last) = row.origin else { return false }
      return first <= release && (last.map { release <= $0 } ?? true)
    }
  }

  /// The line with a patch that was not merged; nil where it is not known.
  public static func patch(_ file: File, _ era: String) -> AssertionLine? {
    all.first { $0.file == file && $0.origin == .patch(era) }
  }
}
