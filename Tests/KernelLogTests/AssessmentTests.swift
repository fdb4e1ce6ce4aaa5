import KernelHistory
import KernelLog
import Testing

@Suite struct AssessmentTests {
  static func report(
    _ object: String, cache: String? = nil, offset: UInt64? = 0, size: UInt64?,
    direction: CopyDirection = .toUser, wording: Wording = .offsets, detail: String? = nil,
    address: String? = nil
  ) -> Report {
    Report(
      wording: wording, direction: direction, object: object, cache: cache, detail: detail,
      address: address, offset: offset, size: size, complete: true, line: "")
  }

  @Test(
    arguments: [
      ("kmalloc-64", 64), ("kmalloc-2k", 2048), ("kmalloc-cg-96", 96), ("kmalloc-rnd-03-8k", 8192),
      ("dma-kmalloc-512", 512), ("size-64(DMA)", 64), ("size-64", 64), ("dma-kmalloc-1 k", 1024),
      ("biovec-16", 256), ("bio-120", 120), ("msg_msg-64", 64), ("kmalloc-4M", 4_194_304),
    ] as [(String, UInt64)])
  func objectSizeFromName(_ name: String, _ size: UInt64) {
    #expect(CacheName.objectSize(name) == size)
  }

  @Test(arguments: [
    "task_struct", "skbuff_small_head", "dsa0", "kmalloc-", "foo-7", "foo-100", "-", "a-0",
    "kmalloc-99999999999999999999k", "smbd_response_0000000091e24ea1",
  ])
  func namesThatTellNothing(_ name: String) { #expect(CacheName.objectSize(name) == nil) }

  @Test func eightOfHundredAndFifty() {
    let assessment = Assessment(
      Self.report("SLUB object", cache: "kmalloc-64", offset: 56, size: 150))
    #expect(assessment.inside == 8 && assessment.outside == 142)
    #expect(assessment.kind == .overread)
  }

  @Test func insideAndOutsideAddUp() {
    for offset: UInt64 in [0, 1, 63, 64, 65, .max] {
      for size: UInt64 in [0, 1, 63, 64, 65, 1 << 40, .max] {
        let assessment = Assessment(
          Self.report("SLUB object", cache: "kmalloc-64", offset: offset, size: size))
        #expect((assessment.inside ?? 0) &+ (assessment.outside ?? 0) == size)
        #expect((assessment.inside ?? 99) <= 64)
      }
    }
  }

  @Test func offsetFromAnAddress() {
    var report = Self.report(
      "heap object", cache: "kmalloc-64", offset: nil, size: 150, wording: .pointers,
      address: "ffff8801d21c9bf8")
    #expect(Assessment(report).offset == 56)
    #expect(Assessment(report).offsetIsDerived)
    report.address = "0000000053b3152f"
    #expect(Assessment(report).offset == nil)
    #expect(Assessment(report).outside == 86)
    report.address = "ffff8801d21c9bf8"
    report.cache = "kmalloc-96"
    #expect(Assessment(report).offset == nil)
  }

  @Test(
    arguments: [
      (1_802_201_963, .freedPoison), (0x6B6B_6B6B_6B6B_6B6B, .freedPoison),
      (0x5A5A_5A5A, .uninitialisedPoison), (0xCCCC_CCCC, .redZone), (0xDEAD_BEEF, .marker),
      (0xFFFF_FFFF, .errorNumber(1)), (0xFFFF_FFFF_FFFF_FFEA, .errorNumber(22)),
      (0xFFFF_FFEA, .errorNumber(22)), (0x8000_0000, .negative32(-2_147_483_648)),
      (18_446_612_689_754_797_056, .kernelAddress), (0x8000_0000_0000_0000, .negative64(.min)),
      (2_147_479_552, .largestTransfer), (0x4141_4141, .text("AAAA")),
    ] as [(UInt64, Suspicion)])
  func suspiciousNumbers(_ number: UInt64, _ suspicion: Suspicion) {
    #expect(Suspicion.all(of: number).first == suspicion)
  }

  @Test func ordinarySizesAreNotSuspicious() {
    for size: UInt64 in 0...70_000 { #expect(Suspicion.all(of: size) == []) }
  }

  @Test func kinds() {
    let slub = { (cache: String, offset: UInt64, size: UInt64) in
      Self.report("SLUB object", cache: cache, offset: offset, size: size)
    }
    #expect(Assessment(slub("kmalloc-64", 0, 1_802_201_963)).kind == .useAfterFree)
    #expect(Assessment(slub("kmalloc-64", 0, .max - 21)).kind == .signedness)
    #expect(Assessment(slub("kmalloc-64", 64, 1)).kind == .wrongOffset)
    #expect(Assessment(slub("kmalloc-64", 8, 8)).kind == .missingWhitelist)
    #expect(Assessment(slub("task_struct", 80, 140)).kind == .missingWhitelist)
    let written = Self.report(
      "SLUB object", cache: "kmalloc-16", offset: 8, size: 9, direction: .fromUser)
    #expect(Assessment(written).kind == .overwrite)
    var early = Self.report(
      "heap object", cache: "kvm_vcpu", offset: nil, size: 1320, direction: .fromUser,
      wording: .pointers)
    #expect(Assessment(early).kind == .overwrite)
    early.wording = .pax
    #expect(Assessment(early).kind == .undetermined)
    #expect(Assessment(Self.report("null address", size: 4)).kind == .nullPointer)
    #expect(Assessment(Self.report("wrapped address", size: 1 << 40)).kind == .wrappedPointer)
    #expect(Assessment(Self.report("process stack", size: 16)).kind == .stackFrame)
    #expect(Assessment(Self.report("kernel text", size: 16)).kind == .kernelText)
    #expect(Assessment(Self.report("page alloc", offset: 5, size: 16)).kind == .pageSpan)
    let area = Self.report("vmalloc", size: 1, detail: "no area")
    #expect(Assessment(area).kind == .knownFalsePositive)
  }

  /// A range that ends in the kernel's half after it wrapped is longer than INT_MAX: callers since 5.5 refuse it
  /// before any check. One that ends low may be as short as an error number for an address makes it.
  @Test(
    arguments: [
      (18_446_612_682_070_131_708, KernelVersion(5, 4)), (0xC000_1000, KernelVersion(5, 4)),
      (50, nil), (0, nil),
    ] as [(UInt64, KernelVersion?)])
  func aLongRangeThatWrapsIsOfAnOldKernel(_ end: UInt64, _ last: KernelVersion?) throws {
    func spans(_ object: String) throws -> [String] {
      let line =
        "usercopy: Kernel memory exposure attempt detected from \(object) (offset 0, size \(end))!"
      return EraConclusion(try #require(scan(line + "\n").first)).spans
        .map { "\($0.first)-\($0.last?.description ?? "")" }
    }
    #expect(try spans("wrapped address") == ["4.16-\(last?.description ?? "")"])
    #expect(try spans("null address") == ["4.16-"])
  }

  @Test func everyRecordedReportCanBeAssessed() throws {
    for sample in try Sample.all("reports") + Sample.all("synthetic") {
      let assessment = Assessment(sample.report)
      if sample.complete, sample.direction != nil, sample.object != "unknown",
        sample.era != "PaX" || sample.object != "heap object"
      {
        #expect(assessment.kind != .undetermined, "\(sample.line)")
      }
    }
  }
}
