/// Bits of a port's status (low half) and of its changes (high half), as USB 2 and 3 number them.
package enum PortStatus {
  package static let connection: UInt32 = 0x0001
  package static let enable: UInt32 = 0x0002
  package static let suspend: UInt32 = 0x0004
  package static let reset: UInt32 = 0x0010
  package static let power: UInt32 = 0x0100
  package static let lowSpeed: UInt32 = 0x0200
  package static let highSpeed: UInt32 = 0x0400
  package static let superPower: UInt32 = 0x0200
  package static let linkState: UInt32 = 0x01e0
  package static let changedConnection: UInt32 = 0x0001_0000
  package static let changedEnable: UInt32 = 0x0002_0000
  package static let changedSuspend: UInt32 = 0x0004_0000
  package static let changedReset: UInt32 = 0x0010_0000
  /// Changes the root hub reports by its status endpoint.
  package static let anyChange: UInt32 = 0x001f_0000
}

/// Features of a hub's port (USB 2.0 table 11-17, USB 3.2 table 10-9).
package enum PortFeature {
  package static let enable: UInt16 = 1
  package static let suspend: UInt16 = 2
  package static let reset: UInt16 = 4
  package static let linkState: UInt16 = 5
  package static let power: UInt16 = 8
  package static let changedConnection: UInt16 = 16
  package static let changedEnable: UInt16 = 17
  package static let changedSuspend: UInt16 = 18
  package static let changedReset: UInt16 = 20
  package static let changedLinkState: UInt16 = 25
  package static let remoteWake: UInt16 = 27
  package static let warmReset: UInt16 = 28
  package static let changedWarmReset: UInt16 = 29
}
