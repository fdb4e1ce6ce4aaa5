package import USB

/// Which of the kernel's drivers a host has loaded.
public enum HostModules: String, Equatable, Sendable, CaseIterable {
  /// usbcore and usbhid only.
  case input
  /// Those of an ordinary distribution's kernel.
  case all
}

extension Host {
  /// A host just booted, with a root hub on each of these and these drivers.
  package init(hubs: [RootHubID], modules: HostModules = .input) {
    self.init(
      hubs: hubs,
      drivers: DriverTable(drivers: modules == .all ? Self.all : Self.few))
  }

  private static var few: [any InterfaceDriver.Type] {
    [HIDInterface.self, HubDriver.self, UsbfsInterface.self]
  }

  /// In the order in which they were loaded.
  private static var all: [any InterfaceDriver.Type] {
    [
      UsbfsInterface.self, HubDriver.self, Usblp.self, UsbStorage.self, CdcAcm.self, Usbtmc.self,
      SerialDriver<Ftdi>.self, SerialDriver<CH341>.self, SerialDriver<PL2303>.self,
      SerialDriver<CP210x>.self, SerialDriver<OTI6858>.self, NetworkDriver<RTL8150>.self,
      HIDInterface.self,
      TabletDriver<Aiptek>.self, TabletDriver<Hanwang>.self, TabletDriver<KBTab>.self,
      TabletDriver<Acecad>.self, TabletDriver<Notetaker>.self,
    ]
  }
}
