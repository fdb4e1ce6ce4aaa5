import JSON
import Usercopy

@testable import KernelPages

/// A file of a kernel that nobody recorded: one slab whose free list is written by the rule of its own.
struct MadePage {
  var release = "6.1.0-57-amd64"
  var machine: String? = "x86_64"
  var encoding = FreelistEncoding.xorSwab
  var tellsEncoding = true
  var pageSize: UInt64 = 4096
  var wordBytes = 8
  var order: UInt64 = 0
  var stride: UInt64 = 64
  var objectSize: UInt64 = 64
  var pad: UInt64 = 0
  var freeptr: UInt64 = 32
  var base: UInt64 = 0xffff_8880_0010_0000
  var directMap: UInt64 = 0xffff_8880_0000_0000
  var random: UInt64? = 0x1122_3344_5566_7788
  var window: Range<UInt64>? = 0..<64
  var endian = "little"
  var cacheOrder: UInt64?
  /// Members of `config` as they stand in the file.
  var config =
    #""slab_allocator":"slub","HARDENED_USERCOPY":true,"usercopy_checks_bypassed":false,"unwinder":"orc""#
  var commandLine: String?
  var layout = true
  /// Slots in the order of the free list.
  let free = [5, 2, 9, 0]

  var bytes: UInt64 { pageSize << order }
  var objects: UInt64 { bytes / stride }

  private func start(_ slot: Int) -> UInt64 { base + UInt64(slot) * stride + pad }

  /// The slab's bytes: each object holds its number, each free one a pointer to the next.
  var data: [UInt8] {
    var data = [UInt8](repeating: 0, count: Int(bytes))
    for slot in 0..<Int(objects) {
      for at in 0..<Int(stride) { data[slot * Int(stride) + at] = UInt8(truncatingIfNeeded: slot) }
    }
    for (slot, next) in zip(free, free.dropFirst().map(start) + [0]) {
      let place = start(slot) + freeptr
      let word: WordSize = wordBytes == 4 ? .bits32 : .bits64
      let stored = encoding.decoded(next, at: place, random: random ?? 0, word: word)
      for byte in 0..<wordBytes {
        data[Int(place - base) + byte] = UInt8(truncatingIfNeeded: stored >> (8 * UInt64(byte)))
      }
    }
    return data
  }

  var text: String {
    let slots = String((0..<Int(objects)).map { free.contains($0) ? "F" : "A" })
    let hex = data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let window = window.map {
      #","useroffset":\#($0.lowerBound),"usersize":\#($0.upperBound - $0.lowerBound)"#
    }
    let random = random.map { #","random":"0x\#(String($0, radix: 16))""# }
    let layout =
      layout
      ? #""layout":{"direct_map":"0x\#(String(directMap, radix: 16))","max_pfn":1048576,"ranges":[{"name":"text","start":"\#(wordBytes == 4 ? "0xc1000000" : "0xffffffff81000000")","end":"\#(wordBytes == 4 ? "0xc1200000" : "0xffffffff82000000")"}]},"#
      : ""
    let cache =
      #"{"name":"foo","object_size":\#(objectSize),"stride":\#(stride),"order":\#(cacheOrder ?? order),"objs_per_slab":\#((pageSize << (cacheOrder ?? order)) / stride),"freeptr_offset":\#(freeptr),"red_left_pad":\#(pad)\#(window ?? "")\#(random ?? "")}"#
    let slab =
      #"{"cache":"foo","base":"0x\#(String(base, radix: 16))","bytes":\#(bytes),"objects":\#(objects),"slots":"\#(slots)","freelists":[{"owner":"slab","head":"0x\#(String(start(free[0]), radix: 16))","slots":[5,2,9,0]}],"data":"\#(hex)"}"#
    let kernel =
      #"{"release":"\#(release)"\#(machine.map { #","machine":"\#($0)""# } ?? ""),"page_size":\#(pageSize),"word_bytes":\#(wordBytes),"endian":"\#(endian)"\#(commandLine.map { #","cmdline":"\#($0)""# } ?? "")}"#
    return
      #"{"format":"kernel-pages","version":1,"kernel":\#(kernel),"config":{\#(config)},\#(tellsEncoding ? #""freelist_encoding":"\#(encoding.rawValue)","# : "")\#(layout)"caches":[\#(cache)],"slabs":[\#(slab)]}"#
  }

  func snapshot() throws -> KernelSnapshot { try SnapshotReader.read(Array(text.utf8)) }
}
