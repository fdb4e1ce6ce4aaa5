public import USB

/// What one version of the raw-gadget driver does differently from the others.
public struct DriverPolicy: Equatable, Sendable {
  /// What a transfer does when a signal ends its wait.
  public enum InterruptedTransfer: Equatable, Sendable {
    /// EINTR, or the real result when the request completed at that moment.
    case reported
    /// `ERESTARTSYS`: EINTR, or the whole call again when the handler asked for restarts.
    case restarted
  }

  /// A short stable name, such as `linux-6.1`.
  public var name: String
  /// Longest transfer in bytes the driver itself allows; nil leaves it to the allocation.
  public var transferLimit: Int?
  /// The kinds of event that are queued.
  public var events: Set<RawEventType>
  /// True when a transfer refused by the UDC makes the device FAILED.
  public var refusedTransferFails: Bool
  /// True when an event that finds the queue full leaves a warning in the kernel log.
  public var warnsOfFullQueue: Bool
  /// What a signal does to a waiting transfer.
  public var interruptedTransfer: InterruptedTransfer
  /// Endpoints the driver can hold.
  public var maxEndpoints: Int
  /// Which calls it knows.
  public var interface: RawIoctl.Interface
  /// True for v1's 24-byte `struct usb_raw_init` of a 64-bit speed and two pointers.
  public var pointsToNames: Bool
  /// True when an unknown speed is refused, false when it silently becomes high speed.
  public var refusesUnknownSpeed: Bool
  /// True when a bad INIT pointer is EFAULT, false when the uncopied count is returned.
  public var reportsBadPointer: Bool
  /// True when open with O_NONBLOCK is refused.
  public var refusesNonblocking: Bool
  /// True when a descriptor with packet size 0 is refused before anything else.
  public var refusesZeroPacketSize: Bool
  /// The error of RUN when there is no such controller; one that is taken is EBUSY in every version.
  public var registerError: Errno
  /// True when EVENT_FETCH copies no more than the event has. False is a hypothetical driver:
  /// it trusts the program's length. Where no kernel holds the event there is nothing behind it,
  /// and the switch changes nothing.
  public var clampsLengths = true

  /// The driver of Debian's 6.1.192, mainline 6.1 with stable backports.
  public static let linux6_1 = DriverPolicy(
    name: "linux-6.1", transferLimit: 4_194_304, events: [.connect, .control],
    refusedTransferFails: true, warnsOfFullQueue: true, interruptedTransfer: .reported,
    maxEndpoints: 30,
    interface: .mainline, pointsToNames: false, refusesUnknownSpeed: true,
    reportsBadPointer: true, refusesNonblocking: true, refusesZeroPacketSize: true,
    registerError: .EBUSY)

  /// The driver of the first 6.1 release, December 2022.
  public static let linux6_1_0 = changing(linux6_1) {
    $0.name = "linux-6.1.0-driver"
    $0.transferLimit = 4096
    $0.interruptedTransfer = .restarted
  }

  /// The driver of about 6.18, October 2025.
  public static let linux6_18 = changing(linux6_1) {
    $0.name = "linux-6.18-driver"
    $0.transferLimit = nil
    $0.events = [.connect, .control, .suspend, .resume, .reset, .disconnect]
    $0.refusedTransferFails = false
    $0.warnsOfFullQueue = false
  }

  /// The driver of 6.12 with its stable backports: that of October 2025 but for the longest transfer.
  public static let linux6_12 = changing(linux6_18) {
    $0.name = "linux-6.12-driver"
    $0.transferLimit = linux6_1.transferLimit
  }

  /// The driver as first posted in November 2019.
  public static let v1_2019 = changing(linux6_1_0) {
    $0.name = "v1-2019"
    $0.maxEndpoints = 32
    $0.interface = .firstPosting
    $0.pointsToNames = true
    $0.refusesUnknownSpeed = false
    $0.reportsBadPointer = false
    $0.refusesNonblocking = false
    $0.refusesZeroPacketSize = false
    $0.registerError = .ENODEV
  }

  /// All versions, oldest last.
  public static let all = [linux6_18, linux6_12, linux6_1, linux6_1_0, v1_2019]

  /// The version of that name, or nil.
  public static func named(_ name: String) -> DriverPolicy? { all.first { $0.name == name } }

  private static func changing(
    _ policy: DriverPolicy, _ change: (inout DriverPolicy) -> Void
  ) -> DriverPolicy {
    var policy = policy
    change(&policy)
    return policy
  }
}
