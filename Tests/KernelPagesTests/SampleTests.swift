import JSON
import Testing
import Usercopy

@testable import KernelPages
@testable import Narration
@testable import Simulation

/// What is drawn of a recorded kernel against what its own tables say.
struct SampleTests {
  @Test(arguments: Samples.names)
  func nothingInARecordingIsALie(name: String) throws {
    let wrong = try Samples.snapshot(name).contradictions
    #expect(wrong.filter { !$0.isDamage } == [])
    #expect(wrong.isEmpty == (name != "damaged-part"))
  }

  /// Every slot, every list in order, the layout of every cache.
  @Test(arguments: Samples.names)
  func slotsAndListsAreTheFilesOwn(name: String) throws {
    let (snapshot, file) = (try Samples.snapshot(name), try Samples.value(name))
    let slabs = try #require(file["slabs"]?.array)
    #expect(slabs.count == snapshot.slabs.count)
    for (index, told) in slabs.enumerated() {
      let script = try #require(SnapshotScene(snapshot).script(slab: index), "slab \(index)")
      let kernel = try script.start().kernel
      let slab = try #require(kernel.slabs.first)
      let letters = String(slab.objects.map { SnapshotPieceWords.letter($0.state) })
      #expect(letters == told["slots"]?.string)
      for (walk, list) in zip(slab.foundLists, told["freelists"]?.array ?? []) {
        let slots = (list["slots"]?.array ?? []).prefix { $0.int != nil }.compactMap(\.int)
        #expect(walk.slots == slots)
        #expect(walk.isWhole == (list["error"] == nil))
      }
      #expect(slab.foundLists.count == told["freelists"]?.array?.count)
      let cache = kernel.caches[slab.cache]
      let tellsOf = try #require(
        file["caches"]?.array?.first { $0["name"]?.string == told["cache"]?.string })
      #expect(cache.objectSize == tellsOf["object_size"]?.uint64)
      #expect(cache.stride == tellsOf["stride"]?.uint64)
      #expect(cache.order == tellsOf["order"]?.int)
      #expect(cache.objectsPerSlab == tellsOf["objs_per_slab"]?.int)
      #expect(cache.freeptrOffset == tellsOf["freeptr_offset"]?.uint64)
      #expect(cache.redLeftPad == tellsOf["red_left_pad"]?.uint64)
      #expect(cache.useroffset == tellsOf["useroffset"]?.uint64)
      #expect(cache.usersize == tellsOf["usersize"]?.uint64)
      let data = try #require(told["data"]?.string)
      #expect(kernel.memory.read(slab.base, count: data.utf8.count / 2) == HexBytes.decode(data))
    }
  }

  /// Each stored pointer, decoded by itself, names the next slot of the list.
  @Test(arguments: Samples.names)
  func everyPointerIsDecoded(name: String) throws {
    let snapshot = try Samples.snapshot(name)
    var pointers = 0
    for slab in snapshot.slabs {
      let cache = try #require(snapshot.cache(named: slab.cache))
      let reader = try #require(slab.reader(cache, in: snapshot))
      for list in slab.lists where list.error == nil {
        let slots = try #require(list.slots)
        for (slot, next) in zip(slots, slots.dropFirst().map { Optional($0) } + [nil]) {
          let pointer = try #require(reader.pointer(in: slot))
          #expect(reader.slot(at: pointer) == next)
          #expect(next != nil || pointer == 0)
          pointers += 1
        }
      }
    }
    #expect(name == "damaged-part" ? pointers == 0 : pointers > 20)
  }

  /// A kernel that takes objects follows the lists that were found, the processor's own first, and stores pointers as
  /// the kernel did.
  @Test func objectsAreTakenInTheListsOrder() throws {
    let snapshot = try Samples.snapshot("stock-part")
    let index = try #require(snapshot.slabs.firstIndex { $0.lists.first?.slots?.count ?? 0 > 3 })
    var kernel = try #require(SnapshotScene(snapshot).script(slab: index)).start().kernel
    let slots = try #require(snapshot.slabs[index].lists[0].slots)
    for slot in slots.prefix(3) {
      let address = kernel.allocate(cache: 0, label: "o")
      #expect(kernel.object(at: address)?.index == slot)
    }
    kernel.free(kernel.objectAddress(slab: 0, index: slots[0]))
    let cache = try #require(snapshot.cache(named: snapshot.slabs[index].cache))
    let reader = try #require(snapshot.slabs[index].reader(cache, in: snapshot))
    var again = reader
    again.bytes = kernel.memory.read(reader.base, count: reader.bytes.count)
    #expect(again.pointer(in: slots[0]).flatMap { again.slot(at: $0) } == slots[3])
  }

  /// Frames, canaries and what is saved of user mode.
  @Test func stacksAreTheFilesOwn() throws {
    let snapshot = try Samples.snapshot("stock-part")
    let file = try Samples.value("stock-part")
    let tasks = try #require(file["tasks"]?.array)
    #expect(tasks.count == 3)
    for (index, told) in tasks.enumerated() {
      let script = try #require(SnapshotScene(snapshot).script(task: index))
      let stack = try script.start().kernel.currentStack
      #expect(stack.task == told["comm"]?.string)
      let top = try #require(told["pt_regs"]?["offset"]?.uint64)
      #expect(stack.registersSize == stack.size - top)
      let frames = (told["frames"]?.array ?? []).filter { frame in
        frame["inline"]?.bool == false && frame["cfa_offset"]?.uint64 ?? .max <= top
      }
      #expect(stack.frames.count == frames.count)
      for (frame, tells) in zip(stack.frames.reversed(), frames) {
        #expect(frame.function == tells["function"]?.string)
        #expect(frame.stackPointer - stack.base == tells["sp_offset"]?.uint64)
        #expect(frame.framePointer + 16 - stack.base == tells["cfa_offset"]?.uint64)
        #expect(!frame.savesPointer)
      }
    }
  }

  /// Where a real free list is damaged, the walk ends where the writer of the file saw it end.
  @Test func damageIsShownAsItIs() throws {
    let snapshot = try Samples.snapshot("damaged-part")
    let ends = snapshot.contradictions.compactMap { contradiction -> FreelistWalk.End? in
      if case .brokenList(let end) = contradiction.kind { end } else { nil }
    }
    #expect(
      ends
        == [
          .cycle(slot: 60), .outside(0xffff_ffff_a500_1000), .outside(0x619a_7733_9c64_16b2),
          .noSlot(0xffff_88bd_c28f_0610),
        ].sorted { first, second in order(first, snapshot) < order(second, snapshot) })
    for slab in snapshot.slabs { #expect(slab.count(.unknown) > 0) }
  }

  private func order(_ end: FreelistWalk.End, _ snapshot: KernelSnapshot) -> Int {
    snapshot.contradictions.firstIndex { $0.kind == .brokenList(end) } ?? 0
  }

  /// `w` writes a scenario that stands alone: read again, it is the same machine.
  @Test(arguments: Samples.names)
  func aPageComesBackFromItsScenario(name: String) throws {
    let snapshot = try Samples.snapshot(name)
    let scene = SnapshotScene(snapshot)
    let scripts =
      snapshot.slabs.indices.prefix(6).compactMap { scene.script(slab: $0) }
      + snapshot.tasks.indices.compactMap { scene.script(task: $0) }
    for script in scripts {
      let again = try ScenarioText.roundTrip(script)
      #expect(try again.start().kernel == script.start().kernel, "\(script.title)")
      #expect(again.slabs == script.slabs)
      #expect(again.gadgets == script.gadgets)
      #expect(script.gadgets.count == snapshot.gadgets.count)
      #expect(again.stacks == script.stacks)
    }
  }
}
