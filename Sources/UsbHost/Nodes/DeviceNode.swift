/// A node that a driver made of a device: a file below `/dev`, or a network interface.
public struct DeviceNode: Equatable, Sendable {
  /// Its name below `/dev`, such as `usb/lp0`; of a network interface its name.
  public var name: String
  /// The driver it is reached through.
  public var driver: String
  /// The host's number of the device it belongs to.
  public internal(set) var device: Int
  /// The interface it belongs to.
  public internal(set) var interface: Int
  /// What it is for, as far as the host makes a difference.
  public var kind: Kind
  /// How it is open; nil while it is not.
  public internal(set) var mode: NodeMode?
  /// The last bytes that came through it from the device, at most 64.
  public internal(set) var lastReceived: [UInt8] = []

  /// Kinds of nodes.
  public enum Kind: String, Equatable, Sendable, CaseIterable {
    case character
    case block
    case network
    case input
    /// Nothing is to be opened: programs reach the driver through usbfs.
    case interface
  }

  /// What stands for it in a list of files.
  public var path: String {
    switch kind {
    case .character, .block, .input: "/dev/" + name
    case .network, .interface: name
    }
  }

  /// The last part of its name, by which people call it.
  public var shortName: String {
    name.split(separator: "/").last.map(String.init) ?? name
  }
}
