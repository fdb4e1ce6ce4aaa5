import Grid
import Narration
import Simulation
import Usercopy

/// What there is when there is no slab: pages, areas, parts of the image, one a line, and the bytes the
/// copy turned on.
struct MemoryList {
  let context: PaneContext
  let listed: [MemoryItem]
  private var marks: ByteMarks { _read { yield context.marks } }

  func draw(into grid: inout Grid) {
    let rect = context.rect
    let lines = self.lines
    guard !lines.isEmpty else {
      for (row, line) in wrap(
        "No slab yet. Objects appear here as soon as they are allocated.",
        width: max(1, rect.width - 2)
      ).enumerated() {
        grid.put(line, x: rect.x + 1, y: rect.y + row, role: .dim)
      }
      return
    }
    grid.put(heading, x: rect.x + 1, y: rect.y, width: rect.width - 1)
    let caption = CopyCaption.lines(context, height: CopyCaption.height(context))
    let parts = ListParts(context, lines: lines.count, room: rect.height - 1 - caption.count)
    var y = rect.y + 1
    for line in lines[inSight(parts.lines)] {
      grid.put(line, x: rect.x + 1, y: y)
      y += 1
    }
    if parts.scale > 0 {
      AreaScale(context: context).draw(
        Rect(x: rect.x, y: y, width: rect.width, height: parts.scale), into: &grid)
      y += parts.scale
    }
    if parts.lens > 0 {
      Lens(context: context).draw(
        Rect(x: rect.x, y: y, width: rect.width, height: parts.lens), into: &grid)
      y += parts.lens
    }
    for line in caption {
      grid.put(line, x: rect.x, y: y)
      y += 1
    }
  }

  /// The lines for which there is room: from the first on, or those that the copy touches.
  private func inSight(_ count: Int) -> Range<Int> {
    let touched = listed.indices.filter {
      !marks.touched(listed[$0].address, length: listed[$0].size).isEmpty
    }
    guard let first = touched.first, let last = touched.last, last >= count else {
      return 0..<min(count, listed.count)
    }
    let start = min(first, last + 1 - count)
    return start..<start + count
  }

  /// Whether there is no room for whole addresses beside what the copy does.
  private var isNarrow: Bool { context.rect.width < 56 }

  private var heading: [Span] {
    [Span(row("memory", "bytes", "", isNarrow ? "at" : "address"), .label)]
  }

  private func row(_ name: String, _ bytes: String, _ kind: String, _ address: String) -> String {
    Fitting.padded(name, 10) + " " + Fitting.padded(bytes, 9) + Fitting.padded(kind, 8)
      + Fitting.padded(address, isNarrow ? 6 : 11)
  }

  /// Bytes; of a part of the address space in whole units.
  private func amount(_ item: MemoryItem) -> String {
    guard item.kind.isEmpty, item.size >= 1 << 20 else { return ValueWords.quantity(item.size) }
    let units = ["MiB", "GiB", "TiB", "PiB", "EiB"]
    let unit = min(units.count - 1, (63 - item.size.leadingZeroBitCount) / 10 - 2)
    return "\(item.size >> UInt64(20 + 10 * unit)) \(units[unit])"
  }

  /// Name, bytes, kind and where it is, by address, and what the copy does to it.
  private var lines: [[Span]] {
    let world = context.subject.world
    let size = world.kernel.configuration.wordSize
    return listed.map { item in
      let address = "…" + String(ValueWords.address(item.address, size).suffix(isNarrow ? 4 : 9))
      let own = row("", amount(item), item.kind, address).dropFirst(11)
      let touched = marks.touched(item.address, length: item.size).map { mark, bytes in
        [
          Span(
            "\(ByteMarks.glyph(mark)) \(isNarrow ? "" : marks.word(mark) + " ")"
              + ValueWords.quantity(bytes), ByteMarks.role(mark))
        ]
      }
      return Fitting.line(
        [
          [
            Span(
              Fitting.padded(item.name, 10) + " ", item.isLive ? .text : .dim,
              item.isLive ? .bold : []),
            Span(String(own), .dim),
          ]
        ] + touched, width: context.rect.width - 1, gap: 1)
    }
  }
}
