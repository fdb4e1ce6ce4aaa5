import Grid

/// Draws the bytes: a slab's objects, the stack's frames, or the map of all copies.
struct MemoryPane {
  let layout: MemoryRows

  func draw(into grid: inout Grid) {
    switch layout.picture {
    case .slab(let slab): SlabView(context: layout.context, layout: slab).draw(into: &grid)
    case .stack(let rows): StackView(layout: rows).draw(into: &grid)
    case .map: MapView(context: layout.context).draw(into: &grid)
    case .list: MemoryList(context: layout.context, listed: layout.listed).draw(into: &grid)
    }
  }
}

extension MemoryRows {
  func draw(in rect: Rect, into grid: inout Grid) { MemoryPane(layout: self).draw(into: &grid) }
}
