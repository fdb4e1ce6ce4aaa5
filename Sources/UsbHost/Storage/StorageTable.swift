import USB

extension HostSide {
  /// What `usb-storage` keeps of an interface.
  func storage(_ place: InterfacePlace) -> StorageState? { host.storages[place] }

  mutating func changeStorage(_ place: InterfacePlace, _ body: (inout StorageState) -> Void) {
    guard var state = host.storages[place] else { return }
    body(&state)
    host.storages[place] = state
  }

  func unit(_ disk: DiskPlace) -> ScsiUnit? { storage(disk.storage)?.units[disk.unit] }

  mutating func changeUnit(_ disk: DiskPlace, _ body: (inout ScsiUnit) -> Void) {
    guard var unit = unit(disk) else { return }
    body(&unit)
    changeStorage(disk.storage) { $0.units[disk.unit] = unit }
  }

  /// A line of the kernel log about a disk: `sd 0:0:0:0: [sda] …`.
  mutating func diskLog(_ disk: DiskPlace, _ text: String) {
    guard let unit = unit(disk) else { return }
    logLine("sd \(unit.address): [\(unit.node)] \(text)")
  }
}

extension HostSide {
  /// The nodes every unit has: the generic one and that of the block layer's.
  mutating func addGeneric(_ disk: DiskPlace) {
    guard let unit = unit(disk) else { return }
    addNode("sg\(freeNumber("sg"))", .character, driver: StorageState.driver, disk.storage)
    addNode("bsg/\(unit.address)", .character, driver: StorageState.driver, disk.storage)
  }

  func genericName(_ disk: DiskPlace) -> String {
    host.nodes.last {
      $0.device == disk.storage.device && $0.name.hasPrefix("sg")
    }?.name ?? "sg0"
  }

  /// `sda`, `sdb` …: the first name that is free.
  func freeDiskName() -> String {
    let taken = Set(host.nodes.map(\.name))
    for letter in "abcdefghijklmnopqrstuvwxyz" where !taken.contains("sd\(letter)") {
      return "sd\(letter)"
    }
    return "sdaa"
  }
}
