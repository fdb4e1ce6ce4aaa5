import Narration
import RawGadget
import Scenario
import Simulation
import Testing
import Usercopy

/// Small machines on which kernels of several ages answer otherwise than one would think.
struct TruthTests {
  static func misses(_ kernel: String, _ steps: String, caches: String = "") throws -> [String] {
    let text = "title: a\nkernel: \(kernel)\n\(caches)steps:\n\(steps)"
    let playback = try Playback(ScenarioReader.read(text, file: "f", id: "f"))
    return playback.steps.flatMap { step in
      step.misses.map { "\(step.number): \($0.field) \($0.expected), got \($0.got)" }
    }
  }

  static let lab = "caches: [{name: lab, object-size: 64, flags: [SLAB_USERCOPY]}]\n"
  static let object = """
    - alloc: {cache: lab, as: obj}
    - user: {as: buf, length: 4096}

    """

  static func copy(_ entry: String, _ way: String, _ rest: String, _ expect: String) -> String {
    "- copy: {entry: \(entry), \(way): obj, \(rest), user: buf}\n  expect: {\(expect)}\n"
  }

  /// Which of the forms that may not sleep ask, by patch and processor.
  @Test(arguments: [
    ("pax", "x86_64", "allow", "allow"), ("pax", "x86_32", "deny", "allow"),
    ("pax-3.14", "x86_64", "deny", "deny"), ("pax-3.14", "x86_32", "deny", "allow"),
    ("linux-4.8", "x86_64", "deny", "deny"), ("linux-4.8", "x86_32", "deny", "allow"),
    ("linux-4.16", "x86_32", "deny", "deny"), ("rfc-v2", "x86_64", "allow", "allow"),
  ])
  func inatomicForms(era: String, arch: String, out: String, inward: String) throws {
    let steps =
      Self.object
      + Self.copy("__copy_to_user_inatomic", "from", "length: 150", "verdict: \(out)")
      + Self.copy("probe_kernel_write", "from", "length: 150", "verdict: \(out)")
      + Self.copy("__copy_from_user_inatomic", "to", "length: 150", "verdict: \(inward)")
      + Self.copy("probe_kernel_read", "to", "length: 150", "verdict: \(inward)")
    #expect(try Self.misses("{era: \(era), arch: \(arch)}", steps, caches: Self.lab) == [])
  }

  /// Kernels of 6.12 and 7.2 have the driver that tells of resets; 6.12 with a longest transfer.
  @Test(
    arguments: [
      ("linux-6.1", "CONTROL", 4_194_304), ("linux-6.12", "RESET", 4_194_304),
      ("linux-7.2", "RESET", nil),
    ] as [(String, String, Int?)])
  func anErasDriver(era: String, event: String, limit: Int?) throws {
    let steps = """
      - open: {as: dev}
      - ioctl: {request: INIT}
      - ioctl: {request: RUN}
      - ioctl: {request: EVENT_FETCH, length: 64}
        expect: {event: CONNECT}
      - ioctl: {request: EVENT_FETCH, length: 64}
        expect: {event: \(event)}

      """
    #expect(try Self.misses("{era: \(era)}", steps) == [])
    let text = "title: a\nkernel: {era: \(era)}\nsteps: []\n"
    #expect(try ScenarioReader.parse(text, file: "f", id: "f").driver.transferLimit == limit)
  }

  /// PaX asks `access_ok()`, then the length, then the check.
  @Test(arguments: ["pax", "pax-3.14"]) func gatesOfPaXInOrder(era: String) throws {
    let steps =
      Self.object
      + "- copy: {entry: copy_to_user, from: obj, length: 150, user: 0xffff880000000000}\n"
      + "  expect: {verdict: deny, by: access_ok, not-copied: 150, consequence: return}\n"
      + Self.copy(
        "copy_to_user", "from", "length: 0x80000000",
        "verdict: deny, by: length-over-int-max, not-copied: 2147483648")
      + Self.copy("copy_to_user", "from", "length: 150", "consequence: sigkill, log: (lab)")
      + Self.copy("copy_to_user", "from", "length: 150, constant: true", "copied: 150")
    #expect(try Self.misses("{era: \(era)}", steps, caches: Self.lab) == [])
  }

  /// What PaX calls a place that is no slab object.
  @Test func wordsOfPaX() throws {
    let steps = """
      - call: {function: f, locals: {buf: 64}}
      - user: {as: u, length: 4096}
      - copy: {entry: copy_to_user, from: buf, length: 150, user: u}
        expect: {verdict: deny, log: "STACK"}
      - copy: {entry: copy_to_user, from: null, length: 8, user: u}
        expect: {verdict: deny, log: "NULL"}

      """
    for (era, stack, null) in [
      ("pax", "(unknown)", "(unknown)"), ("pax-3.14", "(<process stack>)", "(<null>)"),
    ] {
      let text = steps.replacing("STACK", with: stack).replacing("NULL", with: null)
      #expect(try Self.misses("{era: \(era)}", text) == [])
    }
    let text = """
      - user: {as: u, length: 4096}
      - copy: {entry: copy_to_user, from: linear-text, length: 64, user: u}
        expect: {verdict: deny, log: "(<kernel text>)"}

      """
    #expect(try Self.misses("{era: pax-3.14}", text) == [])
  }

  /// A known size that is too small is a warning to `copy_from_user()` of 2014; the check goes on.
  @Test func knownSizesOfPaX() throws {
    let steps =
      Self.object
      + Self.copy(
        "copy_from_user", "to", "length: 150, object-size: 64", "consequence: sigkill")
      + Self.copy(
        "copy_from_user", "to", "length: 60, object-size: 50", "verdict: deny, not-copied: 60")
      + Self.copy(
        "copy_to_user", "from", "length: 150, object-size: 64",
        "consequence: return, not-copied: 150")
    #expect(try Self.misses("{era: pax-3.14}", steps, caches: Self.lab) == [])
  }

  /// 4 GiB and 64 bytes are 64 where a parameter is `unsigned`, before the check or behind it.
  @Test(arguments: [
    ("linux-4.8", "__copy_to_user", true), ("linux-4.8", "copy_to_user", false),
    ("linux-4.16", "__copy_to_user", false), ("pax", "copy_to_user", true),
    ("rfc-v1", "copy_to_user", true),
  ])
  func lengthsThatLoseTheirUpperHalf(era: String, entry: String, isCut: Bool) throws {
    let expect = isCut ? "verdict: allow, copied: 64, not-copied: 0" : "verdict: deny"
    let steps = Self.object + Self.copy(entry, "from", "length: 0x100000040", expect)
    #expect(try Self.misses("{era: \(era)}", steps, caches: Self.lab) == [])
    let area = """
      - vmalloc: {as: obj, size: 8192}
      - user: {as: buf, length: 4096}

      """
    guard era.hasPrefix("linux") else { return }
    let raw = Self.copy(
      "copy_to_user", "from", "length: 0x100000040", "copied: 64, not-copied: 0")
    #expect(try Self.misses("{era: \(era)}", area + raw) == [])
  }

  /// RFC v2 and v3 hand the user's pointer over, and ask in front of constants on x86-32.
  @Test(arguments: ["rfc-v2", "rfc-v3"]) func theHelperOfTheRFC(era: String) throws {
    let wide = Self.copy(
      "__copy_to_user", "from", "length: 150, object-size: 64", "verdict: allow, copied: 150")
    #expect(try Self.misses("{era: \(era)}", Self.object + wide, caches: Self.lab) == [])
    let narrow = Self.copy(
      "__copy_to_user", "from", "length: 4, object-size: 2, constant: true",
      "verdict: deny, not-copied: 4")
    #expect(
      try Self.misses("{era: \(era), arch: x86_32}", Self.object + narrow, caches: Self.lab) == [])
  }

  /// `/dev/mem` hands back what it wrote before a fault, of a read nothing.
  @Test(arguments: Era.all.map(\.id)) func writesThatFallShort(era: String) throws {
    let steps = """
      - pages: {as: mem, order: 2}
      - user: {as: u, length: 4096}
      - copy: {entry: write_mem, to: mem, length: 8192, user: u}
        expect: {returned: 4096}
      - copy: {entry: do_write_kmem, to: mem, length: 8192, user: u}
        expect: {returned: 4096}
      - copy: {entry: read_mem, from: mem, length: 8192, user: u}
        expect: {returned: -14}

      """
    #expect(try Self.misses("{era: \(era)}", steps) == [])
  }

  /// SLUB aligns to 8 on 32 bit as well.
  @Test func slotsOf32Bit() throws {
    let steps = """
      - alloc: {cache: t36, as: a, at: 0}
      - alloc: {cache: t36, as: b, at: 1}
      - copy: {entry: check_object_size, from: a, offset: 36, length: 1, direction: to_user}
        expect: {verdict: deny, log: "SLUB object 't36' (offset 36, size 1)"}

      """
    let caches = "caches: [{name: t36, object-size: 36}]\n"
    #expect(try Self.misses("{era: linux-6.1, arch: x86_32}", steps, caches: caches) == [])
  }

  /// A slot that is asked for is taken, or refused.
  @Test func slotsOfKmalloc() throws {
    let world = try ImageTests.world("- alloc: {size: 64, as: k, at: 5}\n")
    let (slab, index) = try #require(world.kernel.object(at: try world.resolve(.named("k"))))
    #expect(index == 5 && world.kernel.slabs[slab].objects[5].label == "k")
    #expect {
      try ImageTests.world("- alloc: {size: 64, as: k, at: 64}\n")
    } throws: { "\($0)".contains("f:4:25: a slab has 64 slots for 'k'") }
    #expect {
      try ImageTests.world("- alloc: {size: 9000, as: k, at: 0}\n")
    } throws: { "\($0)".contains("f:4:27: 'k' lies in whole pages, which have no slots") }
  }

  /// Values of other sizes than these do not build.
  @Test(arguments: [0, 3, 5, 9, 64]) func valuesOfImpossibleSizes(length: Int) {
    for entry in ["put_user", "__put_user"] {
      #expect(throws: (any Error).self) {
        try ImageTests.world(
          "- alloc: {size: 64, as: k}\n- copy: {entry: \(entry), from: k, length: \(length)}\n")
      }
    }
  }

  /// Debugging fills an object when it is handed out: SLUB with 0x6b, SLAB with 0x5a.
  @Test(arguments: [("slub", UInt8(0x6b)), ("slab", 0x5a)])
  func freshObjectsArePoisoned(allocator: String, byte: UInt8) throws {
    let world = try ImageTests.world(
      "- alloc: {size: 64, as: k, bytes: ab}\n",
      kernel: "{era: linux-6.1, allocator: \(allocator), slub-debug: P}")
    let start = try world.resolve(.named("k"))
    let rest = [UInt8](repeating: byte, count: 61)
    #expect(world.kernel.memory.read(start, count: 64) == [0x61, 0x62] + rest + [0xa5])
  }

  /// v1 tells of no reset: CONNECT and the first request, and nothing else however often the host resets.
  @Test func resetsAreNothingToTheFirstVersion() throws {
    let steps = """
      - open: {as: dev}
      - ioctl: {request: INIT}
      - ioctl: {request: RUN}
      - ioctl: {request: EVENT_FETCH, length: 64}
        expect: {event: CONNECT}
      - ioctl: {request: EVENT_FETCH, length: 64}
        expect: {event: CONTROL}
      - wait: 12000
      - ioctl: {request: EVENT_FETCH, length: 64, waits: false, thread: t}
        expect: {blocked: true}
      - ioctl: {request: EP0_STALL}
        expect: {errno: EINVAL}

      """
    let text = "title: a\nkernel: {era: linux-6.1}\ngadget: {driver: v1-2019}\nsteps:\n\(steps)"
    let playback = try Playback(ScenarioReader.read(text, file: "f", id: "f"))
    #expect(playback.steps.flatMap(\.misses).isEmpty)
  }

  /// Every function of the RFC's hunks on x86-32: which ask, and which the mail leaves without a body.
  @Test func theFunctionsOfTheRFCOnX86_32() throws {
    var steps = Self.object
    for entry in ["__copy_to_user_inatomic", "__copy_to_user", "copy_to_user"] {
      steps += Self.copy(entry, "from", "length: 150", "verdict: deny, by: slab_access_ok")
    }
    for entry in [
      "__copy_from_user_inatomic", "__copy_from_user", "__copy_from_user_nocache",
      "__copy_from_user_inatomic_nocache", "copy_from_user",
    ] {
      steps += Self.copy(entry, "to", "length: 150", "verdict: deny, not-copied: 150")
    }
    for entry in ["strncpy_from_user", "__strncpy_from_user"] {
      steps += Self.copy(entry, "to", "length: 150", "verdict: allow")
    }
    #expect(try Self.misses("{era: rfc-v1, arch: x86_32}", steps, caches: Self.lab) == [])
  }

  /// What the mail calls but defines for x86-64 alone is said not to build.
  @Test(arguments: ["read_mem", "copy_oldmem_page"]) func whatTheMailDoesNotDefine(entry: String)
    throws
  {
    for (arch, builds) in [("x86_64", true), ("x86_32", false)] {
      let text =
        "title: a\nkernel: {era: rfc-v1, arch: \(arch)}\n\(Self.lab)steps:\n" + Self.object
        + Self.copy(entry, "from", "length: 150", "verdict: allow")
      let script = try ScenarioReader.read(text, file: "f", id: "f")
      var world = try script.start()
      for step in script.steps { _ = try world.perform(step.action) }
      let outcome = try #require(world.lastCopy?.outcome)
      #expect(outcome.undefinedByPatch == !builds, "\(arch)")
      #expect((VerdictWords.unbuilt(outcome) != nil) == !builds)
    }
  }

  /// 32-bit 6.1: frames, text in one mapping, a range past the top, the window of `kmap()`.
  @Test func aKernelOf32Bit() throws {
    let steps = """
      - alloc: {cache: t333, as: a333, at: 2}
      - alloc: {cache: t6000, as: a6000, at: 1}
      - user: {as: u, length: 65536}
      - call: {function: ioctl, locals: {big: 120}}
      - call: {function: inner, locals: {buf: 64}}
      - copy: {entry: check_object_size, from: a333, offset: -1, length: 1}
        expect: {verdict: deny, log: "SLUB object 't333' (offset 335, size 1)"}
      - copy: {entry: check_object_size, from: a6000, offset: -1, length: 1}
        expect: {verdict: deny, log: "SLUB object 't6000' (offset 5999, size 1)"}
      - copy: {entry: copy_to_user, from: buf, length: 64, user: u}
        expect: {verdict: allow, copied: 64}
      - copy: {entry: copy_to_user, from: buf, length: 128, user: u}
        expect: {verdict: deny, by: arch_within_stack_frames}
      - copy: {entry: copy_to_user, from: kernel-text, length: 8, user: u}
        expect: {verdict: deny, log: "from kernel text (offset 0, size 8)"}
      - copy: {entry: copy_to_user, from: 0xffffff00, length: 512, user: u}
        expect: {verdict: deny, log: "wrapped address (offset 0, size 256)"}
      - copy: {entry: copy_to_user, from: 0xff001000, length: 4097, user: u}
        expect: {verdict: deny, log: "kmap (offset 0, size 4097)"}

      """
    let caches = """
      caches:
      - {name: t333, object-size: 333, useroffset: 1, usersize: 331}
      - {name: t6000, object-size: 6000, useroffset: 100, usersize: 5000}

      """
    #expect(
      try Self.misses("{era: linux-6.1, arch: x86_32, frame-pointer: true}", steps, caches: caches)
        == [])
  }

  /// `kmap()` gives pages of its window and takes them back; without high memory it is the direct map's page.
  @Test func pagesOfHighMemory() throws {
    let steps =
      "- kmap: {as: a}\n- kmap: {as: b}\n- kmap: {as: l, local: true}\n- kmap: {as: m, local: true}\n"
    let narrow = try ImageTests.world(steps, kernel: "{era: linux-6.1, arch: x86_32}")
    #expect(
      try ["a", "b", "l", "m"].map { try narrow.resolve(.named($0)) }
        == [0xff00_1000, 0xff00_2000, 0xfffb_b000, 0xfffb_a000])
    let again = try ImageTests.world(
      steps + "- free: a\n- kmap: {as: c}\n", kernel: "{era: linux-6.1, arch: x86_32}")
    #expect(try again.resolve(.named("c")) == 0xff00_1000)
    let wide = try ImageTests.world(steps, kernel: "{era: linux-6.1}")
    let page = try wide.resolve(.named("a"))
    #expect(wide.kernel.virtAddrValid(page) && wide.kernel.holder(at: page)?.name == "a")
    #expect {
      try ImageTests.world(
        (0...16).map { "- kmap: {as: l\($0), local: true}\n" }.joined(),
        kernel: "{era: linux-6.1, arch: x86_32}")
    } throws: { "\($0)".contains("l16") }
  }

  /// A module's sections lie apart; on 32 bit in vmalloc space, where a copy has to end in its area since 5.19.
  @Test(arguments: [
    ("linux-5.10", "x86_32", "allow"), ("linux-6.1", "x86_32", "deny"),
    ("linux-6.1", "x86_64", "allow"), ("rfc-v1", "x86_32", "allow"),
  ])
  func memoryOfModules(era: String, arch: String, verdict: String) throws {
    let steps = """
      - module: {as: m, section: data, size: 5000, bytes: hi}
      - module: {as: t, section: text, size: 64}
      - user: {as: u, length: 65536}
      - copy: {entry: copy_to_user, from: m, length: 8192, user: u}
        expect: {verdict: allow, copied: 8192}
      - copy: {entry: copy_to_user, from: m, length: 12289, user: u}
        expect: {verdict: \(verdict)}
      - copy: {entry: copy_from_user, to: t, length: 64, user: u}
        expect: {verdict: allow, copied: 0}

      """
    #expect(try Self.misses("{era: \(era), arch: \(arch)}", steps) == [])
  }
}
