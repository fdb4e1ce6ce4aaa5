public import GadgetWorld
public import RawGadget
import Timeline
public import Usercopy
import USB

/// The machine a scenario plays on: the kernel, the names given to things, the rules in force.
public struct World: Sendable {
  /// Memory, slabs, stacks and log.
  public internal(set) var kernel: Kernel {
    _read { yield sharedKernel.value }
    _modify { yield &sharedKernel.value }
  }
  /// The rules copies are judged by.
  public internal(set) var era: Era
  /// Where named things start.
  public internal(set) var names: [String: Named] = [:]
  /// The raw-gadget machine, once something used it.
  public internal(set) var gadget: GadgetSide? {
    _read { yield sharedGadget.value }
    _modify { yield &sharedGadget.value }
  }
  /// Something has used the raw-gadget machine; asked so, nothing of it is copied.
  public var hasGadget: Bool {
    if case .some = sharedGadget.value { true } else { false }
  }
  /// The version of the raw-gadget driver.
  public internal(set) var driver: DriverPolicy
  /// The controllers and the host's drivers.
  public internal(set) var setup: GadgetSetup
  /// Bytes used of each section of the kernel image.
  var imageUsed: [ImageSection: UInt64] = [:]
  /// The copy made last, and how it was asked for.
  public internal(set) var lastCopy: CopyReport? {
    _read { yield sharedCopy.value }
    _modify { yield &sharedCopy.value }
  }
  /// How the copy made last was asked for.
  public internal(set) var lastRequest: Action.Copy?
  /// Bytes all copies so far have written.
  var moved: UInt64 = 0
  // Worlds are copied often and differ little.
  private var sharedKernel: Shared<Kernel>
  private var sharedGadget = Shared<GadgetSide?>(nil)
  private var sharedCopy = Shared<CopyReport?>(nil)

  /// A name's address and what is behind it.
  public struct Named: Sendable, Hashable {
    /// What is behind a name.
    public enum Kind: Sendable, Hashable {
      case object
      case pages
      case area
      case user
      /// Part of the kernel image.
      case image
    }

    /// First byte.
    public var address: Address
    /// Bytes its owner asked for.
    public var size: UInt64
    /// What it is.
    public var kind: Kind
    /// It was not given back.
    public var isLive: Bool
    /// The allocation the name stands for; nil for user memory.
    public var holder: Holder?
  }

  /// Where functions and variables of the image start, bytes.
  static let imageAlignment: UInt64 = 64

  /// The name of the program's own user buffer, there from the start.
  public static let userBuffer = "user"

  /// A machine of that configuration with one running task, `demo`.
  public init(
    configuration: Configuration, era: Era, driver: DriverPolicy = .linux6_1,
    setup: GadgetSetup = GadgetSetup(), layout: AddressLayout? = nil
  ) {
    self.era = era
    self.driver = driver
    self.setup = setup
    var configuration = configuration
    configuration.isPaX = era.family == .pax
    sharedKernel = Shared(Kernel(configuration: configuration, layout: layout))
    kernel.addTask("demo")
    let address = kernel.mapUser(1 << 16)
    names[Self.userBuffer] = Named(address: address, size: 1 << 16, kind: .user, isLive: true)
  }

  /// The address a place stands for.
  public func resolve(_ place: Place) throws(ActionError) -> Address {
    switch place {
    case .address(let address): return kernel.configuration.wordSize.wrap(address)
    case .spot(let spot): return address(of: spot)
    case .named(let name):
      if let named = names[name] { return named.address }
      if let local = kernel.local(named: name) ?? localElsewhere(name) { return local.address }
      if let member = member(name) { return member.holder.start &+ member.field.offset }
      throw .unknownName(name, known: knownNames)
    }
  }

  /// What a copy that names a place means; nil for bare addresses and spots.
  func holder(of place: Place) -> Holder? {
    guard case .named(let name) = place else { return nil }
    return whole(name) ?? member(name)?.holder
  }

  /// What is called that by itself.
  private func whole(_ name: String) -> Holder? {
    if let named = names[name] { return named.holder }
    return (kernel.local(named: name) ?? localElsewhere(name))?.holder
  }

  /// The member that `info.id` names, of an object or local whose structure is declared.
  func member(_ name: String) -> (holder: Holder, field: StructField)? {
    var end = name.endIndex
    while let dot = name[..<end].lastIndex(of: ".") {
      if let holder = whole(String(name[..<dot])) {
        let wanted = name[name.index(after: dot)...]
        let field = holder.layout?.fields.first {
          $0.name == wanted || $0.name.hasPrefix(wanted + ".") || $0.name.hasPrefix(wanted + "[")
        }
        return field.map { (holder, $0) }
      }
      end = dot
    }
    return nil
  }

  /// A local of a function that another task runs.
  private func localElsewhere(_ name: String) -> Local? {
    kernel.stacks.lazy.flatMap { $0.frames.lazy.flatMap(\.locals) }.first { $0.name == name }
  }

  private func address(of spot: Place.Spot) -> Address {
    switch spot {
    case .kernelText: kernel.layout.text.lowerBound
    case .linearText: kernel.layout.linearText.lowerBound
    case .stackStart: kernel.currentStack.base
    case .stackEnd: kernel.currentStack.end
    case .framePointer: kernel.currentStack.frames.last?.framePointer ?? kernel.currentStack.end
    case .stackPointer: kernel.currentStack.stackPointer
    case .noArea: kernel.layout.vmalloc.upperBound &- (1 << 30)
    case .null: 0
    }
  }

  /// Everything a place can name now, sorted.
  public var knownNames: [String] {
    let locals = (kernel.currentStack.frames + kernel.currentStack.deadFrames)
      .flatMap { $0.locals.map(\.name) }
    return (Array(names.keys) + locals).sorted()
  }

  /// The copy an action asks for, with addresses filled in.
  public func attempt(_ copy: Action.Copy) throws(ActionError) -> CopyAttempt {
    let word = kernel.configuration.wordSize
    let base = try resolve(copy.place)
    let user = try resolve(copy.user ?? .named(Self.userBuffer))
    if let sizes = copy.entry.valueSizes, !sizes.contains(copy.length) {
      throw .noValue(copy.entry, bytes: copy.length, sizes: sizes)
    }
    return CopyAttempt(
      entry: copy.entry, direction: copy.direction,
      kernel: word.add(base, UInt64(bitPattern: copy.offset)), user: user,
      length: word == .bits32 ? word.wrap(copy.length) : copy.length, isConstant: copy.isConstant,
      objectSize: copy.objectSize, intent: holder(of: copy.place))
  }

  /// The same world on another kernel, such as the one a call saw in the middle.
  public func on(_ kernel: Kernel) -> World {
    var world = self
    world.kernel = kernel
    return world
  }

  /// How the eras that know the layout of what is copied would judge a copy, oldest first.
  public func comparison(_ copy: Action.Copy) throws(ActionError) -> [CopyOutcome] {
    comparison(try attempt(copy))
  }

  /// The same for a copy that was asked for of the kernel, such as one that a call made.
  public func comparison(_ attempt: CopyAttempt) -> [CopyOutcome] {
    kernel.erasThatKnow(attempt, among: Era.compared(with: era)).map {
      kernel.judge(attempt, under: $0, recording: false)
    }
  }

  /// How every era would judge a copy on this machine, oldest first, without making it.
  public func verdicts(_ copy: Action.Copy, recording: Bool = false) throws(ActionError)
    -> [CopyOutcome]
  {
    let attempt = try attempt(copy)
    return Era.all.map { kernel.judge(attempt, under: $0, recording: recording) }
  }
}
