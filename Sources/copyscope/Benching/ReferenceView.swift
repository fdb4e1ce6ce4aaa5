import CChecks
import Simulation
import Usercopy

/// A machine as the checks in C see it: x86-64, SLUB, frame pointers.
final class ReferenceView {
  private let slabs: UnsafeMutableBufferPointer<cc_slab>
  private let stackBytes: UnsafeMutableBufferPointer<UInt8>
  private var view: cc_view

  init(_ kernel: Kernel) {
    let made = kernel.slabs.filter { !$0.isGone }.map { slab in
      let cache = kernel.caches[slab.cache]
      return cc_slab(
        start: slab.base, bytes: cache.slabBytes, stride: cache.stride,
        object_size: cache.checkedSize, useroffset: cache.useroffset, usersize: cache.usersize)
    }.sorted { $0.start < $1.start }
    slabs = .allocate(capacity: made.count)
    _ = slabs.initialize(from: made)
    let stack = kernel.currentStack
    stackBytes = .allocate(capacity: Int(stack.size))
    _ = stackBytes.initialize(from: kernel.memory.read(stack.base, count: Int(stack.size)))
    let (ram, text) = (kernel.layout, kernel.layout.text)
    view = cc_view(
      ram_start: ram.directMap, ram_end: ram.directMap + ram.ramBytes,
      slabs: UnsafePointer(slabs.baseAddress), slab_count: made.count,
      stack: stack.base, stack_end: stack.end, stack_bytes: UnsafePointer(stackBytes.baseAddress),
      // The check runs in a frame of its own, below the one that asks.
      own_frame: stack.stackPointer &- 16,
      caller_frame: stack.frames.last?.framePointer ?? 0,
      text: text.lowerBound, text_end: text.upperBound)
  }

  deinit {
    slabs.deallocate()
    stackBytes.deallocate()
  }

  /// Whether a range may be copied.
  func allows(_ check: cc_check, _ start: Address, _ length: UInt64) -> Bool {
    cc_allows(&view, check, start, length)
  }

  /// How many of the ranges may be copied.
  func countAllowed(_ check: cc_check, _ starts: [Address], _ lengths: [UInt64]) -> Int {
    cc_count_allowed(&view, check, starts, lengths, min(starts.count, lengths.count))
  }
}
