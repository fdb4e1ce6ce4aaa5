import DummyUDC
import GadgetWorld
import CSupervisor
import Glibc
import RawGadget
import Simulation
import USB

/// `/sys/class/udc` as the simulated machine has it.
struct ControllerFiles {
  /// What a controller's folder says.
  struct Controller {
    var name: String
    var attributes: [(name: String, text: String)]
  }

  /// The controllers of a machine.
  static func controllers(of world: World) -> [Controller] {
    let machine =
      world.gadget?.machine
      ?? GadgetWorld(policy: world.driver, setup: world.setup)
    return machine.controllers.map { controller in
      Controller(
        name: controller.name,
        attributes: [
          ("maximum_speed", controller.maxSpeed.name + "\n"),
          ("uevent", "USB_UDC_NAME=\(controller.names.driver)\n"),
        ])
    }
  }

  private var folder: String?

  /// Whether there is such a file.
  static func has(_ named: DeviceNames.Named, in world: World) -> Bool {
    switch named {
    case .device, .controllers: true
    case .controller(let name): controllers(of: world).contains { $0.name == name }
    case .attribute(let file, let name): text(file, of: name, in: world) != nil
    }
  }

  private static func text(_ file: String, of name: String, in world: World) -> String? {
    controllers(of: world).first { $0.name == name }?.attributes.first { $0.name == file }?.text
  }

  /// What `stat(2)` says of it: mode, device number, size.
  static func status(_ named: DeviceNames.Named) -> (mode: UInt32, device: UInt64, size: UInt64) {
    switch named {
    // misc devices have the major number 10; the minor one is whichever is free.
    case .device: (UInt32(S_IFCHR) | 0o600, 10 << 8 | 125, 0)
    case .controllers, .controller: (UInt32(S_IFDIR) | 0o755, 0, 0)
    case .attribute: (UInt32(S_IFREG) | 0o444, 0, 4096)
    }
  }

  /// A descriptor for one of them, or -1 with errno.
  mutating func open(_ named: DeviceNames.Named, in world: World, for program: Program) -> Int32 {
    if case .attribute(let file, let name) = named {
      guard let text = Self.text(file, of: name, in: world) else {
        errno = ENOENT
        return -1
      }
      return cs_memory_file(file, text, text.utf8.count)
    }
    guard let folder = folder ?? make(world, program) else { return -1 }
    self.folder = folder
    let place = if case .controller(let name) = named { folder + "/" + name } else { folder }
    return Glibc.open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  }

  /// A real folder to be listed, which the keeper takes away in the end.
  private func make(_ world: World, _ program: Program) -> String? {
    guard let folder = program.makeFolder() else { return nil }
    for controller in Self.controllers(of: world) {
      let place = folder + "/" + controller.name
      guard mkdir(place, 0o755) == 0 else { return nil }
      for attribute in controller.attributes {
        let file = Glibc.open(place + "/" + attribute.name, O_CREAT | O_WRONLY | O_CLOEXEC, 0o444)
        if file >= 0 { close(file) }
      }
    }
    return folder
  }
}
