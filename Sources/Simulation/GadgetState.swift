public import UsbHost
public import GadgetWorld
public import RawGadget
public import USB

/// The raw-gadget half of a world: the machine, and what a scenario calls its parts.
public struct GadgetSide: Sendable {
  /// Driver, controllers and host.
  public internal(set) var machine: GadgetWorld
  /// Descriptors by the names of open files.
  public internal(set) var files: [String: Int] = [:]
  /// Threads by name, the host's among them.
  public internal(set) var threads: [String: ThreadID] = [:]
  /// The latest calls, oldest first.
  public internal(set) var calls: [CallRecord] = []

  /// What the machine was like inside the step being played; nil unless it is asked for.
  var moments: [GadgetWorld]?

  /// How many calls are remembered.
  public static let callLimit = 64

  /// Threads at most, and open files.
  public static let threadLimit = 1024
  /// Open files at most.
  public static let fileLimit = 1024

  init(policy: DriverPolicy, setup: GadgetSetup) {
    machine = GadgetWorld(policy: policy, setup: setup)
  }

  /// What threads are called, by their numbers.
  public var threadNames: [ThreadID: String] {
    Dictionary(threads.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
  }

  /// The name of a thread.
  public func name(of thread: ThreadID) -> String {
    threads.first { $0.value == thread }?.key ?? "thread \(thread)"
  }

  /// Whether a thread of that name can make a call: it is known, or there is room for one more.
  public func hasRoom(forThread name: String) -> Bool {
    threads[name] != nil || threads.count < Self.threadLimit
  }

  /// Whether one more file can be opened.
  public var hasRoomForFile: Bool { files.count < Self.fileLimit }

  /// The number of a thread, which is new when the name is.
  mutating func thread(_ name: String) throws(ActionError) -> ThreadID {
    if let known = threads[name] { return known }
    guard hasRoom(forThread: name) else {
      throw .tooMany("threads", limit: Self.threadLimit)
    }
    let id = threads.count
    threads[name] = id
    return id
  }

  mutating func remember(_ call: CallRecord) {
    calls.append(call)
    // A call that sleeps is still to return.
    while calls.count > Self.callLimit,
      let oldest = calls.firstIndex(where: { $0.state != .blocked })
    { calls.remove(at: oldest) }
  }
}

/// A call as the pane lists it.
public struct CallRecord: Sendable, Equatable {
  /// How it stands.
  public enum State: Sendable, Equatable {
    case blocked
    indirect case returned(CallResult)
    /// A host action's result.
    indirect case host(HostResult)
  }

  /// What was called.
  public enum Call: Sendable, Equatable {
    case open(nonblocking: Bool)
    case close(file: String)
    indirect case ioctl(IoctlRequest, CallArgument)
    indirect case host(HostAction)
    /// Opens the `ep0` file of GadgetFS.
    case openGadgetFS
    indirect case gadgetfs(Action.GadgetFS.Call)
  }

  /// Name of the thread that made it.
  public var thread: String
  /// What was called.
  public var call: Call
  /// How it stands.
  public var state: State
  /// When it was made, microseconds.
  public var time: Microseconds
}
