/// What a controller and its gadget are called: what a program has to name at INIT.
public struct ControllerName: Equatable, Sendable {
  /// The controller's own name, as listed in `/sys/class/udc`.
  public let name: String
  /// The gadget's name (`gadget->name`), which the driver compares with what the program calls the driver.
  public let driver: String

  /// The longest name a program can give, in bytes (`UDC_NAME_LENGTH_MAX` with its NUL).
  private static let longest = 127

  /// - Parameter text: `NAME` or `NAME:DRIVER`. Without a driver the gadget is called as controllers of dwc2
  ///   call it, by the name of the controller; those of `dummy_hcd` call it `dummy_udc`.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    guard let name = parts.first, parts.allSatisfy(Self.isName) else { return nil }
    self.name = name
    let isDummy = name.hasPrefix(Self.dummy + ".")
    driver = parts.count > 1 ? parts[1] : isDummy ? Self.dummy : name
  }

  /// What `dummy_hcd` calls its controller of that number.
  init(dummy index: Int) {
    name = "\(Self.dummy).\(index)"
    driver = Self.dummy
  }

  private static let dummy = "dummy_udc"

  private static func isName(_ text: String) -> Bool {
    guard (1...longest).contains(text.utf8.count), !text.hasPrefix(".") else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: "@"):
        true
      default: false
      }
    }
  }

  /// As it is written.
  public var text: String { "\(name):\(driver)" }
}
