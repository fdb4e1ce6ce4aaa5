import USB

extension HostSide {
  /// What a file of sysfs about a node says; nil when there is no such file.
  func nodeFile(_ file: String) -> String? {
    let parts = file.split(separator: "/").map(String.init)
    guard parts.count >= 4, parts[0] == "sys", ["block", "class"].contains(parts[1]) else {
      return nil
    }
    let name = parts[1] == "block" ? parts[2] : parts[3]
    guard let index = nodeIndex(name) else { return nil }
    let node = host.nodes[index]
    let bound = host.devices[node.device]?.drivers[node.interface]?.driver
    return (bound as? any NodeDriver)?.attribute(parts.last ?? "", node, self)
  }
}
