public import Usercopy
public import USB

/// The simulated kernel the driver's copies are made in, and the rules they are judged by.
///
/// Every thread of the program has a kernel stack of its own; while it is in a call, the frames of
/// that call are on it and the objects the call allocated exist.
public struct CopyMachine: Equatable, Sendable {
  /// The kernel: its memory, slabs and stacks.
  public var kernel: Kernel
  /// The rules copies are judged by.
  public var era: Era
  /// The task of each thread in the kernel.
  public private(set) var tasks: [ThreadID: Int] = [:]
  private var objects: [ThreadID: [Address]] = [:]
  private var killed: Set<ThreadID> = []

  /// A machine that makes copies in that kernel by the rules of that era.
  public init(kernel: Kernel, era: Era) {
    self.kernel = kernel
    self.era = era
  }

  mutating func enter(_ thread: ThreadID, _ ioctl: RawIoctl, argumentSize: UInt64) {
    let (function, layout) = (ioctl.entry.function, ioctl.layout)
    enter(
      thread, "raw_ioctl", function,
      locals: layout.local.map { [LocalRequest(name: $0, size: argumentSize)] } ?? [])
  }

  /// Enters a call of two functions, the inner one with these locals.
  mutating func enter(
    _ thread: ThreadID, _ outer: String, _ inner: String, locals: [LocalRequest]
  ) {
    let task = tasks[thread] ?? kernel.addTask("thread \(thread)")
    tasks[thread] = task
    kernel.switchTo(task: task)
    kernel.call(outer)
    kernel.call(inner, locals: locals)
  }

  mutating func leave(_ thread: ThreadID) -> Bool {
    guard let task = tasks[thread] else { return false }
    kernel.switchTo(task: task)
    kernel.returnFromCall()
    kernel.returnFromCall()
    for address in objects.removeValue(forKey: thread) ?? [] { _ = kernel.free(address) }
    return killed.remove(thread) != nil
  }

  /// `kmalloc()` of an object that lives until the thread's call returns.
  mutating func allocate(_ size: Int, label: String, for thread: ThreadID) -> Address? {
    guard let address = kernel.kmalloc(UInt64(max(0, size)), label: label) else { return nil }
    objects[thread, default: []].append(address)
    return address
  }

  /// `kmalloc()` of an object that lives until it is freed, with its content.
  mutating func allocate(_ bytes: [UInt8], size: Int, label: String) -> Address? {
    guard let address = kernel.kmalloc(UInt64(max(0, size)), label: label) else { return nil }
    kernel.write(bytes, at: address)
    return address
  }

  mutating func free(_ address: Address?) {
    if let address { _ = kernel.free(address) }
  }

  /// Makes one copy between an object and the program's memory.
  ///
  /// Returns what became of it and the kernel just before.
  mutating func copy(
    _ thread: ThreadID, kernel address: Address, _ memory: UserMemory, offset: Int, length: Int,
    toUser: Bool, isConstant: Bool = false, objectSize: UInt64? = nil
  ) -> (outcome: CopyOutcome, before: Kernel) {
    if let task = tasks[thread] { kernel.switchTo(task: task) }
    let user = memory.address &+ UInt64(max(0, offset))
    let accessible = toUser ? max(memory.readable, memory.writable) : memory.readable
    if accessible > 0 {
      kernel.map(start: memory.address, length: UInt64(accessible))
      kernel.write(memory.bytes.prefix(accessible), at: memory.address)
      if memory.writable < accessible {
        let rest = memory.address &+ UInt64(memory.writable)
        kernel.unmapUser(rest, length: UInt64(accessible - memory.writable))
        kernel.map(
          start: rest, length: UInt64(accessible - memory.writable), protection: .readOnly)
      }
    }
    let before = kernel
    let outcome = kernel.copy(
      CopyAttempt(
        entry: toUser ? .copyToUser : .copyFromUser, kernel: address, user: user,
        length: UInt64(max(0, length)), isConstant: isConstant, objectSize: objectSize),
      under: era)
    if accessible > 0 { kernel.unmapUser(memory.address, length: UInt64(accessible)) }
    if outcome.isFatal { killed.insert(thread) }
    return (outcome, before)
  }
}
