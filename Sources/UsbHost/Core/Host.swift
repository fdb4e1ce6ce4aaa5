public import USB

/// The host's side: root hubs, devices, URBs in flight, the kernel's tasks and open usbfs files.
public struct Host: Equatable, Sendable {
  /// Root hubs.
  public internal(set) var hubs: [RootHubID: RootHub] = [:]
  /// Devices, by a number of the host's own.
  public internal(set) var devices: [Int: UsbDevice] = [:]
  /// The drivers of interfaces, in the order in which they are asked.
  let drivers: DriverTable
  /// Who is told of each URB in flight.
  var owners: [Int: OwnedURB] = [:]
  var tasks: [Int: HostTask] = [:]
  var readyTasks: [Int] = []
  var usbfsFiles: [Int: UsbfsFile] = [:]
  /// Nodes that drivers of interfaces have made, in the order in which they appeared.
  public internal(set) var nodes: [DeviceNode] = []
  /// Bytes that came from devices and that no program has read yet, by node.
  var arrived: [String: [UInt8]] = [:]
  /// URBs taken by a reap that is about to return.
  var reaped: [ThreadID: UsbfsFile.Completed] = [:]
  var nextDevice = 0
  var nextURB = 0
  var nextTask = 0
  var nextFile = 0
  /// HID devices and input devices there have been since boot.
  var nextHID = 0
  var nextInput = 0
  /// What is known of storage devices, by their interfaces.
  var storages: [InterfacePlace: StorageState] = [:]
  /// SCSI hosts there have been since boot.
  var nextSCSIHost = 0
  /// True once the driver of optical drives has said its version.
  var hasToldOfCDROM = false
  /// LEDs of the console's keyboards that are on.
  var lockLEDs: Set<HIDUsage> = []
  /// Lines of the log that are not printed without end.
  var logLimits: [HIDMessage.Site: LogLimit] = [:]
  /// Results of threads whose action is over.
  var finished: [ThreadID: HostResult] = [:]
  var token: UInt64 = 0

  /// A host just booted, with a root hub on each of these and these drivers of interfaces.
  init(hubs: [RootHubID], drivers: DriverTable) {
    self.drivers = drivers
    for (index, half) in hubs.enumerated() {
      self.hubs[half] = RootHub(bus: index + 1, speed: half.isSuper ? .super : .high)
    }
  }

  /// True while a hub looks at what was plugged in, up to the end of the last driver's probe.
  public var isAttaching: Bool { hubs.values.contains { $0.task != nil } }

  /// True while a hub is at work, a program's call is not over, or something waits for a device.
  public var isWaiting: Bool { tasks.values.contains { $0.owner != .worker || $0.urb != nil } }

  /// True while a host call of that thread is at work.
  package func hasTask(of thread: ThreadID) -> Bool {
    tasks.values.contains { $0.owner == .thread(thread) }
  }

  /// Root hubs in bus order.
  var buses: [(half: RootHubID, hub: RootHub)] {
    hubs.map { ($0.key, $0.value) }.sorted { $0.1.bus < $1.1.bus }
  }

  /// The device of a name such as `1-1`, among those listed in sysfs.
  public func device(named name: String) -> Int? {
    devices.first { $0.value.isRegistered && self.name(of: $0.value) == name }?.key
  }

  /// The device that is plugged in, the one with the lowest bus number first.
  var firstDevice: Int? {
    buses.compactMap { $0.hub.child }.first { devices[$0]?.isRegistered == true }
  }

  func name(of device: UsbDevice) -> String { "\(hubs[device.half]?.bus ?? 0)-1" }
}

/// A root hub with its one port.
public struct RootHub: Equatable, Sendable {
  /// The bus number, from 1.
  public let bus: Int
  /// The fastest its port can be.
  public let speed: UsbSpeed
  /// The device on its port.
  public internal(set) var child: Int?
  /// True while nothing is awake behind it.
  public internal(set) var isSuspended = true
  /// True while its status URB is queued.
  var statusQueued = false
  var eventBit = false
  var changeBit = false
  var removed = false
  var wakeRequested = false
  /// True while a reset of the device holds the port.
  var portLocked = false
  /// True after `disable` of the port was set in sysfs.
  var portDisabled = false
  var task: Int?
  var nextDevnum = 2
  var devnums: Set<Int> = [1]
}

/// An open node of usbfs.
struct UsbfsFile: Equatable, Sendable {
  var device: Int
  /// False once the device's driver is gone: only what has completed can still be reaped.
  var isConnected = true
  var claimed: Set<Int> = []
  /// Bulk endpoints that take no continuation of a transfer because it failed.
  var disabledEndpoints: Set<UInt8> = []
  /// URBs in flight by the name they were submitted with.
  var submitted: [String: Int] = [:]
  /// Completed ones, oldest first.
  var completed: [Completed] = []

  struct Completed: Equatable, Sendable {
    var tag: String
    var result: URBResult
    var isIn: Bool
  }
}
