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
  /// `__start_rodata ..< __end_rodata` where the kernel runs.
  public var rodata: Range<Address>
  /// `_sdata ..< _edata` where the kernel runs.
  public var data: Range<Address>
  /// `__bss_start ..< __bss_stop` where the kernel runs.
  public var bss: Range<Address>
  /// Where `kmap()` maps pages of high memory (`PKMAP_BASE` on), on machines with highmem. What
  /// `kmap_local_page()` maps lies above, in the fixmap.
  public var kmaps: Range<Address>

  /// A layout from its areas.
  public init(
    directMap: Address, ramBytes: UInt64, vmalloc: Range<Address>, modules: Range<Address>,
    text: Range<Address>, linearText: Range<Address>, userTop: Address,
    kmaps: Range<Address> = 0..<0
  ) {
    self.directMap = directMap
    self.ramBytes = ramBytes
    self.vmalloc = vmalloc
    self.modules = modules
    self.text = text
    self.linearText = linearText
    self.userTop = userTop
    let end = text.upperBound.aligned(up: Memory.pageSize)
    rodata = end..<end &+ 0x20_0000
    data = end &+ 0x20_0000..<end &+ 0x40_0000
    bss = end &+ 0x40_0000..<end &+ 0x60_0000
    self.kmaps = kmaps
  }

  /// Where the kernel image is mapped to run: `__START_KERNEL_map` and up, a window on the first
  /// gigabyte of memory. Empty where the kernel runs from the direct map.
  public var image: Range<Address> {
    let start = text.lowerBound &- (linearText.lowerBound &- directMap)
    guard linearText != text, start < text.lowerBound else { return 0..<0 }
    let (end, overflow) = start.addingReportingOverflow(0x4000_0000)
    return start..<(overflow ? .max : end)
  }

  /// Places a section where a kernel has it; what lies behind it stays.
  public mutating func place(_ section: ImageSection, _ range: Range<Address>) {
    switch section {
    case .text: text = range
    case .rodata: rodata = range
    case .data: data = range
    case .bss: bss = range
    }
  }

  /// Says where the direct map has the image: the code's address there, or nil for nowhere a check can see.
  public mutating func placeLinear(_ start: Address?) {
    linearText = start.map { $0..<$0 &+ (text.upperBound - text.lowerBound) } ?? text
  }

  /// Makes the kernel's code start at `start`, in the direct map as well where it runs from there.
  public mutating func moveText(to start: Address) {
    let length = text.upperBound - text.lowerBound
    let isLinear = text == linearText
    text = start..<start &+ length
    if isLinear { linearText = text }
    moveText(bytes: length)
  }

  /// Makes the kernel's code `bytes` long and moves the sections behind it.
  public mutating func moveText(bytes: UInt64) {
    text = text.lowerBound..<text.lowerBound &+ bytes
    linearText = linearText.lowerBound..<linearText.lowerBound &+ bytes
    let start = text.upperBound.aligned(up: 0x20_0000)
    rodata = start..<start &+ (rodata.upperBound - rodata.lowerBound)
    moveSections()
  }

  /// Makes `rodata`, `data` or `bss` that many bytes long and moves what lies behind it.
  public mutating func resize(section: String, bytes: UInt64) {
    switch section {
    case "rodata": rodata = rodata.lowerBound..<rodata.lowerBound &+ bytes
    case "data": data = data.lowerBound..<data.lowerBound &+ bytes
    case "bss": bss = bss.lowerBound..<bss.lowerBound &+ bytes
    default: return
    }
    moveSections()
  }

  private mutating func moveSections() {
    var start = rodata.upperBound.aligned(up: 0x20_0000)
    data = start..<start &+ (data.upperBound - data.lowerBound)
    start = data.upperBound.aligned(up: 0x20_0000)
    bss = start..<start &+ (bss.upperBound - bss.lowerBound)
  }

  /// `lm_alias()`: the direct map's address of a byte of the image; other addresses unchanged.
  public func linear(_ address: Address) -> Address {
    image.contains(address) ? directMap &+ (address - image.lowerBound) : address
  }

  /// A machine of the given width as of 2011 (`modern` false) or with the layout of 4.20 and later.
  public static func standard(_ size: WordSize, modern: Bool) -> AddressLayout {
    switch (size, modern) {
    case (.bits32, false):
      AddressLayout(
        directMap: 0xc000_0000, ramBytes: 0x3000_0000, vmalloc: 0xf080_0000..<0xff7f_e000,
        modules: 0xf080_0000..<0xff7f_e000, text: 0xc100_0000..<0xc140_0000,
        linearText: 0xc100_0000..<0xc140_0000, userTop: 0xc000_0000,
        kmaps: 0xff80_0000..<0xffc0_0000)
    case (.bits32, true):
      // With PAE; as long as the code of Debian's 6.1.0-50-686-pae.
      AddressLayout(
        directMap: 0xc000_0000, ramBytes: 0x3000_0000, vmalloc: 0xf080_0000..<0xfeff_e000,
        modules: 0xf080_0000..<0xfeff_e000, text: 0xc100_0000..<0xc193_3f00,
        linearText: 0xc100_0000..<0xc193_3f00, userTop: 0xc000_0000,
        kmaps: 0xff00_0000..<0xff20_0000)
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
