extension Action {
  /// A call of the program on the `ep0` file of GadgetFS.
  public struct GadgetFS: Sendable, Equatable {
    /// What is done.
    public enum Call: Sendable, Equatable {
      /// Opens the file when it is not open and writes the descriptors: a configuration for full
      /// speed, perhaps one for high speed, and the device's.
      case configure(device: [UInt8], configuration: [UInt8], highSpeed: [UInt8]?)
      /// Reads that many bytes: the next events, the data of an OUT request, or with 0 bytes the
      /// acknowledgement of a request without data.
      case read(length: Int)
      /// Answers an IN request.
      case write([UInt8])
      /// Refuses the pending request, by input or output in the wrong direction.
      case stall
    }

    /// What is done.
    public var call: Call
    /// Name of the thread that calls.
    public var thread: String
    /// Lets virtual time pass until the call returns, ten seconds at most.
    public var waits: Bool

    /// A call on the file.
    public init(_ call: Call, thread: String = "main", waits: Bool = true) {
      self.call = call
      self.thread = thread
      self.waits = waits
    }

    /// What scenarios call the open file.
    public static let file = "gadgetfs"
    /// The most bytes a read asks for.
    public static let readLimit = 65_536
  }
}
