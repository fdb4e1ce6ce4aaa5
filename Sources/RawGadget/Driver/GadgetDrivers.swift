package import USB

/// What the drivers of `/dev/raw-gadget` and GadgetFS hold, with the files and the sleeping threads of programs.
package struct GadgetDrivers: Equatable, Sendable {
  /// Which version of the driver it is.
  package let policy: DriverPolicy
  /// Devices of the driver, by number.
  package internal(set) var devices: [Int: RawDevice] = [:]
  /// The device of GadgetFS, while its `ep0` file is open.
  package internal(set) var gadgetfs: GadgetFSDevice?
  /// Where copies are made; nil to only look whether user memory is accessible.
  package var copies: CopyMachine?
  /// Open files by descriptor of the program.
  var descriptors: [Int: Int] = [:]
  var files: [Int: OpenFile] = [:]
  var pending: [ThreadID: PendingCall] = [:]
  /// Threads that sleep in a read of GadgetFS.
  var gadgetfsReaders: [ThreadID: GadgetFSReader] = [:]
  var finished: [ThreadID: CallResult] = [:]
  var nextFile = 0
  var nextDevice = 0
  var waitOrder: UInt64 = 0
  /// The thread whose call is being made right now.
  var entering: ThreadID?
  /// True once the page allocator has warned of an impossible request; it does so once a boot.
  package var allocatorHasWarned = false

  /// The driver of that version, just loaded; nobody has opened it.
  package init(policy: DriverPolicy) { self.policy = policy }

  /// True while that thread sleeps in a call.
  package func isBlocked(_ thread: ThreadID) -> Bool {
    pending[thread] != nil || gadgetfsReaders[thread] != nil
  }

  /// The result of that thread's blocked call once it has returned; each result is given once.
  package mutating func takeResult(of thread: ThreadID) -> CallResult? {
    finished.removeValue(forKey: thread)
  }

  /// The number of a call in the header of this version of the driver.
  package func number(of ioctl: RawIoctl) -> UInt32 {
    ioctl.number(argumentSize: argumentSize(of: ioctl))
  }

  /// Bytes of a call's argument in this version of the driver.
  func argumentSize(of ioctl: RawIoctl) -> Int {
    ioctl == .`init` && policy.pointsToNames ? RawLayout.initSizeV1 : ioctl.argumentSize
  }
}
