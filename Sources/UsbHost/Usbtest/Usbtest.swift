import USB

/// `usbtest`: holds a device to be tested; its cases are asked for through usbfs. Loaded with `pattern=1`.
struct Usbtest: Sendable, Equatable {
  static let name = "usbtest"

  var model: UsbtestModel
  var endpoints = UsbtestEndpoints()
  /// What queued transfers of a case have come to.
  var queue = UsbtestQueue()

  /// Bytes as they are sent and expected: each packet counts anew, modulo 63.
  static func pattern(_ count: Int, packet: Int) -> [UInt8] {
    (0..<max(0, count)).map { UInt8($0 % max(1, packet) % 63) }
  }
}

/// The endpoints a device is tested by.
struct UsbtestEndpoints: Equatable, Sendable {
  var bulkIn: UInt8?
  var bulkOut: UInt8?
  var isoIn: UInt8?
  var isoOut: UInt8?
  var interruptIn: UInt8?
  var interruptOut: UInt8?

  /// `get_endpoints()`: the first of each kind of a setting, as far as the model tries them.
  init?(_ setting: UsbInterface, _ model: UsbtestModel) {
    bulkIn = setting.endpoint(.bulk, isIn: true)?.address
    bulkOut = setting.endpoint(.bulk, isIn: false)?.address
    if model.triesIso {
      isoIn = setting.endpoint(.isochronous, isIn: true)?.address
      isoOut = setting.endpoint(.isochronous, isIn: false)?.address
    }
    if model.triesInterrupts {
      interruptIn = setting.endpoint(.interrupt, isIn: true)?.address
      interruptOut = setting.endpoint(.interrupt, isIn: false)?.address
    }
    let others = [isoIn, isoOut, interruptIn, interruptOut]
    guard bulkIn != nil && bulkOut != nil || others.contains(where: { $0 != nil }) else {
      return nil
    }
  }

  init() {}

  /// The kinds as the kernel log names them.
  var words: String {
    let named = [
      (bulkIn, "bulk-in"), (bulkOut, "bulk-out"), (isoIn, "iso-in"), (isoOut, "iso-out"),
      (interruptIn, "int-in"), (interruptOut, "int-out"),
    ]
    return named.filter { $0.0 != nil }.map { " " + $0.1 }.joined()
  }
}

/// An entry of the driver's table (`struct usbtest_info`): what the device is called and what it can do.
struct UsbtestModel: Equatable, Sendable {
  var id: UsbID
  var title: String
  /// The endpoints; nil when the settings are searched for some.
  var fixed: (input: UInt8, output: UInt8)?
  /// The setting every case begins with; nil for the one there is.
  var alternate: Int?
  /// True when it gives back what it was written by control transfers.
  var readsBack = false
  var triesIso = false
  var triesInterrupts = false

  static func == (a: UsbtestModel, b: UsbtestModel) -> Bool { a.id == b.id }

  /// The entry for an interface.
  static func of(_ setting: UsbInterface, _ device: UsbDevice) -> UsbtestModel? {
    all.first { $0.id.matches(setting, of: device) }
  }

  private static let all = [
    UsbtestModel(id: UsbID(0x0547, 0x2235), title: ez, fixed: (0x82, 0x02), alternate: 1),
    UsbtestModel(id: UsbID(0x0547, 0x0080), title: ez, fixed: (0x82, 0x02), alternate: 1),
    UsbtestModel(
      id: UsbID(0x04b4, 0x8613), title: "FX2 device", fixed: (0x86, 0x02), alternate: 1),
    UsbtestModel(
      id: UsbID(0xfff0, 0xfff0), title: "usb test device", alternate: 1, readsBack: true,
      triesIso: true),
    UsbtestModel(
      id: UsbID(0x0525, 0xa4a0), title: "Linux gadget zero", alternate: 0, readsBack: true,
      triesIso: true, triesInterrupts: true),
    UsbtestModel(id: UsbID(0x0525, 0xa4a4), title: "Linux user mode test driver"),
    UsbtestModel(
      id: UsbID(0x0525, 0xa4a3), title: "Linux user mode ISO test driver", triesIso: true),
  ]
  private static let ez = "EZ-USB device"
}

/// Queued transfers of a case.
struct UsbtestQueue: Equatable, Sendable {
  /// Those in flight, and those still to come back.
  var pending = 0
  var left = 0
  /// The first error.
  var status = 0
  /// The number of the request that came back last.
  var last = -1
  /// Packets that failed, of all packets.
  var errors = 0
  var packets = 0
  /// True once one could not be submitted again.
  var isRefused = false
  /// The task that waits for the last of them.
  var waiter: Int?
}

extension HostSide {
  /// Waits until none of a case's transfers is in flight.
  mutating func awaitUsbtest(_ place: InterfacePlace, _ task: Int) -> RoutineStep {
    change(Usbtest.self, place) { $0.queue.waiter = task }
    return .sleep(milliseconds: 600_000)
  }

  /// A transfer of a case came back and was not submitted again.
  mutating func usbtestCameBack(_ place: InterfacePlace) {
    guard let queue = bound(Usbtest.self, place)?.queue, queue.pending == 0,
      let waiter = queue.waiter
    else { return }
    change(Usbtest.self, place) { $0.queue.waiter = nil }
    interruptSleep(of: waiter)
  }

  /// A line of a case in the kernel log.
  mutating func usbtestLog(_ place: InterfacePlace, _ text: String) {
    interfaceLog(Usbtest.name, place, text)
  }
}
