/// A driver of interfaces that a host's kernel may have as a module, by the module's name.
///
/// usbcore with its hubs and usbfs, and usbhid, are always there.
public enum HostModule: String, Equatable, Sendable, CaseIterable {
  case usblp
  case usbStorage = "usb-storage"
  case cdcACM = "cdc-acm"
  case usbtmc
  case ftdi = "ftdi_sio"
  case ch341
  case pl2303
  case cp210x
  case oti6858
  case rtl8150
  case pegasus
  case cdcEther = "cdc_ether"
  case usbtest
  case aiptek
  case hanwang
  case kbtab
  case acecad
  case notetaker = "pegasus_notetaker"
  case sisusbvga
  case xpad

  /// The driver it brings.
  var driver: any InterfaceDriver.Type {
    switch self {
    case .usblp: Usblp.self
    case .usbStorage: UsbStorage.self
    case .cdcACM: CdcAcm.self
    case .usbtmc: Usbtmc.self
    case .ftdi: SerialDriver<Ftdi>.self
    case .ch341: SerialDriver<CH341>.self
    case .pl2303: SerialDriver<PL2303>.self
    case .cp210x: SerialDriver<CP210x>.self
    case .oti6858: SerialDriver<OTI6858>.self
    case .rtl8150: NetworkDriver<RTL8150>.self
    case .pegasus: NetworkDriver<Pegasus>.self
    case .cdcEther: NetworkDriver<CdcEther>.self
    case .usbtest: Usbtest.self
    case .aiptek: TabletDriver<Aiptek>.self
    case .hanwang: TabletDriver<Hanwang>.self
    case .kbtab: TabletDriver<KBTab>.self
    case .acecad: TabletDriver<Acecad>.self
    case .notetaker: TabletDriver<Notetaker>.self
    case .sisusbvga: Sisusb.self
    case .xpad: TabletDriver<Xpad>.self
    }
  }

  /// Loaded before usbhid: tablets give way to it.
  var isBeforeHID: Bool {
    switch self {
    case .usblp, .usbStorage, .cdcACM, .usbtmc, .ftdi, .ch341, .pl2303, .cp210x, .oti6858,
      .rtl8150, .pegasus, .cdcEther, .usbtest:
      true
    case .aiptek, .hanwang, .kbtab, .acecad, .notetaker, .sisusbvga, .xpad: false
    }
  }
}

/// Which modules a host has loaded beside usbcore and usbhid.
public struct HostModules: Equatable, Sendable {
  /// The modules.
  public let loaded: [HostModule]

  /// None: usbcore and usbhid only.
  public static let input = HostModules([])
  /// All there are, as on an ordinary distribution's kernel.
  public static let all = HostModules(HostModule.allCases)

  /// Some of them; the order is always that in which they are loaded.
  public init(_ modules: [HostModule]) {
    loaded = HostModule.allCases.filter(modules.contains)
  }

  /// The words that stand for many at once.
  public static let words = ["all", "input"]

  /// - Parameter text: `all`, `input` for none, or names with commas or spaces between them.
  /// - Throws: a word that names no module.
  public init(_ text: String) throws(UnknownModule) {
    var modules: [HostModule] = []
    for word in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
      switch word {
      case "all": modules += HostModule.allCases
      case "input": break
      default:
        // modprobe takes both signs as one.
        let name = word.replacing("-", with: "_")
        guard let module = HostModule.allCases.first(where: { $0.name == name }) else {
          throw UnknownModule(name: String(word))
        }
        modules.append(module)
      }
    }
    self.init(modules)
  }

  /// As it is written.
  public var text: String {
    if self == .all { return "all" }
    return self == .input ? "input" : loaded.map(\.rawValue).joined(separator: ", ")
  }
}

extension HostModule {
  fileprivate var name: String { rawValue.replacing("-", with: "_") }
}

/// A name that no module of a host has.
public struct UnknownModule: Error, Equatable, Sendable {
  /// As it was written.
  public var name: String
}
