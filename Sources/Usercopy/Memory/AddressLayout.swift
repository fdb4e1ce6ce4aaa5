/// Where a kernel keeps its parts in its address space.
public struct AddressLayout: Sendable, Hashable {
  /// Start of the direct map of physical memory (`PAGE_OFFSET`).
  public var directMap: Address
  /// Bytes of memory behind the direct map.
  public var ramBytes: UInt64
  /// `VMALLOC_START ..< VMALLOC_END`.
  public var vmalloc: Range<Address>
  /// Module space.
  public var modules: Range<Address>
  /// `_stext ..< _etext` where the kernel runs.
  public var text: Range<Address>
  /// The same bytes seen through the direct map.
  public var linearText: Range<Address>
  /// First address that is not user space (`TASK_SIZE_MAX`).
  public var userTop: Address

  public init(
    directMap: Address, ramBytes: UInt64, vmalloc: Range<Address>, modules: Range<Address>,
    text: Range<Address>, linearText: Range<Address>, userTop: Address
  ) {
    self.directMap = directMap
    self.ramBytes = ramBytes
    self.vmalloc = vmalloc
    self.modules = modules
    self.text = text
    self.linearText = linearText
    self.userTop = userTop
  }

  /// A machine of the given width as of 2011 (`modern` false) or with the layout of 4.20 and later.
  public static func standard(_ size: WordSize, modern: Bool) -> AddressLayout {
    switch (size, modern) {
    case (.bits32, _):
      AddressLayout(
        directMap: 0xc000_0000, ramBytes: 0x3000_0000, vmalloc: 0xf080_0000..<0xff7f_e000,
        modules: 0xf080_0000..<0xff7f_e000, text: 0xc100_0000..<0xc140_0000,
        linearText: 0xc100_0000..<0xc140_0000, userTop: 0xc000_0000)
    case (.bits64, false):
      AddressLayout(
        directMap: 0xffff_8800_0000_0000, ramBytes: 0x4000_0000,
        vmalloc: 0xffff_c900_0000_0000..<0xffff_e900_0000_0000,
        modules: 0xffff_ffff_a000_0000..<0xffff_ffff_ff00_0000,
        text: 0xffff_ffff_8100_0000..<0xffff_ffff_8150_0000,
        linearText: 0xffff_8800_0100_0000..<0xffff_8800_0150_0000,
        userTop: 0x0000_7fff_ffff_f000)
    case (.bits64, true):
      AddressLayout(
        directMap: 0xffff_8880_0000_0000, ramBytes: 0x4000_0000,
        vmalloc: 0xffff_c900_0000_0000..<0xffff_e900_0000_0000,
        modules: 0xffff_ffff_c000_0000..<0xffff_ffff_ff00_0000,
        text: 0xffff_ffff_8100_0000..<0xffff_ffff_8200_0000,
        linearText: 0xffff_8880_0100_0000..<0xffff_8880_0200_0000,
        userTop: 0x0000_7fff_ffff_f000)
    }
  }
}
