import JSON
import Support
import Testing
import Usercopy

@testable import KernelPages
@testable import Narration
@testable import Simulation

/// Files that lie: refused with the place, or read with the lie named.
struct LieTests {
  static func cache(_ more: String = "") -> String {
    #"{"name":"c","object_size":64,"stride":64,"order":0,"objs_per_slab":64,"inuse":64,"freeptr_offset":32,"useroffset":0,"usersize":64,"random":"0x0"\#(more)}"#
  }

  static func slab(
    base: String = "0xffff888000100000", objects: Int = 64, slots: String? = nil, more: String = "",
    data: String? = nil
  ) -> String {
    let slots = slots ?? String(repeating: "A", count: objects)
    let data = data ?? String(repeating: "00", count: 4096)
    return
      #"{"cache":"c","base":"\#(base)","order":0,"bytes":4096,"objects":\#(objects),"slots":"\#(slots)","data":"\#(data)"\#(more)}"#
  }

  static func file(
    caches: String = cache(), slabs: String = slab(), more: String = ""
  ) -> [UInt8] {
    Array(
      #"{"format":"kernel-pages","version":1,"kernel":{"release":"6.1.0"},"freelist_encoding":"plain","layout":{"direct_map":"0xffff888000000000","max_pfn":65536},"caches":[\#(caches)],"slabs":[\#(slabs)]\#(more)}"#
        .utf8)
  }

  static func kinds(_ bytes: [UInt8]) throws -> [Contradiction.Kind] {
    try SnapshotReader.read(bytes).contradictions.map(\.kind)
  }

  static func reason(_ bytes: [UInt8]) -> SnapshotError? {
    do throws(SnapshotError) {
      _ = try SnapshotReader.read(bytes)
      return nil
    } catch { return SnapshotError(path: error.path, reason: error.reason) }
  }

  @Test func aFileWithoutLiesHasNone() throws { #expect(try Self.kinds(Self.file()) == []) }

  @Test func countsThatDoNotFitAreNamed() throws {
    #expect(
      try Self.kinds(Self.file(slabs: Self.slab(objects: 65)))
        == [.doesNotFit(needed: 65 * 64, room: 4096), .differs(told: 65, found: 64)])
    #expect(
      try Self.kinds(Self.file(slabs: Self.slab(slots: "AA")))
        == [.differs(told: 2, found: 64)])
    #expect(
      try Self.kinds(Self.file(slabs: Self.slab(data: "00ff")))
        == [.differs(told: 2, found: 4096)])
    #expect(
      try Self.kinds(Self.file(slabs: Self.slab(slots: String(repeating: "X", count: 64))))
        == [.unknownLetter("X")])
  }

  @Test func addressesOutsideAreNamed() throws {
    #expect(
      try Self.kinds(Self.file(slabs: Self.slab(base: "0xffff888010000000")))
        == [.outside(0xffff_8880_1000_0000)])
    #expect(
      try Self.kinds(Self.file(slabs: Self.slab(base: "0xffff888000100010")))
        == [.unaligned(0xffff_8880_0010_0010)])
    #expect(
      try Self.kinds(Self.file(slabs: Self.slab() + "," + Self.slab()))
        == [.overlaps(0xffff_8880_0010_0000)])
    #expect(
      try Self.kinds(Self.file(caches: Self.cache().replacing("\"c\"", with: "\"d\"")))
        == [.unknownCache("c")])
  }

  @Test func listsThatLieAreNamed() throws {
    let list = #","freelists":[{"owner":"slab","head":"0xffff888000100040","slots":[1,2]}]"#
    #expect(
      try Self.kinds(Self.file(slabs: Self.slab(more: list)))
        == [.listDiffers(at: 1), .stateDiffers(slot: 1)])
    // A slot that points to itself.
    var bytes = [UInt8](repeating: 0, count: 4096)
    bytes.replaceSubrange(96..<104, with: [0x40, 0x00, 0x10, 0x00, 0x80, 0x88, 0xff, 0xff])
    let data = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    let loop = #","freelists":[{"owner":"slab","head":"0xffff888000100040","slots":[1]}]"#
    let slots = "?F" + String(repeating: "?", count: 62)
    #expect(
      try Self.kinds(Self.file(slabs: Self.slab(slots: slots, more: loop, data: data)))
        == [.brokenList(.cycle(slot: 1))])
  }

  @Test func hugeCountsAndDeepNestingAreRefused() {
    let many = Self.file(
      slabs: Self.slab().replacing("\"objects\":64", with: "\"objects\":10000000"))
    #expect(
      Self.reason(many)
        == SnapshotError(path: "slabs[0].objects", reason: .tooMuch(limit: 32_767)))
    let deep = String(repeating: "[", count: 100_000)
    guard case .json(let error)? = Self.reason(Self.file(more: ",\"x\":\(deep)"))?.reason else {
      Issue.record("deep nesting was read")
      return
    }
    #expect(error.reason == .nestedTooDeeply)
  }

  /// A mistake is told with the line on which its piece of the file begins.
  @Test(arguments: [
    (#","tasks":[{"pid":"x","comm":"c"}]"#, "tasks[0].pid", 5),
    (#","marks":[7]"#, "marks[0].address", 5), (#","tasks":[1 2]"#, "", 5),
  ])
  func mistakesHaveTheirLine(more: String, path: String, line: Int) throws {
    let text = String(decoding: Self.file(more: "\n" + more), as: UTF8.self)
      .replacing("\"slabs\"", with: "\n\n\n\"slabs\"")
    do throws(SnapshotError) {
      _ = try SnapshotReader.read(Array(text.utf8))
      Issue.record("it was read")
    } catch {
      #expect(error.path == path)
      #expect(error.line == line)
    }
  }

  /// Whichever member comes first, and however the text is cut, the same is read.
  @Test(arguments: Samples.names)
  func aFileIsReadAlikeHoweverItComes(name: String) throws {
    let bytes = try Samples.bytes(name)
    let whole = try SnapshotReader.read(bytes)
    var random = SplitMix(7)
    var assembly = SnapshotAssembly()
    var at = 0
    while at < bytes.count {
      let end = min(bytes.count, at + Int.random(in: 1...5000, using: &random))
      try assembly.take(bytes[at..<end])
      at = end
    }
    let pieced = try assembly.finish()
    #expect(pieced == whole)
    var members = try #require(try Samples.value(name).object).members
    members.reverse()
    #expect(try SnapshotReader.read(Array(JSONValue(members).text.utf8)) == whole)
  }

  /// Ten million slots, and lists that never end, cost little time.
  @Test func liesCostLittle() throws {
    let clock = ContinuousClock()
    let many = Array(repeating: Self.slab(objects: 32_767, slots: "A", data: ""), count: 400)
    let took = clock.measure {
      #expect(
        Self.reason(Self.file(slabs: many.joined(separator: ",")))?.reason
          == .tooMuch(limit: 4 << 20))
    }
    #expect(took < .seconds(20))
  }

  @Test func moreValuesThanAnyFileNeedsAreRefused() {
    let values =
      Array("[".utf8) + Array(repeating: Array("0,".utf8), count: 1000).flatMap(\.self)
      + Array("0]".utf8)
    #expect(throws: JSONError(offset: 199, reason: .tooManyValues(100))) {
      try JSONValue(parsing: values, mostValues: 100)
    }
  }

  @Test func otherFormatsAreRefused() {
    #expect(Self.reason(Array("{}".utf8)) == SnapshotError(path: "format", reason: .missing))
    #expect(
      Self.reason(Array(#"{"format":"x","version":1}"#.utf8))
        == SnapshotError(path: "format", reason: .otherFormat("x")))
    #expect(
      Self.reason(Array(#"{"format":"kernel-pages","version":2}"#.utf8))
        == SnapshotError(path: "version", reason: .newerVersion(2)))
  }

  /// Bytes changed, cut, doubled: whatever comes, it is refused or read, and what is read can be listed and opened.
  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func anyFileIsRefusedOrShown(seed: UInt64) throws {
    var random = SplitMix(seed)
    var bytes = seed % 3 == 0 ? Self.file() : try Samples.bytes("damaged-part")
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[at] = UInt8.random(in: 0x20..<0x7f, using: &random)
      case 1: bytes[at] = [0x30, 0x39, 0x66, 0x41][Int.random(in: 0..<4, using: &random)]
      case 2:
        bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
      case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 30)], at: at)
      default:
        if let digit = bytes[at...].firstIndex(where: { $0 >= 0x31 && $0 <= 0x39 }) {
          bytes[digit] = 0x39
        }
      }
    }
    guard let snapshot = try? SnapshotReader.read(bytes) else { return }
    _ = SnapshotTable.text(SnapshotTable.rows(snapshot)) + SnapshotTable.facts(snapshot).joined()
    let scene = SnapshotScene(snapshot)
    for slab in snapshot.slabs.indices {
      _ = SnapshotPieceWords.lines(slab: slab, snapshot)
      guard let script = scene.script(slab: slab) else {
        #expect(scene.why(slab: slab) != nil)
        continue
      }
      var world = try script.start()
      for step in script.steps { _ = try? world.perform(step.action) }
    }
    for task in snapshot.tasks.indices {
      _ = SnapshotPieceWords.lines(task: task, snapshot)
      _ = try scene.script(task: task)?.start()
    }
  }
}
