import KernelHistory
import KernelPages
import Usercopy

/// The machine of a snapshot's kernel: what the file tells of it, and what is assumed for the rest.
struct SnapshotMachine {
  /// The rules its copies are judged by.
  let era: Era
  /// How it was built and booted; what is assumed stands in ``Configuration/assumed``.
  let configuration: Configuration

  /// The machine of a snapshot.
  init(_ snapshot: KernelSnapshot) {
    let release = KernelVersion(snapshot.kernel.release)
    // A release before the first with checks of its own is judged by those, switched off.
    era =
      Era.newestLinux(in: release) ?? release.flatMap(Era.oldestLinux(since:)) ?? .rfcV1
    var machine = Configuration.stock(
      release ?? era.release, architecture: Self.architecture(snapshot.kernel),
      wordSize: snapshot.kernel.wordBytes == 4 ? .bits32 : .bits64)
    if release == nil { machine.assumed.insert(.release) }
    let config = snapshot.config
    machine.allocator = config.allocator == "slab" ? .slab : .slub
    machine.vmapStack = config.vmapStack ?? snapshot.tasks.contains { $0.area != nil }
    machine.stackProtector = config.stackProtector ?? false
    machine.freelistHardened =
      snapshot.encoding.map { $0 != .plain } ?? (config.freelistHardened ?? false)
    machine.freelistRandom = config.freelistRandom ?? false
    machine.freelistEncoding = snapshot.encoding
    machine.slabDebug = Self.debugging(snapshot)
    machine.initOnAlloc = snapshot.kernel.switches("init_on_alloc") ?? false
    machine.initOnFree = snapshot.kernel.switches("init_on_free") ?? false
    if snapshot.layout.ranges["text"] == nil { machine.assumed.insert(.text) }
    func assume(_ fact: BuildFact, _ told: Bool?, _ usual: Bool) -> Bool {
      if told == nil { machine.assumed.insert(fact) }
      return told ?? usual
    }
    machine.framePointer = assume(
      .framePointer, config.unwinder.map { $0 == "frame-pointer" }, false)
    machine.hardenedUsercopy = assume(.checks, Self.checks(snapshot, release), true)
    machine.usercopyFallback = assume(.fallback, Self.fallback(snapshot, release), false)
    configuration = machine
  }

  private static func architecture(_ kernel: SnapshotKernel) -> Architecture {
    if kernel.machine.isEmpty { return kernel.wordBytes == 4 ? .x86_32 : .x86_64 }
    if kernel.machine == "x86_64" { return kernel.wordBytes == 4 ? .x86_32 : .x86_64 }
    let isX86 = kernel.machine.first == "i" && kernel.machine.hasSuffix("86")
    return isX86 && kernel.wordBytes == 4 ? .x86_32 : .generic
  }

  /// Whether copies are checked; nil where nothing tells.
  private static func checks(_ snapshot: KernelSnapshot, _ release: KernelVersion?) -> Bool? {
    let config = snapshot.config
    let bypassed = config.checksBypassed ?? snapshot.kernel.switches("hardened_usercopy").map(!)
    if bypassed == true { return false }
    guard let isBuilt = config.hardenedUsercopy else {
      // Releases before the first with checks of their own have none.
      return release.flatMap { Era.newestLinux(in: $0) == nil ? false : nil }
    }
    let isSwitched = release.map { CallerChange.bootSwitch.holds(in: $0) } ?? true
    // A command line that does not name the switch leaves it as built.
    let isTold = bypassed == false || snapshot.kernel.commandLine != nil
    return isBuilt && isSwitched && !isTold ? nil : isBuilt
  }

  /// Whether copies outside a window are only warned of; nil where nothing tells.
  private static func fallback(_ snapshot: KernelSnapshot, _ release: KernelVersion?) -> Bool? {
    guard release.map({ UsercopyChange.fallback.holds(in: $0) }) ?? false else { return false }
    return snapshot.kernel.switches("slab_common.usercopy_fallback")
  }

  /// What `slub_debug=` switched on, by what the caches have; nothing where the command line does not name it.
  private static func debugging(_ snapshot: KernelSnapshot) -> SlabDebug {
    let names = ["slub_debug", "slab_debug"]
    if snapshot.kernel.commandLine != nil,
      !names.contains(where: { snapshot.kernel.parameter($0) != nil })
    {
      return []
    }
    var flags: SlabDebug = []
    if snapshot.caches.contains(where: \.hasRedZone) { flags.insert(.redZone) }
    if snapshot.caches.contains(where: \.isPoisoned) { flags.insert(.poison) }
    if snapshot.caches.contains(where: \.keepsTracks) { flags.insert(.storeUser) }
    return flags
  }
}

extension SnapshotKernel {
  /// What a parameter that is on or off was set to, as `kstrtobool()` reads it; nil where nothing tells.
  func switches(_ name: String) -> Bool? {
    guard let text = parameter(name)?.lowercased() else { return nil }
    if text == "on" || ["1", "y", "t"].contains(text.prefix(1)) { return true }
    return text == "off" || ["0", "n", "f"].contains(text.prefix(1)) ? false : nil
  }
}
