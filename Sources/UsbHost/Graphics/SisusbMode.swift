/// `sisusb_set_default_mode()`: 640 by 480 points of two bytes, sixty times a second. What fails is not looked at.
struct SisusbMode: SisusbScript {
  /// Whether the chip's engines are started as well.
  var startsEngines: Bool

  private static let attributes: [UInt8] = Array(0x00...0x0f) + [0x01, 0x00, 0x00, 0x00]
  private static let text: [UInt8] = [
    0x5f, 0x4f, 0x50, 0x82, 0x54, 0x80, 0x0b, 0x3e, 0x00, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0xea, 0x8c, 0xdf, 0x28, 0x40, 0xe7, 0x04, 0xa3, 0xff,
  ]
  private static let graphics: [UInt8] = [
    0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x05, 0x0f, 0xff,
  ]
  /// Timings, the first 13 for the controller, the rest for the sequencer.
  private static let timings: [(port: SisusbPort, index: UInt8, data: UInt8)] =
    zip(
      Array(0x00...0x07) + [0x10, 0x11, 0x12, 0x15, 0x16],
      [
        0x5f, 0x4f, 0x4f, 0x83, 0x55, 0x81, 0x0b, 0x3e, 0xe9, 0x8b, 0xdf, 0xe8, 0x0c,
      ]
    ).map { (.controller, $0, $1) } + [
      (.sequencer, 0x0a, 0x00), (.sequencer, 0x0b, 0x00), (.sequencer, 0x0c, 0x05),
    ]
  /// The bytes between two lines, in the units of the registers.
  private static let pitch = 640 / 16 * 4

  func play(_ talk: inout SisusbTalk) throws(SisusbQuestion) -> Int {
    let clock = try talk.get(.sequencer, 0x31)
    let control = try talk.get(.controller, 0x63)
    try begin(&talk, control)
    try setAttributes(&talk)
    try setTimings(&talk)
    try setClock(&talk)
    try setMode(&talk)
    try show(&talk, clock, control)
    if startsEngines {
      try talk.set(.sequencer, 0x20, 0xa1)
      try talk.change(.sequencer, 0x1e, or: 0x5a)
      try talk.set(.sequencer, 0x26, 0x01)
      try talk.set(.sequencer, 0x27, 0x1f)
      try talk.set(.sequencer, 0x26, 0x00)
    }
    try talk.set(.controller, 0x34, 0x44)
    return 0
  }

  private func begin(_ talk: inout SisusbTalk, _ control: UInt8) throws(SisusbQuestion) {
    try talk.change(.sequencer, 0x01, or: 0x20)
    try talk.set(.controller, 0x63, control & 0xbf)
    try talk.change(.controller, 0x17, or: 0x80)
    try talk.change(.sequencer, 0x1f, or: 0x04)
    try talk.change(.sequencer, 0x07, and: 0xfb)
    for (index, data): (UInt8, UInt8) in [
      (0x00, 0x03), (0x01, 0x21), (0x02, 0x0f), (0x03, 0x00), (0x04, 0x0e),
    ] { try talk.set(.sequencer, index, data) }
    try talk.set(.miscellaneousOut, 0x23)
    for (index, data) in Self.text.enumerated() {
      try talk.set(.controller, UInt8(index), data)
    }
  }

  private func setAttributes(_ talk: inout SisusbTalk) throws(SisusbQuestion) {
    // Reading the status makes the next write to the port a number again.
    for (index, data) in Self.attributes.enumerated() {
      _ = try talk.get(.inputStatus)
      try talk.set(.attributes, UInt8(index))
      try talk.set(.attributes, data)
    }
    _ = try talk.get(.inputStatus)
    try talk.set(.attributes, 0x14)
    try talk.set(.attributes, 0x00)
    _ = try talk.get(.inputStatus)
    try talk.set(.attributes, 0x20)
    _ = try talk.get(.inputStatus)
    for (index, data) in Self.graphics.enumerated() {
      try talk.set(.graphics, UInt8(index), data)
    }
    try talk.change(.graphics, 0x05, and: 0xbf)
  }

  private func setTimings(_ talk: inout SisusbTalk) throws(SisusbQuestion) {
    for index: UInt8 in 0x0a...0x0e { try talk.set(.sequencer, index, 0x00) }
    try talk.change(.sequencer, 0x37, and: 0xfe)
    try talk.set(.miscellaneousOut, 0xef)
    try talk.set(.controller, 0x11, 0x00)
    for (port, index, data) in Self.timings { try talk.set(port, index, data) }
    try talk.set(.sequencer, 0x0e, 0x00)
    try talk.change(.controller, 0x09, and: 0x5f)
    try talk.set(.controller, 0x14, 0x4f)
    try talk.change(.sequencer, 0x0e, and: 0xf0, or: UInt8(Self.pitch >> 8 & 0x0f))
    try talk.set(.controller, 0x13, UInt8(Self.pitch & 0xff))
    try talk.set(.sequencer, 0x10, UInt8((Self.pitch << 5) >> 8 & 0xff))
  }

  private func setClock(_ talk: inout SisusbTalk) throws(SisusbQuestion) {
    for (index, data): (UInt8, UInt8) in [
      (0x31, 0x00), (0x2b, 0x1b), (0x2c, 0xe1), (0x2d, 0x01),
    ] { try talk.set(.sequencer, index, data) }
    try talk.change(.sequencer, 0x3d, and: 0xfe)
    try talk.set(.sequencer, 0x08, 0xae)
    try talk.change(.sequencer, 0x09, and: 0xf0)
    try talk.set(.sequencer, 0x08, 0x34)
    try talk.change(.sequencer, 0x3d, or: 0x01)
  }

  private func setMode(_ talk: inout SisusbTalk) throws(SisusbQuestion) {
    try talk.change(.sequencer, 0x1f, and: 0x3f)
    try talk.change(.sequencer, 0x06, and: 0xc0, or: 0x0a)
    try talk.set(.controller, 0x19, 0x00)
    try talk.change(.controller, 0x1a, and: 0xfc)
    try talk.change(.sequencer, 0x0f, and: 0xb7)
    try talk.change(.sequencer, 0x31, and: 0xfb)
    try talk.change(.sequencer, 0x21, and: 0x1f, or: 0xa0)
    try talk.change(.sequencer, 0x32, and: 0xf3)
    try talk.change(.sequencer, 0x07, and: 0xf8, or: 0x03)
    try talk.set(.controller, 0x52, 0x6c)
  }

  private func show(
    _ talk: inout SisusbTalk, _ clock: UInt8, _ control: UInt8
  ) throws(SisusbQuestion) {
    try talk.set(.controller, 0x0d, 0x00)
    try talk.set(.controller, 0x0c, 0x00)
    try talk.set(.sequencer, 0x0d, 0x00)
    try talk.change(.sequencer, 0x37, and: 0xfe)
    try talk.set(.controller, 0x32, 0x20)
    try talk.change(.sequencer, 0x01, and: 0xdf)
    try talk.set(.controller, 0x63, control & 0xbf)
    try talk.set(.sequencer, 0x31, clock & 0xfb)
  }
}
