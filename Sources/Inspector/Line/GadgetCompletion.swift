import RawGadget
import Simulation
import USB

/// Words for the gadget's forms of the `:` line.
enum GadgetCompletion {
  static func candidates(after words: [String], _ stem: String, _ world: World) -> [String] {
    let threads = world.gadget?.threads.keys.sorted() ?? []
    switch (words[0], words.count) {
    case ("close", _): return world.gadget?.files.keys.sorted() ?? []
    case ("signal", 2): return ["restart"]
    case ("signal", _): return threads
    case ("ioctl", 1): return GadgetLine.requests
    case ("host", 1): return HostLine.actions.map(\.name)
    default: break
    }
    let keys: [String]
    if words[0] == "ioctl" {
      guard let request = GadgetLine.request(named: words[1]) else { return [] }
      keys = GadgetLine.keys(of: request) + GadgetLine.commonKeys
    } else {
      guard let action = HostLine.actions.first(where: { $0.name == words[1] }) else { return [] }
      keys = action.keys + HostLine.commonKeys
    }
    if let equals = stem.firstIndex(of: "="), keys.contains(String(stem[..<equals])) {
      let key = String(stem[..<equals])
      return values(of: key, words[0], world).map { "\(key)=\($0)" }
    }
    let given = words.dropFirst(2).compactMap { $0.split(separator: "=").first.map(String.init) }
    return keys.filter { !given.contains($0) }.map { "\($0)=" }
  }

  private static func values(of key: String, _ subject: String, _ world: World) -> [String] {
    switch (key, subject) {
    case ("waits", _): ["true", "false"]
    case ("thread", _): world.gadget?.threads.keys.sorted() ?? []
    case ("file", "ioctl"): world.gadget?.files.keys.sorted() ?? []
    case ("pointer", _): Action.Ioctl.Pointer.allCases.map(\.rawValue)
    case ("speed", _): GadgetLine.speeds.map(\.name)
    case ("driver", _): ["dummy_udc"]
    case ("device", _): ["dummy_udc.0"]
    case ("type", "host"): ["bulk", "interrupt"]
    default: []
    }
  }
}
