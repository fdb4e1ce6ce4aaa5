import USB

/// `usbdev_release()`: gives back what the file claimed and ends what it has in flight.
struct UsbfsClose: HostRoutine {
  var file: Int
  var device: Int
  var claimed: [Int]

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .start = input {
      return .call(UnbindInterfaces(device: device, interfaces: claimed))
    }
    let left = side.host.usbfsFiles[file]?.submitted.values.sorted() ?? []
    for urb in left.reversed() { side.unlink(urb, .ENOENT) }
    side.host.usbfsFiles[file] = nil
    side.host.devices[device]?.usage -= 1
    side.armAutosuspend(device)
    return .done(0)
  }
}

extension HostSide {
  /// `usbdev_remove()`: the device's files are cut off from it, with what is in flight.
  mutating func disconnectFiles(_ device: Int) {
    for (id, file) in host.usbfsFiles.sorted(by: { $0.key < $1.key })
    where file.device == device && file.isConnected {
      host.usbfsFiles[id]?.isConnected = false
      for urb in file.submitted.values.sorted().reversed() { unlink(urb, .ENOENT) }
    }
  }
}
