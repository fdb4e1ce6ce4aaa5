package import USB

/// The files of a controller in sysfs.
extension ControllerSide {
  /// What `/sys/class/udc/NAME` says about a controller, or nil when there is none of that name.
  package func controllerAttributes(_ name: String) -> [String: String]? {
    guard let controller = controllers.first(where: { $0.name == name }) else { return nil }
    return [
      "state": controller.state.rawValue,
      "current_speed": controller.speed.name,
      "maximum_speed": controller.maxSpeed.name,
      "function": controller.boundDriver?.function ?? "",
      "is_otg": "0",
      "is_a_peripheral": "0",
      "b_hnp_enable": controller.hnp & 1 << 3 != 0 ? "1" : "0",
      "a_hnp_support": controller.hnp & 1 << 4 != 0 ? "1" : "0",
      "a_alt_hnp_support": controller.hnp & 1 << 5 != 0 ? "1" : "0",
      "is_selfpowered": "0",
    ]
  }

  /// A write to `soft_connect` or `srp` of a controller (`soft_connect_store()`, `srp_store()`).
  ///
  /// - Returns: nil when it worked, else why not.
  package mutating func writeControllerFile(
    controller name: String, file: String, _ word: String
  ) -> Errno? {
    guard let controller = controllers.firstIndex(where: { $0.name == name }) else {
      return .ENOENT
    }
    switch (file, word) {
    case ("srp", _):
      if word == "1" { wakeHost(controller) }
    case ("soft_connect", _) where controllers[controller].boundDriver == nil:
      return .EOPNOTSUPP
    case ("soft_connect", "connect"): softConnect(controller)
    case ("soft_connect", "disconnect"):
      disconnectGadget(controller)
      stopController(controller)
    case ("soft_connect", _): return .EINVAL
    default: return .ENOENT
    }
    return nil
  }
}
