public import GadgetWorld
import UsbHost

/// What a thread of the host waits for before it acts.
public enum HostMoment: Sendable, Hashable {
  /// A device has been given a configuration.
  case configured
  /// A driver has made a node of that name, or one whose name begins so where the name ends in `*`.
  case node(String)

  /// - Parameter text: `configured`, or a node's name such as `lp0` or `ttyUSB*`.
  public init(_ text: String) {
    self = text == Self.configured.text ? .configured : .node(text)
  }

  /// As it is written.
  public var text: String {
    switch self {
    case .configured: "configured"
    case .node(let name): name
    }
  }

  /// Whether it has come.
  public func isReached(on machine: GadgetWorld) -> Bool {
    switch self {
    case .configured: machine.host.devices.values.contains { $0.state == .configured }
    case .node(let name): Self.node(name, on: machine) != nil
    }
  }

  /// The node that a name, or the beginning of one, stands for.
  static func node(_ name: String, on machine: GadgetWorld) -> DeviceNode? {
    guard name.hasSuffix("*") else {
      return machine.host.nodes.first { $0.name == name || $0.shortName == name }
    }
    let beginning = name.dropLast()
    return machine.host.nodes.first {
      $0.name.hasPrefix(beginning) || $0.shortName.hasPrefix(beginning)
    }
  }
}

extension Action.HostCall {
  /// The call with the node it stands for, where its name is only the beginning of one.
  public func found(on machine: GadgetWorld) -> Action.HostCall {
    guard case .node(let name, let operation) = action, name.hasSuffix("*"),
      let node = HostMoment.node(name, on: machine)
    else { return self }
    var call = self
    call.action = .node(node.name, operation)
    return call
  }
}
