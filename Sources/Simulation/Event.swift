public import UsbHost
public import GadgetWorld
import RawGadget
public import Usercopy
import USB

/// What a step did, for panes, transcripts and JSON alike.
public enum Event: Sendable, Equatable {
  case allocated(name: String, cache: String, slot: Int, address: Address, size: UInt64)
  /// Pages rather than a slab object.
  case mapped(name: String, address: Address, size: UInt64)
  case freed(name: String, address: Address)
  /// Nothing of a slab was in use any more, and its pages went back to the page allocator.
  case gaveBack(cache: String, address: Address, bytes: UInt64)
  /// A function was entered; its frame pointer, where the kernel keeps them.
  case called(function: String, framePointer: Address?)
  case returned(function: String)
  case createdTask(String)
  case switched(task: String)
  case wrote(place: String, address: Address, count: Int)
  indirect case copied(CopyReport)
  /// A line the kernel logged.
  case logged(String)
  case judgedBy(era: String)
  /// Something happened in the raw-gadget machine.
  case gadget(GadgetEvent)
  /// A call of a program on the host came back.
  case hostReturned(thread: String, HostResult)
  /// The action could not be done.
  case refused(ActionError)
}

/// A copy that was made, with what it means for the bytes.
public struct CopyReport: Sendable, Equatable {
  /// What became of the copy.
  public var outcome: CopyOutcome
  /// Name of the kernel side as the scenario spells it.
  public var place: String
  /// Bytes from that place to the start of the copy.
  public var offset: Int64
  /// How the bytes of the copy are drawn.
  public var marks: [MarkRun]
  /// What it did to the kernel's bytes.
  public var effect: CopyEffect
  /// The machine just before the copy, for copies made inside a call.
  public var scene: Kernel?
  /// What the verdict hangs on that nothing tells; only on a real kernel's memory.
  public var unknowns: [UnknownFact]

  /// A report of a copy.
  public init(
    outcome: CopyOutcome, place: String, offset: Int64, on before: Kernel, scene: Kernel? = nil
  ) {
    self.scene = scene
    self.outcome = outcome
    self.place = place
    self.offset = offset
    marks = before.marks(outcome)
    effect = before.effect(outcome)
    unknowns =
      Era.named(outcome.era).map { before.unknowns(of: outcome.attempt, under: $0) } ?? []
  }

  /// Runs handed out or written over that were not the copy's own.
  public var leaks: [StoryRun] { effect.told }
}

/// Why an action could not be done.
public enum ActionError: Error, Sendable, Hashable {
  case unknownName(String, known: [String])
  case unknownCache(String, known: [String])
  case unknownTask(String, known: [String])
  case unknownEra(String, known: [String])
  case nameTaken(String)
  case notAllocated(String)
  /// A function with nothing to return to.
  case emptyStack
  case stackFull(function: String)
  case tooLarge(String, bytes: UInt64, limit: UInt64)
  case noRoom(String)
  /// A structure needs more bytes than what it is kept in has.
  case structureTooLarge(String, bytes: UInt64, limit: UInt64)
  /// More bytes are given than there is room for.
  case contentTooLarge(String, bytes: Int, limit: UInt64)
  /// A slot that a slab of the cache does not have; none at all for whole pages.
  case noSlot(String, slots: Int)
  /// A value of a size that `get_user()` and `put_user()` cannot move.
  case noValue(EntryPoint, bytes: UInt64, sizes: [UInt64])
  case unknownFile(String, known: [String])
  case unknownThread(String, known: [String])
  /// The thread sleeps in a call and cannot make another.
  case threadBlocked(String)
  /// A thread of the host waited for something that did not come.
  case neverCame(HostMoment)
  /// Threads or open files: one more than a story may have.
  case tooMany(String, limit: Int)
  /// All copies together have moved more than that many bytes.
  case movedTooMuch(limit: UInt64)
}
