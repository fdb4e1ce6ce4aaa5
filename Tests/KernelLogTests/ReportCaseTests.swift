import Foundation
import KernelHistory
import KernelLog
import Narration
import Testing

/// Public logs and what they show: nothing more may be said of them.
@Suite struct ReportCaseTests {
  static func report(_ file: String) throws -> Report {
    let path = Sample.directory.appending(path: "cases/\(file)")
    let reports = scan(String(decoding: try Data(contentsOf: path), as: UTF8.self))
    #expect(reports.count == 1)
    return try #require(reports.first)
  }

  static func text(_ report: Report) -> String {
    ReportWords.lines(report).joined(separator: "\n")
  }

  @Test func theCopierIsNamedWithItsModule() throws {
    let report = try Self.report("fusion-guess.log")
    let copier = try #require(report.aftermath.copier)
    #expect(copier.function == "kfio_copy_from_user" && copier.module == "iomemory_vsl")
    #expect(copier.offset == 0x1c && report.aftermath.taint == "P O")
    let text = Self.text(report)
    #expect(text.contains("The copy is in kfio_copy_from_user+0x1c, module iomemory_vsl"))
    #expect(text.contains("concluded: The module is probably out of tree"))
    #expect(!text.contains("__check_heap_object"))
  }

  /// What nothing tells is not said: the object may well hold the copy.
  @Test func anUnknownSizeIsARange() throws {
    let assessment = Assessment(try Self.report("fusion-guess.log"))
    #expect(assessment.objectSize == nil && assessment.inside == nil)
    #expect(assessment.causes.map(\.kind) == [.missingWhitelist, .overwrite])
    #expect(assessment.causes.map(\.basis) == [.assumed, .assumed])
    #expect(assessment.causes[0].needsLeast == 3960 && assessment.causes[1].needsLess == 3960)
  }

  @Test func boundsOfAStructureDecide() throws {
    let report = try Self.report("task_struct-arm.log")
    let assessment = Assessment(report)
    #expect(assessment.causes.map(\.kind) == [.missingWhitelist])
    #expect(report.aftermath.machine == .arm)
    #expect(report.aftermath.copier?.place == "arch/arm/kernel/ptrace.c:590")
    #expect(report.aftermath.hardware == "ARM-Versatile Express")
  }

  @Test func aWholePageOfASmallCacheIsAMistakenPage() throws {
    let report = try Self.report("cachenode-page.log")
    #expect(Assessment(report).kind == .mistakenPage)
    #expect(!Self.text(report).contains("window"))
  }

  @Test func anAssertionWithoutItsMessageIsAReport() throws {
    let report = try Self.report("ppc-no-message-line.log")
    #expect(report.wording == .assertion && !report.complete && report.lineNumber == 1)
    #expect(report.aftermath.copier?.function == "dtl_file_read")
    #expect(report.aftermath.release == "6.10.0-rc3" && report.aftermath.machine == .powerpc)
    #expect(Self.text(report).contains("Ask for the line before 'cut here'"))
    #expect(scan("I hit kernel BUG at mm/usercopy.c:102! again\nand so on\n").isEmpty)
  }

  /// A warning whose message line is missing says what the line of the warning and the trace say, and no more.
  @Test(arguments: [
    "WARNING: CPU: 3 PID: 5750 at mm/usercopy.c:81 usercopy_warn+0x8e/0xa6",
    "[   12.3] WARNING: CPU: 3 PID: 5750 at /build/linux-4.18/mm/usercopy.c:81 usercopy_warn+0x8e/0xa6",
    "kernel: WARNING: CPU: 3 PID: 5750 at\nmm/usercopy.c:81 usercopy_warn+0x8e/0xa6",
    "> WARNING: CPU: 3 PID: 5750 at\n> mm/usercopy.c:81 usercopy_warn+0x8e/0xa6",
  ])
  func aWarningWithoutItsMessageIsAReport(_ warning: String) throws {
    let trace = "Call Trace:\n __check_object_size+0xe3/0x1bc\n put_cmsg+0x95/0x115\n"
    let reports = scan("before\n" + warning + "\n" + trace)
    try #require(reports.count == 1)
    let report = reports[0]
    #expect(report.wording == .assertion && report.isWarning && !report.complete)
    #expect(report.aftermath.bugLine == 81 && report.lineNumber == 2)
    #expect(report.aftermath.pid == 5750 && report.aftermath.cpu == 3)
    #expect(report.aftermath.copier?.function == "put_cmsg")
    #expect(Assessment(report).kind == .missingWhitelist)
    #expect(EraConclusion(report).spans.map { "\($0.first)" } == ["4.16"])
    let text = Self.text(report)
    #expect(text.contains("the kernel warned of a copy and made it, at mm/usercopy.c:81"))
    #expect(text.contains("Ask for the line next to 'WARNING:'"))
    #expect(scan(warning + "\nand so on\n").isEmpty)
  }

  /// A message behind its warning is the same event.
  @Test func aWarningBeforeItsMessageIsOneReport() throws {
    let reports = scan(
      "WARNING: CPU: 0 PID: 953 at mm/usercopy.c:81 usercopy_warn+0x98/0xe8\n"
        + "Bad or missing usercopy whitelist? Kernel memory exposure attempt detected from SLAB object 'task_struct' (offset 1432, size 16)!\n"
        + "Call Trace:\n usercopy_warn+0x98/0xe8\n __check_object_size+0xe3/0x1bc\n f+0x1/0x2\n")
    #expect(reports.map(\.cache) == ["task_struct"])
  }

  /// Where the assertion is missing too, the check in a trace is left.
  @Test func aTraceWithoutItsFirstLinesIsAReport() throws {
    let oops = """
      CPU: 1 PID: 38 Comm: dd Not tainted 6.1.0-22-amd64 #1
      Hardware name: QEMU
      RIP: 0010:usercopy_abort+0x75/0x77
      Code: 55 8f 51 48
      Call Trace:
       __check_heap_object+0xe3/0x120
       __check_object_size+0x4dc/0x6d0
       f+0x1/0x2 [m]
       do_syscall_64+0x1/0x2
      ---[ end trace 0 ]---
      RIP: 0010:usercopy_abort+0x75/0x77

      """
    let reports = scan("a\nb\n" + oops)
    try #require(reports.count == 1)
    let report = reports[0]
    #expect(report.wording == .assertion && report.lineNumber == 5 && report.isWarning == false)
    #expect(report.aftermath.command == "dd" && report.aftermath.release == "6.1.0-22-amd64")
    #expect(report.aftermath.copier?.module == "m")
    #expect(Self.text(report).contains("stands in a trace"))
    // Behind a message, or in a sentence, it is no report of its own.
    #expect(scan(AftermathTests.message + "\n" + oops).count == 1)
    #expect(scan("It ends in usercopy_abort+0x75 here.\n").isEmpty)
    let far = String(repeating: "eth0: link becomes ready\n", count: 1000)
    #expect(scan(oops + far + oops).count == 2)
  }

  /// A sentence behind a trace is no function of it.
  @Test func wordsBehindATraceAreNone() throws {
    let report = scan(
      AftermathTests.message
        + "\nCall Trace:\n __check_object_size+0x1/0x2\n put+0x1/0x2\n f+0x3/0x4\n"
        + "a/b.c:12\n\nThis is coming from the folio checking:\nThanks\n")
    let chain = try #require(report.first).aftermath.chain
    #expect(chain.map(\.function) == ["put", "f"] && chain.last?.place == "a/b.c:12")
  }

  @Test func tracesAreReadHoweverTheyWereQuoted() throws {
    #expect(try Self.report("quote-glued.log").aftermath.callTrace.contains("io_openat2_prep"))
    let bare = try Self.report("commit-noheader-trace.log").aftermath
    #expect(bare.copier?.function == "put_cmsg")
    #expect(bare.chain.map(\.function) == ["put_cmsg", "sock_recv_errqueue", "packet_recvmsg"])
    #expect(bare.copier?.place == "net/core/scm.c:242")
    let message =
      "usercopy: Kernel memory overwrite attempt detected to SLUB object 'pid' (offset 24, size 24)!"
    let folded = scan(
      message + "\n[<c02d33fc>] (__check_object_size) from [<c03eea60>]\n(fpa_set+0xb4/0xfc)\n"
        + "[<c03eea00>] (fpa_set) from [<c0100000>] (sys_ptrace+0x1/0x20)\n")
    #expect(folded.first?.aftermath.callTrace == ["__check_object_size", "fpa_set", "sys_ptrace"])
    let line = scan(
      message
        + "\nCall Trace: ? die+0x1/0x2 __check_object_size+0x1/0x2 foo+0x1/0x2 [bar] baz+0x3/0x4\n")
    #expect(line.first?.aftermath.callTrace == ["__check_object_size", "foo", "baz"])
    #expect(line.first?.aftermath.copier?.module == "bar")
  }

  @Test func aTaskMayHaveBlanksInItsName() throws {
    let report = try Self.report("comm-with-space.log")
    #expect(report.aftermath.command == "Web Content" && report.aftermath.pid == 476_341)
    #expect(Assessment(report).kind == .freedMemory)
    #expect(report.aftermath.copier?.module == "zfs")
  }

  @Test func theAgeIsOneConclusion() throws {
    let own = EraConclusion(try Self.report("comm-with-space.log"))
    #expect(own.release == "6.8.6-1-MANJARO" && own.basis == .known && own.backported.isEmpty)
    let backport = scan(
      AftermathTests.message
        + "\nkernel BUG at mm/usercopy.c:72!\nCPU: 1 PID: 2 Comm: x Not tainted 3.10.0-1160.el7.x86_64 #1\n"
    )
    let age = EraConclusion(try #require(backport.first))
    #expect(age.release == "3.10.0-1160.el7.x86_64" && !age.backported.isEmpty)
    let met = scan(AftermathTests.message + "\nkernel BUG at mm/usercopy.c:99!\n")
    let spans = EraConclusion(try #require(met.first)).spans
    #expect(spans.map { "\($0.first)-\($0.last?.description ?? "")" } == ["5.4-5.16"])
  }

  @Test func anAddressTellsThePlaceOnAStack() throws {
    let report = try Self.report("stack-inside.log")
    let assessment = Assessment(report)
    #expect(assessment.stackOffset == 0x3dc0 && assessment.liesInStack(16) == true)
    #expect(Self.text(report).contains("crosses a frame's border"))
  }

  @Test func aReleaseWithAMistakenCheckIsTold() throws {
    let report = try Self.report("riscv-kernel-text.log")
    #expect(report.aftermath.machine == .riscv)
    #expect(Assessment(report).kind == .knownFalsePositive)
    #expect(Self.text(report).contains("init memory"))
  }

  /// What is assumed says so in the same sentence.
  @Test func nothingAssumedIsToldAsSeen() throws {
    for file in ["fusion-guess.log", "task_struct-arm.log", "quote-glued.log", "stack-inside.log"] {
      for said in ReportWords.statements(try Self.report(file)) where said.basis == .assumed {
        #expect(said.text.contains("assumed"), "\(said.text)")
      }
    }
  }
}
