public import DummyUDC
public import UsbHost

/// How a machine with the raw-gadget driver is set up before anybody uses it.
public struct GadgetSetup: Equatable, Sendable {
  /// How `dummy_hcd` is loaded.
  public var controllers = GadgetWorld.Controllers.high
  /// What the controllers are called, one name each; empty for the names `dummy_hcd` gives.
  public var names: [ControllerName] = []
  /// The drivers the host has.
  public var modules = HostModules.input

  /// The most controllers a machine is given.
  public static let mostControllers = 8

  /// A setup of these parts.
  public init(
    controllers: GadgetWorld.Controllers = .high, names: [ControllerName] = [],
    modules: HostModules = .input
  ) {
    self.controllers = controllers
    self.names = names
    self.modules = modules
  }

  /// How many controllers there are.
  var count: Int {
    if !names.isEmpty { return min(names.count, Self.mostControllers) }
    return controllers == .two ? 2 : 1
  }

  /// The name of the controller of that number; nil for the one `dummy_hcd` gives.
  func name(of index: Int) -> ControllerName? {
    names.indices.contains(index) ? names[index] : nil
  }

  /// Names by their text with commas or spaces between them.
  ///
  /// - Throws: what is no name, is there twice, or is one too many.
  public static func names(_ text: String) throws(BadName) -> [ControllerName] {
    var names: [ControllerName] = []
    for word in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
      guard let name = ControllerName(String(word)),
        !names.contains(where: { $0.name == name.name })
      else { throw BadName(text: String(word)) }
      names.append(name)
    }
    guard names.count <= mostControllers else { throw BadName(text: names[mostControllers].text) }
    return names
  }

  /// The names as ``names(_:)`` reads them.
  public var namesText: String { names.map(\.text).joined(separator: ", ") }

  /// What cannot be a controller's name here.
  public struct BadName: Error, Equatable, Sendable {
    /// As it was written.
    public var text: String
  }
}
