import KernelHistory
import Simulation
import Testing

@testable import KernelPages
@testable import Narration
@testable import Usercopy

/// Pages of kernels that were not recorded: each is drawn as its file tells it, or what is not told is marked.
struct OtherKernelTests {
  static let drawn: [MadePage] = [
    MadePage(), MadePage(release: "5.8.0-1-amd64"), MadePage(release: "5.4.100"),
    MadePage(release: "5.4.0", encoding: .xor), MadePage(release: "4.19.0", encoding: .plain),
    MadePage(release: "6.12.0+"), MadePage(release: "6.18.44-fc"), MadePage(release: "7.3.0-rc1"),
    MadePage(order: 3, stride: 1344, objectSize: 1304, window: 0..<1304),
    MadePage(order: 0, cacheOrder: 3),
    MadePage(stride: 72, freeptr: 64), MadePage(stride: 192, pad: 64),
    MadePage(
      machine: "aarch64", base: 0xffff_0000_1234_0000, directMap: 0xffff_0000_0000_0000),
    MadePage(
      machine: "aarch64", pageSize: 16384, base: 0xffff_0000_1234_0000,
      directMap: 0xffff_0000_0000_0000),
    MadePage(
      machine: "aarch64", pageSize: 65536, order: 1, base: 0xffff_0000_1234_0000,
      directMap: 0xffff_0000_0000_0000),
    MadePage(
      machine: "riscv64", base: 0xffff_ffd8_1234_0000, directMap: 0xffff_ffd8_0000_0000),
    MadePage(base: 0xff11_0000_0123_4000, directMap: 0xff11_0000_0000_0000),
    MadePage(
      machine: "i686", wordBytes: 4, freeptr: 32, base: 0xc234_5000, directMap: 0xc000_0000,
      random: 0x1122_3344),
    MadePage(machine: nil), MadePage(layout: false),
  ]

  /// Slots, free list, bytes and the copy of exactly the window.
  @Test(arguments: drawn.indices)
  func eachIsDrawnAsItsFileTells(number: Int) throws {
    let page = Self.drawn[number]
    let snapshot = try page.snapshot()
    #expect(snapshot.contradictions == [])
    let script = try #require(SnapshotScene(snapshot).script(slab: 0))
    let world = try script.start()
    let slab = try #require(world.kernel.slabs.first)
    #expect(slab.foundLists.map(\.slots) == [page.free])
    #expect(!slab.foundLists.contains { !$0.isWhole })
    #expect(slab.objects.indices.filter { slab.objects[$0].state == .freed } == page.free.sorted())
    #expect(world.kernel.memory.read(slab.base, count: Int(page.bytes)) == page.data)
    let window = try #require(page.window)
    for (length, verdict) in [
      (window.upperBound, Verdict.allow), (window.upperBound + 1, .deny),
    ] {
      let attempt = CopyAttempt(
        entry: .copyToUser, kernel: world.kernel.objectAddress(slab: 0, index: 1),
        user: 0x5000, length: length)
      let outcome = world.kernel.judge(attempt, under: world.era)
      #expect(outcome.verdict == verdict, "\(page.release) \(page.machine ?? "") \(length)")
      #expect(world.kernel.unknowns(of: attempt, under: world.era) == [])
    }
    // A scenario of it is the same machine.
    #expect(try ScenarioText.roundTrip(script).start().kernel == world.kernel)
  }

  /// Lists that the file does not tell how to read are not drawn as broken ones.
  @Test(arguments: [
    MadePage(tellsEncoding: false), MadePage(random: nil),
    MadePage(
      machine: "ppc64", base: 0xc000_0000_0123_4000, directMap: 0xc000_0000_0000_0000,
      endian: "big"),
  ])
  func aListNobodyCanReadIsNotFollowed(page: MadePage) throws {
    let snapshot = try page.snapshot()
    #expect(snapshot.contradictions == [])
    let kernel = try #require(SnapshotScene(snapshot).script(slab: 0)).start().kernel
    #expect(kernel.slabs[0].foundLists == [])
    #expect(kernel.slabs[0].objects.count { $0.state == .freed } == 4)
    #expect(SnapshotWords.gaps(snapshot).contains { $0.contains("not followed") })
  }

  @Test func whatCannotBeDrawnSaysWhy() throws {
    let page = MadePage(machine: "s390x", base: 0x123_4000, directMap: 0, endian: "big")
    let snapshot = try page.snapshot()
    #expect(SnapshotScene(snapshot).why(slab: 0)?.contains("address") == true)
  }

  /// What a verdict hangs on: only where another choice would give another verdict.
  @Test func aVerdictHangsOnWhatWouldChangeIt() throws {
    let all = #""slab_allocator":"slub""#
    func facts(_ page: MadePage, _ length: UInt64) throws -> [UnknownFact] {
      let world = try #require(SnapshotScene(try page.snapshot()).script(slab: 0)).start()
      return world.kernel.unknowns(
        of: CopyAttempt(
          entry: .copyToUser, kernel: world.kernel.objectAddress(slab: 0, index: 1),
          user: 0x5000, length: length), under: world.era)
    }
    #expect(try facts(MadePage(config: all), 64) == [])
    #expect(try facts(MadePage(config: all), 65) == [.build(.checks)])
    #expect(try facts(MadePage(config: all, commandLine: "quiet"), 65) == [.build(.checks)])
    #expect(try facts(MadePage(config: all, commandLine: "hardened_usercopy=off"), 65) == [])
    let built = #""HARDENED_USERCOPY":true"#
    #expect(try facts(MadePage(config: built), 65) == [.build(.checks)])
    #expect(try facts(MadePage(config: built, commandLine: "quiet"), 65) == [])
    #expect(try facts(MadePage(window: nil), 64) == [.window("foo")])
    #expect(try facts(MadePage(window: nil), 65) == [])
    #expect(try facts(MadePage(release: "5.4.0", window: 0..<8), 16) == [.build(.fallback)])
    #expect(try facts(MadePage(release: "5.4.0", window: 0..<8), 65) == [])
    #expect(try facts(MadePage(release: "next", window: 0..<8), 8) == [.build(.release)])
    #expect(try facts(MadePage(release: "4.4.0", encoding: .plain, config: all), 65) == [])
  }

  /// A kernel from before the checks lets everything pass; one that does not tell its release is no kernel of 2011.
  @Test func releasesWithoutChecksHaveNone() throws {
    let old = MadePage(
      release: "4.4.0", encoding: .plain, config: #""HARDENED_USERCOPY":false"#)
    let world = try #require(SnapshotScene(try old.snapshot()).script(slab: 0)).start()
    let attempt = CopyAttempt(
      entry: .copyToUser, kernel: world.kernel.objectAddress(slab: 0, index: 1), user: 0x5000,
      length: 500)
    #expect(world.kernel.judge(attempt, under: world.era).verdict == .allow)
    let next = try MadePage(release: "next").snapshot()
    #expect(SnapshotMachine(next).era.family == .linux)
  }

  /// 5.9 to 5.13 look at red zones only when booted with `slub_debug=`, as this one was.
  @Test func redZonesCountWhereTheKernelWasBootedWithThem() throws {
    let page = MadePage(
      release: "5.10.0", stride: 192, pad: 64, commandLine: "slub_debug=Z quiet")
    let world = try #require(SnapshotScene(try page.snapshot()).script(slab: 0)).start()
    let attempt = CopyAttempt(
      entry: .copyToUser, kernel: world.kernel.objectAddress(slab: 0, index: 1), user: 0x5000,
      length: 64)
    #expect(world.kernel.judge(attempt, under: world.era).verdict == .allow)
  }

  @Test(arguments: [
    #""page_size":4095"#, #""page_size":2048"#, #""word_bytes":6"#, #""endian":"middle""#,
  ])
  func machinesThatDoNotExistAreRefused(member: String) {
    let text =
      #"{"format":"kernel-pages","version":1,"kernel":{"release":"6.1",\#(member)},"caches":[]}"#
    #expect(throws: SnapshotError.self) { try SnapshotReader.read(Array(text.utf8)) }
  }
}
