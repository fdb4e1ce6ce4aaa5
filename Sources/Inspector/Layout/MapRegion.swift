import Narration
import Simulation
import Usercopy

/// What a map of copies is drawn over: the slots of a slab, a stack frame, a vmalloc area or a block of
/// pages, so that the borders that decide lie inside the picture.
struct MapRegion {
  /// A place with a name, below which the map writes it.
  struct Mark {
    var address: Address
    var name: String
  }

  /// First start of a copy that is shown.
  var origin: Address
  /// Bytes of starts worth showing.
  var span: UInt64
  /// Distance of the slots of a slab; 0 elsewhere.
  var stride: UInt64 = 0
  /// Longest length worth showing.
  var tallest: UInt64
  /// Places along the starts, in address order.
  var marks: [Mark] = []

  /// The region around an attempt. `slots` is how many slots of a slab there is room for.
  init(_ world: World, _ attempt: CopyAttempt, slots: Int) {
    let kernel = world.kernel
    let start = attempt.kernel
    if let (slab, index) = kernel.object(at: start) {
      self.init(kernel, slab: slab, slot: index, count: slots)
    } else if kernel.currentStack.contains(start), let frame = kernel.currentStack.frames.last {
      self.init(kernel, frame: frame, at: start)
    } else if let area = kernel.area(at: start) {
      self.init(from: area.start, bytes: area.length)
      marks = [Mark(address: area.start, name: area.name)]
      if area.mapped > 0, area.mapped < area.length {
        marks.append(Mark(address: area.start &+ area.mapped, name: "guard page"))
      }
      let end = area.start &+ area.length
      marks.append(Mark(address: end, name: kernel.area(at: end)?.name ?? "no area"))
    } else if kernel.virtAddrValid(start), case .compound(let bytes) = kernel.page(at: start).use {
      let head = kernel.page(at: start).head
      self.init(from: head, bytes: bytes)
      marks = [
        Mark(address: head, name: "compound page"),
        Mark(address: head &+ bytes, name: "next page"),
      ]
    } else {
      self.init(from: start &- 48, bytes: 224)
      marks = Self.owners(kernel.classify(ByteRange(start: origin, length: span)))
    }
  }

  /// Whose the bytes are, a mark where another's begin.
  private static func owners(_ runs: [ByteRun]) -> [Mark] {
    runs.reduce(into: []) { marks, run in
      let name = run.label.isEmpty ? run.kind.brief : run.label
      if marks.last?.name != name { marks.append(Mark(address: run.start, name: name)) }
    }
  }

  private init(_ kernel: Kernel, slab number: Int, slot: Int, count: Int) {
    let slab = kernel.slabs[number]
    stride = kernel.caches[slab.cache].stride
    let shown = max(1, min(count, slab.objects.count))
    let first = min(max(0, slot - 1), slab.objects.count - shown)
    origin = slab.firstSlot &+ UInt64(first) &* stride
    span = stride &* UInt64(shown)
    tallest = stride &+ stride / 4
    for index in first..<first + shown {
      let object = slab.objects[index]
      let name =
        switch object.state {
        case .live: object.label
        case .freed: "freed"
        case .never: "free"
        case .unknown: "not known"
        }
      marks.append(Mark(address: slab.firstSlot &+ UInt64(index) &* stride, name: name))
    }
  }

  private init(_ kernel: Kernel, frame: Frame, at start: Address) {
    let word = kernel.configuration.wordSize.bytes
    origin = min(frame.stackPointer, start) &- 16
    span = min(max(64, max(frame.framePointer, start) &+ 4 * word &- origin), 4096)
    tallest = span &+ span / 8
    let end = origin &+ span
    for frame in kernel.currentStack.frames {
      marks += (frame.locals + frame.savedRegisters).map {
        Mark(address: $0.address, name: $0.name)
      }
      if frame.savesPointer { marks.append(Mark(address: frame.framePointer, name: "fp")) }
      marks += [
        Mark(address: frame.framePointer &+ word, name: "ret"),
        Mark(address: frame.framePointer &+ 2 * word, name: ""),
      ]
    }
    marks.append(Mark(address: kernel.currentStack.end, name: "stack end"))
    let all = marks
    // A frame's end has a name only where nothing begins there.
    let named = Set(all.filter { !$0.name.isEmpty }.map(\.address))
    marks = all.filter { $0.address >= origin && $0.address < end }
      .filter { !$0.name.isEmpty || !named.contains($0.address) }
      .sorted { $0.address < $1.address }
  }

  /// A block of bytes with some room around it.
  private init(from start: Address, bytes: UInt64) {
    let margin = max(16, min(bytes, 1 << 40) / 16)
    origin = start &- margin
    span = min(bytes, 1 << 40) &+ 2 * margin
    tallest = span
  }
}
