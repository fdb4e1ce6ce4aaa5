package import USB

/// What happens at a device controller, for those who watch.
package enum ControllerEvent: Equatable, Sendable {
  /// A control request goes to the driver.
  case setup(controller: Int, SetupPacket)
  /// A control request the controller answered without its driver.
  case setupAnswered(controller: Int, SetupPacket, status: Int)
  /// A control request that ended at the controller: a stall is a negative status.
  case routed(controller: Int, SetupPacket, status: Int)
  case requestQueued(controller: Int, endpoint: String, length: Int)
  case requestCompleted(controller: Int, endpoint: String, status: Int, actual: Int)
  case transferred(controller: Int, endpoint: String, toHost: Bool, bytes: Int)
  case portStatus(RootHubID, UInt32)
}
