import KernelHistory
import Testing
import Usercopy

/// vmalloc areas, folios, page spans, kernel text: ranges around every edge.
struct HeapSweepTests {
  /// Starts around both ends of a stretch, and lengths that reach either end or miss it by one.
  static func around(_ range: Range<Address>, _ body: (Address, UInt64) -> Void) {
    for edge in [range.lowerBound, range.upperBound] {
      for start in edge - 9..<edge + 9 {
        for other in [edge, range.lowerBound, range.upperBound] where other + 9 > start {
          for end in max(other - 9, start + 1)...max(other + 9, start + 1) {
            body(start, end - start)
          }
        }
      }
    }
  }

  @Test func anAreaCountsItsGuardPage() {
    for era in Scenes.hardened {
      var kernel = Scenes.kernel(era.release)
      let start = kernel.layout.vmalloc.lowerBound + (1 << 20)
      kernel.placeArea("a", start: start, length: 3 * 4096, mapped: 2 * 4096)
      let area = start..<start + 3 * 4096
      let isChecked = era.release >= KernelVersion(5, 19)
      Self.around(area) { start, length in
        let inside = area.contains(start) && start + length <= area.upperBound
        let got = Scenes.allows(kernel, Scenes.check(start, length), era)
        if got != (!isChecked || inside) { Issue.record("\(era.id) \(start)+\(length)") }
        // Without page faults 6.1's test is left out.
        if !Scenes.allows(kernel, Scenes.check(start, length, nofault: true), era) {
          Issue.record("\(era.id) \(start)+\(length) without faults")
        }
      }
    }
    let old = Era.linux(KernelVersion(5, 19))
    var kernel = Scenes.kernel(KernelVersion(5, 19))
    kernel.placeArea("a", start: kernel.layout.vmalloc.lowerBound, length: 8192, mapped: 4096)
    let beyond = Scenes.check(kernel.layout.vmalloc.lowerBound + 1, 8192, nofault: true)
    #expect(old.map { Scenes.allows(kernel, beyond, $0) } == false)
  }

  @Test func vmallocReports() {
    var kernel = Scenes.kernel(Era.linux6_1.release)
    let start = kernel.layout.vmalloc.lowerBound
    kernel.placeArea("a", start: start, length: 8192, mapped: 4096)
    #expect(
      Scenes.message(kernel, Scenes.check(start + 8191, 2), .linux6_1)
        == "usercopy: Kernel memory exposure attempt detected from vmalloc (offset 8191, size 2)!")
    #expect(
      Scenes.message(kernel, Scenes.check(start + 8192, 2, .fromUser), .linux6_1)
        == "usercopy: Kernel memory overwrite attempt detected to vmalloc 'no area' "
        + "(offset 0, size 2)!")
    let end = kernel.layout.vmalloc.upperBound
    #expect(!Scenes.allows(kernel, Scenes.check(end - 1, 1), .linux6_1))
    #expect(Scenes.allows(kernel, Scenes.check(end, 1), .linux6_1))
    #expect(Scenes.allows(kernel, Scenes.check(start - 1, 1), .linux6_1))
  }

  @Test func aFolioBoundsCopiesSince519() {
    for era in Scenes.hardened {
      var kernel = Scenes.kernel(era.release)
      let folio = Scenes.base..<Scenes.base + 4 * 4096
      kernel.setPages(.compound(bytes: 4 * 4096), start: Scenes.base, bytes: 4 * 4096)
      let isChecked = era.release >= KernelVersion(5, 19)
      Self.around(folio) { start, length in
        let leaves = folio.contains(start) && start + length > folio.upperBound
        let got = Scenes.allows(kernel, Scenes.check(start, length), era)
        if got != (!isChecked || !leaves) { Issue.record("\(era.id) \(start)+\(length)") }
      }
    }
    var kernel = Scenes.kernel(Era.linux7_2.release)
    kernel.setPages(.compound(bytes: 8192), start: Scenes.base, bytes: 8192)
    #expect(
      Scenes.message(kernel, Scenes.check(Scenes.base + 5000, 4000), .linux7_2)
        == "usercopy: Kernel memory exposure attempt detected from page alloc "
        + "(offset 5000, size 4000)!")
  }

  @Test func aKmapIsOnePage() {
    var kernel = Scenes.kernel(Era.linux6_1.release)
    kernel.layout.kmaps = 0xffff_fe00_0000_0000..<0xffff_fe00_0010_0000
    let page = kernel.layout.kmaps.lowerBound + 8192
    #expect(Scenes.allows(kernel, Scenes.check(page, 4096), .linux6_1))
    #expect(
      Scenes.message(kernel, Scenes.check(page + 1, 4096), .linux6_1)
        == "usercopy: Kernel memory exposure attempt detected from kmap (offset 1, size 4096)!")
    #expect(Scenes.allows(kernel, Scenes.check(page + 1, 4096), .linux5_10))
  }

  /// One page, one compound page or one section, where the option is built in, before 5.19.
  @Test func pageSpans() {
    for era in Scenes.hardened {
      for built in [false, true] {
        var kernel = Scenes.kernel(era.release, pageSpan: built)
        kernel.setPages(.compound(bytes: 8192), start: Scenes.base, bytes: 8192)
        let plain = Scenes.base + 8192
        let applies = built && era.release < KernelVersion(5, 19)
        func allows(_ start: Address, _ length: UInt64) -> Bool {
          Scenes.allows(kernel, Scenes.check(start, length), era)
        }
        #expect(allows(Scenes.base, 8192) && allows(plain, 4096))
        #expect(allows(plain + 1, 4096) == !applies, "\(era.id)")
        #expect(allows(plain - 4096, 4096))
        let crossing = era.release >= KernelVersion(5, 19) ? false : !applies
        #expect(allows(plain - 1, 2) == crossing, "\(era.id) \(built)")
        let rodata = kernel.layout.rodata
        let write = Scenes.check(rodata.upperBound - 8, 8, .fromUser)
        #expect(Scenes.allows(kernel, write, era) == !applies, "\(era.id)")
        #expect(allows(rodata.lowerBound, rodata.upperBound - rodata.lowerBound))
        #expect(allows(kernel.layout.data.lowerBound, 3 * 4096))
        #expect(allows(kernel.layout.bss.lowerBound, 3 * 4096))
        // The image seen through the direct map is reserved memory: it may span pages.
        #expect(allows(kernel.layout.linear(rodata.lowerBound), 3 * 4096))
        let last = kernel.layout.linear(kernel.layout.bss.upperBound)
        #expect(allows(last - 4096, 8192) == !applies, "\(era.id)")
      }
    }
    let kernel = Scenes.kernel(Era.linux5_10.release, pageSpan: true)
    let end = kernel.layout.linear(kernel.layout.bss.upperBound)
    #expect(
      Scenes.message(kernel, Scenes.check(end - 4096, 4097), .linux5_10)
        == "usercopy: Kernel memory exposure attempt detected from "
        + "spans Reserved and non-Reserved pages (offset 0, size 4097)!")
    // The kernel looks at whole pages on from the start: a shorter step across goes unseen.
    #expect(Scenes.allows(kernel, Scenes.check(end - 1, 2), .linux5_10))
  }

  @Test func kernelTextMayNotBeOverlapped() {
    for era in Scenes.hardened + [.pax314] {
      let kernel = Scenes.kernel(era.release)
      for text in [kernel.layout.text, kernel.layout.linearText] {
        Self.around(text) { start, length in
          let overlaps = start < text.upperBound && start + length > text.lowerBound
          let got = Scenes.allows(kernel, Scenes.check(start, length), era)
          if got != !overlaps { Issue.record("\(era.id) \(start)+\(length): \(got)") }
        }
      }
    }
    let kernel = Scenes.kernel(Era.linux6_1.release)
    #expect(
      Scenes.message(kernel, Scenes.check(kernel.layout.text.lowerBound - 1, 2), .linux6_1)
        == "usercopy: Kernel memory exposure attempt detected from kernel text "
        + "(offset 18446744073709551615, size 2)!")
    #expect(
      Scenes.message(kernel, Scenes.check(kernel.layout.linearText.lowerBound, 2), .linux6_1)
        == "usercopy: Kernel memory exposure attempt detected from linear kernel text "
        + "(offset 0, size 2)!")
  }

  @Test func nullAndWrappedAddresses() {
    for era in Scenes.hardened {
      let kernel = Scenes.kernel(era.release)
      for address in 0..<Address(40) {
        let got = Scenes.allows(kernel, Scenes.check(address, 1), era)
        #expect(got == (address > 16), "\(era.id) \(address)")
      }
      let counts = era.release < KernelVersion(5, 3)
      for start in Address.max - 20...Address.max {
        for length in 1...UInt64(30) {
          let room = Address.max - start + (counts ? 0 : 1)
          let got = Scenes.allows(kernel, Scenes.check(start, length), era)
          if got != (length <= room) { Issue.record("\(era.id) \(start)+\(length): \(got)") }
        }
      }
    }
    let kernel = Scenes.kernel(Era.linux6_1.release)
    #expect(
      Scenes.message(kernel, Scenes.check(.max - 7, 9), .linux6_1)
        == "usercopy: Kernel memory exposure attempt detected from wrapped address "
        + "(offset 0, size 1)!")
    #expect(
      Scenes.message(kernel, Scenes.check(16, 5, .fromUser), .linux6_1)
        == "usercopy: Kernel memory overwrite attempt detected to null address "
        + "(offset 16, size 5)!")
    #expect(
      Scenes.message(kernel, Scenes.check(0, 5, .fromUser), .linux4_8)
        == "usercopy: kernel memory overwrite attempt detected to           (null) (<null>) "
        + "(5 bytes)")
  }
}
