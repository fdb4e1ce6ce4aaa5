/// `sisusb_do_init_gfxdevice()`: the bridge, and where the chip's parts lie on its bus.
struct SisusbBridge: SisusbScript {
  func play(_ talk: inout SisusbTalk) throws(SisusbQuestion) -> Int {
    for address: UInt32 in [0x324, 0x364, 0x384] { try talk.writeBridge(address, 4) }
    try talk.writeBridge(0x100, 0x700)
    let mode = try talk.exchange(SisusbPacket(header: 0x000f, address: 4, isForBridge: true))
    try talk.exchange(
      SisusbPacket(header: 0x000f, address: 4, data: mode | 0x17, isForBridge: true))
    try place(&talk, 0x10, SisusbPlaces.memory)
    try place(&talk, 0x14, SisusbPlaces.registers)
    try place(&talk, 0x18, SisusbPlaces.ports)
    let command = try talk.readBus(0x04)
    try talk.writeBus(0x04, command | 0x3)
    if talk.ret == 0 { try talk.writeBridge(0x50, 0xff) }
    return talk.ret
  }

  /// Gives a part of the chip its place.
  private func place(
    _ talk: inout SisusbTalk, _ register: UInt32, _ address: UInt32
  ) throws(SisusbQuestion) {
    _ = try talk.readBus(register)
    try talk.writeBus(register, 0xffff_fff0)
    let flags = try talk.readBus(register) & 0x0f
    try talk.writeBus(register, flags | address)
  }
}
