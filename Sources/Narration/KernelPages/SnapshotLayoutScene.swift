import KernelPages
import Usercopy

/// Where the kernel of a snapshot keeps its parts, as far as the file tells.
enum SnapshotLayoutScene {
  static func layout(
    _ snapshot: KernelSnapshot, _ configuration: Configuration, for pages: Range<Address>?
  ) -> AddressLayout {
    var layout = Kernel(configuration: configuration).layout
    let told = snapshot.layout
    if let start = told.directMap, start >= layout.userTop, start % Memory.pageSize == 0 {
      layout.directMap = start
    } else if let pages,
      !(layout.directMap..<layout.directMap + layout.ramBytes).contains(pages.lowerBound)
    {
      layout.directMap = pages.lowerBound.aligned(down: 1 << 30)
    }
    let room = Address.max - layout.directMap - Memory.pageSize
    if let frames = told.maxPFN {
      layout.ramBytes = min(max(frames, 512) * snapshot.kernel.pageSize, room, 1 << 46)
    }
    if let pages, pages.upperBound > layout.directMap &+ layout.ramBytes,
      pages.lowerBound > layout.directMap
    {
      layout.ramBytes = min((pages.upperBound - layout.directMap).aligned(up: 1 << 20), 1 << 46)
    }
    if let start = told.vmalloc, start >= layout.userTop, start % Memory.pageSize == 0 {
      let length = layout.vmalloc.upperBound - layout.vmalloc.lowerBound
      if start <= .max - length { layout.vmalloc = start..<start + length }
    }
    for section in ImageSection.allCases {
      guard let range = told.ranges[section.rawValue], range.lowerBound < range.upperBound,
        range.upperBound <= configuration.wordSize.mask - Memory.pageSize
      else { continue }
      layout.place(section, range)
    }
    layout.placeLinear(nil)
    return layout
  }
}
