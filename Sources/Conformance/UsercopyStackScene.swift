import JSON
import Usercopy

extension UsercopyScene {
  /// A kernel stack: the running task's, or a sleeping one's that is no stack to the checks.
  mutating func placeStack() {
    let size = min(region["stack_bytes"]?.uint64 ?? 16384, 1 << 20)
    let onVmalloc = kernel.configuration.vmapStack
    let place = onVmalloc ? inVmalloc : kernel.layout.directMap + (128 << 20)
    base = place &+ (region["base_in_area"]?.uint64 ?? 0)
    if onVmalloc {
      let guarded =
        region["area_bytes"]?.uint64
        ?? (size &+ min(region["guard_bytes"]?.uint64 ?? 4096, 1 << 32))
      kernel.placeArea("stack", start: place, length: guarded, mapped: size)
    }
    guard region["owner"]?.string != "other-task" else { return }
    kernel.switchTo(task: kernel.addTask("copier", size: size, base: base))
    layFrames()
    fixStackPointers()
  }

  /// Frames are listed innermost first, the checking function's in front.
  private mutating func layFrames() {
    let caller = region["caller_sp"]?.uint64
    let offsets = (region["frames"]?.array ?? []).compactMap(\.uint64)
    guard offsets.count > 1 else {
      if let caller { layFrames([Frame.at(base &+ caller, sp: base &+ caller)]) }
      return
    }
    let fence = 2 * kernel.configuration.wordSize.bytes
    var lower = base &+ (caller ?? offsets[0] &+ fence)
    var frames: [Frame] = []
    for offset in offsets.dropFirst() {
      frames.insert(Frame.at(base &+ offset, sp: lower), at: 0)
      lower = base &+ offset &+ fence
    }
    layFrames(frames)
  }

  /// The outermost frame's saved pointer leads nowhere, unless the recording tells what stood there.
  private mutating func layFrames(_ frames: [Frame]) {
    kernel.layFrames(frames, chainEndsWith: UsercopyJSON.number(region["chain_value_after"]) ?? 0)
  }

  /// The recorded stack pointers. Where only the reporting one is known, the comparing function
  /// lies one call below it.
  private mutating func fixStackPointers() {
    let report = region["sp_report"]?.uint64
    let check = region["sp_check"]?.uint64
    let call = kernel.configuration.wordSize.bytes
    guard let known = report ?? check.map({ $0 &+ call }) else { return }
    kernel.fixStackPointers(
      check: base &+ (check ?? known &- call), report: base &+ known)
  }
}

extension Frame {
  fileprivate static func at(_ framePointer: Address, sp: Address) -> Frame {
    Frame(function: "", framePointer: framePointer, stackPointer: sp)
  }
}
