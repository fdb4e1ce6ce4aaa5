public import UsbHost
import GadgetWorld
public import RawGadget
import USB

/// What a program and a host do with the raw-gadget machine.
extension Action {
  /// A call of the program on `/dev/raw-gadget`.
  public struct Ioctl: Sendable, Equatable {
    /// What is handed to the driver.
    public enum Passed: Sendable, Equatable {
      /// A description, which is laid out for the version of the driver that is called.
      case described(Argument, Pointer, Reach)
      /// The very argument a program passed.
      case real(IoctlArgument)
    }

    /// The call.
    public var request: IoctlRequest
    /// Name of the open file.
    public var file: String
    /// Name of the thread that calls.
    public var thread: String
    /// What is handed to the driver.
    public var passed: Passed
    /// Lets virtual time pass until the call returns, ten seconds at most; else it stays blocked.
    public var waits: Bool

    /// A call whose argument is described.
    public init(
      _ request: IoctlRequest, file: String = "dev", thread: String = "main",
      argument: Argument = .none, pointer: Pointer = .good, reach: Reach = Reach(),
      waits: Bool = true
    ) {
      self.request = request
      self.file = file
      self.thread = thread
      passed = .described(argument, pointer, reach)
      self.waits = waits
    }

    /// One of the driver's calls, whose argument is described.
    public init(
      request: RawIoctl, file: String = "dev", thread: String = "main", argument: Argument = .none,
      pointer: Pointer = .good, reach: Reach = Reach(), waits: Bool = true
    ) {
      self.init(
        .call(request), file: file, thread: thread, argument: argument, pointer: pointer,
        reach: reach, waits: waits)
    }

    /// A call of a real program.
    public init(
      _ request: IoctlRequest, file: String, thread: String, real: IoctlArgument, waits: Bool
    ) {
      self.request = request
      self.file = file
      self.thread = thread
      passed = .real(real)
      self.waits = waits
    }

    /// What the argument holds.
    public typealias Argument = CallArgument
    /// Where the argument lies.
    public typealias Pointer = CallArgument.Pointer
    /// How much of it can be reached.
    public typealias Reach = CallArgument.Reach

    /// What the argument holds.
    public var argument: Argument { view.argument }

    /// Where the argument lies; given another place, a real argument becomes a described one.
    public var pointer: Pointer {
      get { view.pointer }
      set { passed = .described(argument, newValue, reach) }
    }

    /// How much of the argument can be reached.
    public var reach: Reach { view.reach }

    private var view: (argument: Argument, pointer: Pointer, reach: Reach) {
      switch passed {
      case .described(let argument, let pointer, let reach): (argument, pointer, reach)
      case .real(let argument): CallArgument.view(argument, of: request.layout)
      }
    }

    /// The number that version of the driver gets: a program passes its own, a described call that of
    /// the version's header.
    func kernelNumber(for machine: GadgetWorld) -> UInt32 {
      switch (passed, request) {
      case (.described, .call(let call)): machine.number(of: call)
      case (.real, _), (_, .unknown): request.number
      }
    }

    /// The argument of this call as that version of the driver gets it.
    func kernelArgument(for driver: DriverPolicy) -> IoctlArgument {
      switch passed {
      case .real(let argument): argument
      case .described(let argument, let pointer, let reach):
        argument.laidOut(for: request.layout, driver, pointer, reach)
      }
    }
  }

  /// Something done on the host's side.
  public struct HostCall: Sendable, Equatable {
    /// What is done.
    public var action: HostAction
    /// Name of the thread on the host.
    public var thread: String
    /// Lets virtual time pass until it returns, ten seconds at most.
    public var waits: Bool
    /// What the thread waits for first.
    public var when: HostMoment?
    /// Milliseconds it waits then.
    public var after: UInt64

    /// The most that may be waited before a call, milliseconds.
    public static let longestPause: UInt64 = 600_000

    /// An action of the host.
    public init(
      action: HostAction, thread: String = "host", waits: Bool = true, when: HostMoment? = nil,
      after: UInt64 = 0
    ) {
      self.action = action
      self.thread = thread
      self.waits = waits
      self.when = when
      self.after = after
    }
  }
}
