public import RawGadget
public import Usercopy

/// An open raw-gadget file as it was found in a kernel's memory, with the events that nobody has fetched.
public struct FoundGadget: Sendable, Hashable {
  /// An event of its queue.
  public struct Event: Sendable, Hashable {
    /// Where its `struct usb_raw_event` lies.
    public var address: Address
    /// Its type as the driver numbers them.
    public var type: UInt32
    /// The bytes it brings.
    public var data: [UInt8]

    /// An event from its parts.
    public init(address: Address, type: UInt32, data: [UInt8]) {
      self.address = address
      self.type = type
      self.data = data
    }

    /// The type; nil for a number that no driver uses.
    public var known: RawEventType? { RawEventType(rawValue: type) }
  }

  /// Name of the task that has it open.
  public var task: String
  /// Number of that task.
  public var pid: Int
  /// Its state, as the driver calls it.
  public var state: String
  /// Events nobody has fetched, oldest first.
  public var queue: [Event]

  /// A file from its parts.
  public init(task: String, pid: Int, state: String, queue: [Event]) {
    self.task = task
    self.pid = pid
    self.state = state
    self.queue = queue
  }

  /// Most files and most events of one that a scenario holds.
  public static let most = 64
}
