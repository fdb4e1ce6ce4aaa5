import USB

extension DriverSide {
  /// The device of a call, when it is RUNNING and its gadget is bound.
  func running(_ call: CallContext, _ ioctl: RawIoctl, row: Int) -> Result<Bound, CallFailure> {
    guard let device = drivers.devices[call.device], device.state == .running else {
      return .failure(CallFailure(.failure(.EINVAL, ioctl, row: row, why: .stateNotRunning)))
    }
    guard let controller = device.controller else {
      return .failure(CallFailure(.failure(.EBUSY, ioctl, row: row + 1, why: .gadgetNotBound)))
    }
    return .success(Bound(device: device, controller: controller))
  }
}

/// A running device and the controller its gadget is on.
struct Bound {
  var device: RawDevice
  var controller: Int
}

/// A refusal on its way out of a call.
struct CallFailure: Error {
  var result: CallResult

  init(_ result: CallResult) { self.result = result }
}
