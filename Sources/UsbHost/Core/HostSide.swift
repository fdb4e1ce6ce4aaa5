package import USB

/// All that the host may see and do: its own state, the URBs on the wire, the clock, the log and the monitor,
/// and the calls down to the drivers of its root hubs.
package protocol HostSide {
  var host: Host { get set }
  /// URBs in flight by number.
  var urbs: [Int: URB] { get set }
  var now: Microseconds { get }
  /// True when what happens is watched.
  var recordsEvents: Bool { get }

  /// What the kernel's USB monitor sees.
  mutating func note(_ transfer: UsbTransfer)
  /// A case of usbtest ended: 0 or a negative error number.
  mutating func noteTest(_ number: Int, _ ret: Int)
  /// A line of the kernel log.
  mutating func logLine(_ text: String)
  /// Has ``wakeTask(_:token:)`` called at that time.
  mutating func armTask(_ task: Int, token: UInt64, at time: Microseconds)
  /// Has ``autosuspendTimer(_:token:)`` called at that time.
  mutating func armAutosuspend(device: Int, token: UInt64, at time: Microseconds)

  /// A control transfer to a root hub: 0 or a negative error number, and what it answers.
  mutating func hubControl(_ half: RootHubID, _ setup: SetupPacket) -> (Int, [UInt8])
  /// Whether a root hub's port has a change to report.
  func portHasChange(_ half: RootHubID) -> Bool
  mutating func suspendRootHub(_ half: RootHubID, _ suspends: Bool)
  /// An URB made known in ``urbs`` joins its controller's queue.
  mutating func enqueueURB(_ id: Int, _ half: RootHubID)
  /// Sees to it that a controller looks at its queue.
  mutating func armController(_ half: RootHubID)

  /// A write to a file of sysfs that is not the USB host's.
  ///
  /// - Returns: nil when there is no such file, else 0 or a negative error number.
  mutating func writeGadgetFile(_ file: String, _ word: String) -> Int?
}
