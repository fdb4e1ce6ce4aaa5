/// `sisusb_init_gfxcore()`: resets the chip and finds out how much memory it has; three tries.
struct SisusbCore: SisusbScript {
  /// Values that depend on the kind of memory, one row a register.
  private static let memoryRows: [[UInt8]] = [
    [0x00, 0x04, 0x60, 0x60], [0x0f, 0x0f, 0x1f, 0x1f], [0xba, 0xba, 0xba, 0xba],
    [0xa9, 0xa9, 0xac, 0xac], [0xa0, 0xa0, 0xa0, 0xa8], [0x00, 0x00, 0x02, 0x02],
    [0x30, 0x30, 0x40, 0x40],
  ]
  private static let controllerRows: [[UInt8]] = [
    [0x77, 0x77, 0x44, 0x44], [0x77, 0x77, 0x44, 0x44], [0x00, 0x00, 0x00, 0x00],
    [0x5b, 0x5b, 0xab, 0xab], [0x00, 0x00, 0xf0, 0xf8],
  ]
  private static let tries = 3

  func play(_ talk: inout SisusbTalk) throws(SisusbQuestion) -> Int {
    for _ in 0..<Self.tries {
      talk.ret = 0
      try enable(&talk)
      if talk.ret != 0 { continue }
      try reset(&talk)
      if talk.ret != 0 { continue }
      let kind = try clocks(&talk)
      if talk.ret != 0 { continue }
      try tellMemory(&talk, kind)
      if talk.ret != 0 { continue }
      try tellBus(&talk)
      if talk.ret != 0 { continue }
      try measure(&talk, kind)
      if talk.ret == 0 { break }
    }
    return talk.ret
  }

  private func enable(_ talk: inout SisusbTalk) throws(SisusbQuestion) {
    let enabled = try talk.get(.enable)
    try talk.set(.enable, enabled | 0x01)
    let miscellaneous = try talk.get(.miscellaneousIn)
    try talk.set(.miscellaneousOut, miscellaneous | 0x01)
  }

  private func reset(_ talk: inout SisusbTalk) throws(SisusbQuestion) {
    try talk.change(.controller, 0x5b, and: 0xdf)
    try talk.set(.sequencer, 0x05, 0x86)
    try talk.change(.sequencer, 0x20, or: 0x01)
    try talk.set(.miscellaneousOut, 0x67)
    let ranges: [ClosedRange<UInt8>] = [0x06...0x1f, 0x21...0x27, 0x31...0x3d, 0x12...0x1b]
    for index in ranges.joined() { try talk.set(.sequencer, index, 0) }
    for index: UInt8 in 0x79...0x7c { try talk.set(.controller, index, 0) }
  }

  /// Sets the clocks; returns the kind of memory: 0 and 1 for single, 2 and 3 for double data rate.
  private func clocks(_ talk: inout SisusbTalk) throws(SisusbQuestion) -> Int {
    try talk.set(.controller, 0x63, 0x80)
    let kind = Int(try talk.get(.sequencer, 0x3a) & 3)
    for (index, data): (UInt8, UInt8) in [
      (0x28, 0x3b), (0x29, 0x22), (0x2a, 0x01), (0x2e, 0x3b), (0x2f, 0x22), (0x30, 0x01),
      (0x07, 0x18), (0x11, 0x0f),
    ] { try talk.set(.sequencer, index, data) }
    return kind
  }

  private func tellMemory(_ talk: inout SisusbTalk, _ kind: Int) throws(SisusbQuestion) {
    for (offset, row) in Self.memoryRows.enumerated() {
      try talk.set(.sequencer, 0x15 + UInt8(offset), row[kind])
    }
    for (offset, row) in Self.controllerRows.enumerated() {
      try talk.set(.controller, 0x40 + UInt8(offset), row[kind])
    }
    try talk.set(.controller, 0x49, 0xaa)
    for (index, data): (UInt8, UInt8) in [
      (0x1f, 0x00), (0x20, 0xa0), (0x23, 0xf6), (0x24, 0x0d), (0x25, 0x33), (0x11, 0x0f),
    ] { try talk.set(.sequencer, index, data) }
    try talk.change(.part1, 0x2f, or: 0x01)
    try talk.change(.capture, 0x3f, and: 0xef)
  }

  private func tellBus(_ talk: inout SisusbTalk) throws(SisusbQuestion) {
    try talk.set(.part1, 0x00, 0x00)
    _ = try talk.get(.sequencer, 0x13)
    try talk.set(.part1, 0x02, 0x00)
    try talk.set(.part1, 0x2e, 0x08)
    let isOther = try talk.readBus(0x50) & 0x00f0_0000 == 0x0010_0000
    try talk.set(.sequencer, 0x25, isOther ? 0x33 : 0x03)
    try talk.set(.controller, 0x49, isOther ? 0xaa : 0x88)
    for (index, data): (UInt8, UInt8) in [
      (0x27, 0x1f), (0x31, 0x00), (0x32, 0x11), (0x33, 0x00),
    ] { try talk.set(.sequencer, index, data) }
  }

  /// A mode for the time being, then the memory.
  private func measure(_ talk: inout SisusbTalk, _ kind: Int) throws(SisusbQuestion) {
    try talk.set(.controller, 0x83, 0x00)
    let ret = talk.ret
    _ = try SisusbMode(startsEngines: false).play(&talk)
    talk.ret = ret
    try talk.change(.sequencer, 0x21, and: 0xdf)
    try talk.change(.sequencer, 0x01, or: 0x20)
    try talk.change(.sequencer, 0x16, or: 0x0f)
    let sizer = SisusbSizer(kind: kind)
    try sizer.trigger(&talk, kind)
    // Without refresh.
    try talk.change(.sequencer, 0x17, and: 0xf8)
    try talk.change(.sequencer, 0x19, or: 0x03)
    try sizer.size(&talk)
    try talk.set(.sequencer, 0x16, Self.memoryRows[1][kind])
    try talk.set(.sequencer, 0x17, Self.memoryRows[2][kind])
    try talk.set(.sequencer, 0x19, Self.memoryRows[4][kind])
    try talk.change(.sequencer, 0x21, or: 0x20)
    try talk.set(.sequencer, 0x22, 0xfb)
    try talk.set(.sequencer, 0x21, 0xa5)
  }
}
