public import Usercopy

/// One thing done to the machine by hand, by a lesson or by a program.
public enum Action: Sendable, Equatable {
  indirect case alloc(Alloc)
  /// Gives a named object back.
  case free(String)
  indirect case call(Call)
  /// Returns from the innermost function.
  case `return`
  case vmalloc(name: String, size: UInt64)
  case pages(name: String, order: Int, compound: Bool)
  indirect case user(UserBuffer)
  /// A function or variable of the kernel image.
  indirect case image(Image)
  /// A part of a module.
  indirect case module(Module)
  /// Maps a page of high memory.
  case kmap(name: String, isLocal: Bool)
  case task(name: String, stack: UInt64)
  /// Makes another task run.
  case run(task: String)
  indirect case write(place: Place, offset: Int64, bytes: [UInt8])
  indirect case copy(Copy)
  /// Judges by another era from now on.
  case era(String)
  /// Nothing but words.
  case note
  /// Opens `/dev/raw-gadget`.
  case open(file: String, nonblocking: Bool)
  case close(file: String)
  indirect case ioctl(Ioctl)
  indirect case host(HostCall)
  indirect case gadgetfs(GadgetFS)
  /// Lets virtual time pass.
  case wait(milliseconds: UInt64)
  /// A signal for a thread of the program, whose handler may ask for calls to be restarted
  /// (SA_RESTART).
  case signal(thread: String, restarts: Bool = false)

  /// An object to be allocated.
  public struct Alloc: Sendable, Hashable {
    /// Cache to take it from; nil for kmalloc.
    public var cache: String?
    /// Bytes asked for; nil for the cache's object size.
    public var size: UInt64?
    /// What the scenario calls it.
    public var name: String
    /// What its owner writes into it.
    public var bytes: [UInt8]
    /// A slot to take if it is free.
    public var slot: Int?
    /// With `__GFP_ZERO`, as `kzalloc()` asks for it.
    public var isZeroed: Bool
    /// The structure that its owner keeps in it; nil for one that is not declared.
    public var structure: StructDeclaration?

    /// An object with a name, and a cache, a size or a structure.
    public init(
      cache: String?, size: UInt64?, name: String, bytes: [UInt8] = [], slot: Int? = nil,
      isZeroed: Bool = false, structure: StructDeclaration? = nil
    ) {
      self.isZeroed = isZeroed
      self.structure = structure
      self.cache = cache
      self.size = size
      self.name = name
      self.bytes = bytes
      self.slot = slot
    }
  }

  /// A function to be called.
  public struct Call: Sendable, Hashable {
    /// The function's name.
    public var function: String
    /// Its local variables, the one at the highest address first.
    public var locals: [Local]
    /// Registers it saves, by name.
    public var savedRegisters: [String]

    /// A call of a function.
    public init(function: String, locals: [Local] = [], savedRegisters: [String] = []) {
      self.function = function
      self.locals = locals
      self.savedRegisters = savedRegisters
    }
  }

  /// A local variable of a function.
  public struct Local: Sendable, Hashable {
    /// Name, as places of scenarios give it.
    public var name: String
    /// Bytes; nil for those of its structure.
    public var size: UInt64?
    /// How the function initialises it.
    public var initial: LocalInit
    /// The structure it is; nil for one that is not declared.
    public var structure: StructDeclaration?

    /// A variable with a size, or a structure that has one.
    public init(
      name: String, size: UInt64?, initial: LocalInit = .none,
      structure: StructDeclaration? = nil
    ) {
      self.name = name
      self.size = size
      self.initial = initial
      self.structure = structure
    }
  }

  /// A buffer in user space.
  public struct UserBuffer: Sendable, Hashable {
    /// What the scenario calls it.
    public var name: String
    /// Bytes.
    public var length: UInt64
    /// Whether the program may write it.
    public var protection: Protection
    /// What it holds from its start on.
    public var bytes: [UInt8]

    /// A buffer of that many bytes.
    public init(
      name: String, length: UInt64, protection: Protection = .readWrite, bytes: [UInt8] = []
    ) {
      self.name = name
      self.length = length
      self.protection = protection
      self.bytes = bytes
    }
  }

  /// A function or variable that is part of the kernel image.
  public struct Image: Sendable, Hashable {
    /// What the scenario calls it.
    public var name: String
    /// The section it is in.
    public var section: ImageSection
    /// Bytes.
    public var size: UInt64
    /// Bytes from the start of the section; nil for behind what was placed there before.
    public var offset: UInt64?
    /// What it holds since the boot.
    public var bytes: [UInt8]

    /// A part of the image of that many bytes.
    public init(
      name: String, section: ImageSection, size: UInt64, offset: UInt64? = nil,
      bytes: [UInt8] = []
    ) {
      self.name = name
      self.section = section
      self.size = size
      self.offset = offset
      self.bytes = bytes
    }
  }

  /// A part of a module, in pages of its own.
  public struct Module: Sendable, Hashable {
    /// What the scenario calls it.
    public var name: String
    /// What it is.
    public var section: ModuleSection
    /// Bytes.
    public var size: UInt64
    /// What it holds once it is loaded.
    public var bytes: [UInt8]

    /// A part of a module of that many bytes.
    public init(name: String, section: ModuleSection, size: UInt64, bytes: [UInt8] = []) {
      self.name = name
      self.section = section
      self.size = size
      self.bytes = bytes
    }
  }

  /// A copy between kernel and user memory.
  public struct Copy: Sendable, Hashable {
    /// The function that copies.
    public var entry: EntryPoint
    /// Overrides the entry's direction, for bare checks.
    public var direction: CopyDirection?
    /// The kernel side.
    public var place: Place
    /// Bytes from the place to the start of the copy.
    public var offset: Int64
    /// Bytes to copy.
    public var length: UInt64
    /// The user side; nil for the program's own buffer.
    public var user: Place?
    /// The size is a compile-time constant.
    public var isConstant: Bool
    /// What the compiler knows of the object's size; nil for nothing.
    public var objectSize: UInt64?

    /// A copy between a place in the kernel and the user side.
    public init(
      entry: EntryPoint, direction: CopyDirection? = nil, place: Place, offset: Int64 = 0,
      length: UInt64, user: Place? = nil, isConstant: Bool = false, objectSize: UInt64? = nil
    ) {
      self.entry = entry
      self.direction = direction
      self.place = place
      self.offset = offset
      self.length = length
      self.user = user
      self.isConstant = isConstant
      self.objectSize = objectSize
    }
  }
}
