import Grid
import Simulation
import Usercopy

/// Which start and length each cell of the map stands for.
///
/// Over a slab every object gets the same number of columns, so that the teeth line up with the
/// objects whatever their stride.
struct MapScale {
  /// Columns an object, and the objects' first slots with their names; empty off the slabs.
  let perObject: Int
  let names: [String]
  private let origin: Address
  private let stride: UInt64
  let bytesPerColumn, bytesPerRow: UInt64
  /// Columns used and rows.
  let columns, rows: Int

  init(_ world: World, _ attempt: CopyAttempt, width: Int, height: Int) {
    let kernel = world.kernel
    rows = max(1, height)
    var tallest: UInt64
    if let (slabIndex, index) = kernel.object(at: attempt.kernel) {
      let slab = kernel.slabs[slabIndex]
      let cache = kernel.caches[slab.cache]
      let shown = min(slab.objects.count, max(1, min(4, width / 12)))
      let first = min(max(0, index - 1), max(0, slab.objects.count - shown))
      stride = cache.stride
      let room = UInt64(max(1, width / shown))
      bytesPerColumn = max(1, (stride + room - 1) / room)
      perObject = Int((stride + bytesPerColumn - 1) / bytesPerColumn)
      origin = slab.firstSlot + UInt64(first) * stride
      columns = min(width, perObject * shown)
      names = slab.objects[first..<min(first + shown, slab.objects.count)].map { object in
        switch object.state {
        case .live: object.label
        case .freed: "freed"
        case .never: "free"
        }
      }
      tallest = stride + stride / 4
    } else {
      let span: UInt64
      let stack = kernel.currentStack
      if let frame = stack.frames.last, stack.contains(attempt.kernel) {
        let low = min(frame.stackPointer, attempt.kernel) &- 16
        let top = max(frame.framePointer, attempt.kernel) &+ 32
        (origin, span) = (low, min(max(64, top &- low), 4096))
      } else {
        (origin, span) = (attempt.kernel &- 64, 256)
      }
      stride = span
      bytesPerColumn = max(1, (span + UInt64(max(1, width)) - 1) / UInt64(max(1, width)))
      (perObject, names) = (0, [])
      columns = min(max(1, width), Int((span + bytesPerColumn - 1) / bytesPerColumn))
      tallest = span + span / 8
    }
    tallest = max(tallest, 8)
    bytesPerRow = (tallest + UInt64(rows) - 1) / UInt64(rows)
  }

  func start(column: Int) -> Address {
    guard perObject > 0 else { return origin &+ UInt64(column) * bytesPerColumn }
    return origin &+ UInt64(column / perObject) * stride
      &+ UInt64(column % perObject) * bytesPerColumn
  }

  /// The longest length is on top, one row's worth at the bottom.
  func length(row: Int) -> UInt64 { UInt64(rows - row) * bytesPerRow }

  func column(of address: Address) -> Int? {
    guard address >= origin else { return nil }
    let distance = address - origin
    guard distance < 1 << 30 else { return nil }
    let column =
      perObject > 0
      ? Int(distance / stride) * perObject + Int(distance % stride / bytesPerColumn)
      : Int(distance / bytesPerColumn)
    return column < columns ? column : nil
  }

  /// The row of a length; the top row for longer ones.
  func row(of length: UInt64) -> (row: Int, isBeyond: Bool) {
    let steps = length / bytesPerRow + (length % bytesPerRow == 0 ? 0 : 1)
    guard steps <= UInt64(rows) else { return (0, true) }
    return (rows - max(1, Int(steps)), false)
  }
}
