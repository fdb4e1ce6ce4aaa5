package import USB

extension Host {
  /// A host just booted, with a root hub on each of these and these drivers.
  package init(hubs: [RootHubID], modules: HostModules = .input) {
    self.init(hubs: hubs, drivers: DriverTable(drivers: Self.drivers(modules)))
  }

  /// In the order in which they were loaded.
  private static func drivers(_ modules: HostModules) -> [any InterfaceDriver.Type] {
    // Without modules usbhid came first.
    guard modules != .input else {
      return [HIDInterface.self, HubDriver.self, UsbfsInterface.self]
    }
    let early = modules.loaded.filter(\.isBeforeHID).map(\.driver)
    let late = modules.loaded.filter { !$0.isBeforeHID }.map(\.driver)
    return [UsbfsInterface.self, HubDriver.self] + early + [HIDInterface.self] + late
  }
}
