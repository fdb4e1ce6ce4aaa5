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
