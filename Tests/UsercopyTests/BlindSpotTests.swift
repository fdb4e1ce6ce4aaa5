import Testing
import Usercopy

/// Every blind spot an era admits to is one: a copy that shows it goes through.
struct BlindSpotTests {
  /// A kernel with one of everything a blind spot may hide.
  struct Scene {
    var kernel: Kernel
    var object: Address
    var freed: Address
    var frame: Address
    var caller: Address
    var dead: Address
    var other: Address
    var area: Address
    var folio: Address

    init(_ era: Era, frames: Bool) {
      kernel = Kernel(configuration: Configuration(framePointer: frames, release: era.release))
      kernel.neverFaults = true
      kernel.addTask("task", size: 16384)
      kernel.call("outer", savedRegisters: ["rbx"])
      kernel.call("inner", savedRegisters: ["rbx"])
      caller = kernel.currentStack.frames[0].framePointer
      frame = kernel.currentStack.frames[1].framePointer
      kernel.call("gone", locals: [LocalRequest(name: "local", size: 128)])
      dead = kernel.local(named: "local")?.address ?? 0
      kernel.returnFromCall()
      object = kernel.kmalloc(40, label: "live") ?? 0
      freed = kernel.kmalloc(64, label: "freed") ?? 0
      kernel.free(freed)
      let task = kernel.addTask("other", size: 16384)
      other = kernel.stacks[task].base
      area = kernel.vmalloc(4096, name: "area")
      folio = kernel.takePages(order: 1, use: .compound(bytes: 8192))
    }
  }

  static func copy(
    _ address: Address, _ length: UInt64, _ entry: EntryPoint = .copyToUser
  ) -> CopyAttempt {
    CopyAttempt(entry: entry, kernel: address, user: 0x7000_0000, length: length, stringLength: 3)
  }

  /// The copy that shows a blind spot; nil for words nobody explained here.
  static func attempt(_ words: String, _ scene: inout Scene) -> CopyAttempt? {
    switch words {
    case "freed objects", "freed objects and slots never handed out": copy(scene.freed, 64)
    case "padding inside an object", "padding and other fields inside what may be copied":
      copy(scene.object, 64)
    case "the tail of a SLUB slab":
      copy((scene.kernel.kmalloc(96, label: "t") ?? 0) + 42 * 96, 64)
    case "any field of a slab object, secret or not": field(&scene)
    case "vmalloc, module and text memory", "vmalloc areas and module memory":
      copy(scene.area, 9000)
    case "the guard page, which counts as its vmalloc area": copy(scene.area, 8192)
    case "vmalloc areas while page faults are disabled": withoutFaults(copy(scene.area, 9000))
    case "stacks of other tasks": copy(scene.other, 16384)
    case "put_user and get_user": copy(scene.frame, 8, .putUser)
    case "saved registers inside a frame": copy(scene.frame - 8, 8)
    case "copies whose length is a constant": constant(copy(scene.object, 65))
    case "copies from and to variables of known size": known(copy(scene.frame, 16))
    case "x86-64 __copy_to_user, which has the user pointer checked":
      copy(scene.object, 65, .copyToUserUnchecked)
    case "the _inatomic forms": copy(scene.object, 65, .copyToUserInatomic)
    case "the _inatomic forms, but for x86-32 __copy_to_user_inatomic":
      copy(scene.object, 65, .copyFromUserInatomic)
    case "x86-32 __copy_from_user_inatomic": on32(&scene, .copyFromUserInatomic)
    case "addresses without a page, wrapped ranges among them": copy(.max - 40, 64)
    case "mappings of kmap_local_page": localMapping(&scene)
    case "strncpy_from_user": copy(scene.object, 65, .strncpyFromUser)
    case "ports other than x86": elsewhere(&scene)
    case "frames, where frame pointers are not kept": copy(scene.frame, scene.caller - scene.frame)
    case "frames of functions that have returned, where frame pointers are not kept":
      copy(scene.dead, 32)
    case "pages of the page allocator": copy(scene.folio, 8193)
    case "pages handed out singly, whatever their order":
      copy(scene.kernel.takePages(order: 1), 8192)
    case "kernel text": copy(scene.kernel.layout.text.lowerBound, 64)
    default: nil
    }
  }

  private static func field(_ scene: inout Scene) -> CopyAttempt {
    let cache = scene.kernel.createCache(
      CacheRequest(name: "w", objectSize: 64, flags: .usercopy, window: 0..<8))
    return copy(scene.kernel.allocate(cache: cache, label: "w") + 16, 8)
  }

  private static func elsewhere(_ scene: inout Scene) -> CopyAttempt {
    scene.kernel.configuration.architecture = .generic
    return copy(scene.object, 65)
  }

  private static func on32(_ scene: inout Scene, _ entry: EntryPoint) -> CopyAttempt {
    scene.kernel.configuration.architecture = .x86_32
    return copy(scene.object, 65, entry)
  }

  /// Above the window of `kmap()`, where it is no vmalloc space either.
  private static func localMapping(_ scene: inout Scene) -> CopyAttempt {
    scene.kernel = Kernel(
      configuration: Configuration(
        architecture: .x86_32, release: scene.kernel.configuration.release))
    scene.kernel.neverFaults = true
    return copy(scene.kernel.layout.kmaps.upperBound, 4097)
  }

  private static func constant(_ attempt: CopyAttempt) -> CopyAttempt {
    var attempt = attempt
    attempt.isConstant = true
    return attempt
  }

  private static func known(_ attempt: CopyAttempt) -> CopyAttempt {
    var attempt = attempt
    attempt.objectSize = attempt.length
    return attempt
  }

  private static func withoutFaults(_ attempt: CopyAttempt) -> CopyAttempt {
    var attempt = attempt
    attempt.pagefaultDisabled = true
    return attempt
  }

  @Test(arguments: Era.all) func everyBlindSpotIsOne(era: Era) throws {
    for words in era.blindSpots {
      var scene = Scene(era, frames: !words.contains("frame pointers are not kept"))
      let attempt = try #require(Self.attempt(words, &scene), "\(words)")
      let outcome = scene.kernel.judge(attempt, under: era)
      #expect(!outcome.isCaught && outcome.verdict == .allow, "\(era.id): \(words)")
    }
  }
}
