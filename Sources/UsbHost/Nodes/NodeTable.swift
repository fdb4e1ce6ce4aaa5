import USB

extension HostSide {
  /// A node of a driver appears.
  mutating func addNode(
    _ name: String, _ kind: DeviceNode.Kind, driver: String, _ place: InterfacePlace
  ) {
    host.nodes.append(
      DeviceNode(
        name: name, driver: driver, device: place.device, interface: place.interface, kind: kind))
  }

  /// The nodes of an interface go away.
  mutating func removeNodes(
    _ place: InterfacePlace, where fits: (DeviceNode) -> Bool = { _ in true }
  ) {
    let gone = host.nodes.filter {
      $0.device == place.device && $0.interface == place.interface && fits($0)
    }
    host.nodes.removeAll { gone.contains($0) }
    for node in gone { wakeReaders(of: node.name) }
  }

  /// The lowest number that no node with that beginning has.
  func freeNumber(_ beginning: String) -> Int {
    let taken = Set(host.nodes.map(\.name))
    return (0...taken.count).first { !taken.contains(beginning + String($0)) } ?? taken.count
  }

  /// The place in the list of a node by its name or its short name.
  func nodeIndex(_ name: String) -> Int? {
    host.nodes.firstIndex { $0.name == name } ?? host.nodes.firstIndex { $0.shortName == name }
  }

  /// Bytes came from a device for whoever reads a node.
  mutating func deliver(_ bytes: [UInt8], to name: String) {
    guard !bytes.isEmpty, let index = nodeIndex(name) else { return }
    // The buffers of a terminal or a driver are not endless either.
    host.arrived[name] = Array((host.arrived[name, default: []] + bytes).suffix(1 << 16))
    host.nodes[index].lastReceived = Array((host.nodes[index].lastReceived + bytes).suffix(64))
    wakeReaders(of: name)
  }

  /// Ends the sleep of those who wait for something of a node.
  mutating func wakeReaders(of name: String) {
    let waiting = host.tasks.filter { ($0.value.routines.last as? NodeRead)?.node == name }
    for task in waiting.keys.sorted() { interruptSleep(of: task) }
  }
}
