package import USB

extension Host {
  /// A host just booted, with a root hub on each of these and all drivers there are.
  package init(hubs: [RootHubID]) {
    self.init(
      hubs: hubs,
      drivers: DriverTable(drivers: [HIDInterface.self, HubDriver.self, UsbfsInterface.self]))
  }
}
