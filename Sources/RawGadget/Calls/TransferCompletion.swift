import Usercopy
import USB

extension DriverSide {
  /// `gadget_ep0_complete()` and `gadget_ep_complete()`: the request of a sleeping call is done.
  mutating func rawRequestCompleted(_ device: Int, _ request: GadgetRequest) {
    switch request.owner {
    case .fifo: return
    case .ep0: completeEP0(device, request)
    case .endpoint(let handle): completeEndpoint(device, handle, request)
    }
  }

  private mutating func completeEP0(_ device: Int, _ request: GadgetRequest) {
    let waiting = drivers.pending.first {
      if case .ep0 = $0.value.wait { $0.value.device == device } else { false }
    }
    guard let (thread, call) = waiting, case .ep0(let io) = call.wait else { return }
    drivers.devices[device]?.ep0InPending = false
    drivers.devices[device]?.ep0OutPending = false
    drivers.devices[device]?.ep0TransferQueued = false
    noteWaking(thread)
    finish(thread, transferResult(thread, call.ioctl, io, request))
  }

  private mutating func completeEndpoint(_ device: Int, _ handle: Int, _ request: GadgetRequest) {
    let waiting = drivers.pending.first {
      if case .endpoint(_, let other) = $0.value.wait {
        $0.value.device == device && other == handle
      } else {
        false
      }
    }
    guard let (thread, call) = waiting, case .endpoint(let io, _) = call.wait else { return }
    setTransferQueued(device, handle, false)
    noteWaking(thread)
    finish(thread, transferResult(thread, call.ioctl, io, request))
  }

  /// The result of a transfer, after the data of a read was copied out.
  private mutating func transferResult(
    _ thread: ThreadID, _ ioctl: RawIoctl, _ io: EndpointIO, _ request: GadgetRequest
  ) -> CallResult {
    let status = request.status ?? 0
    if status < 0 {
      return .refused(ioctl.refusal(.transferFailed, Errno(negated: status) ?? .EIO))
    }
    guard io.isRead else { return .success(request.actual) }
    let data = Array(request.buffer.prefix(min(io.length, request.actual)))
    if let address = io.address { drivers.copies?.kernel.write(data, at: address) }
    guard
      copyOut(
        thread, data, object: "data", from: io.address, to: io.memory,
        offset: RawLayout.headerSize)
    else { return .refused(ioctl.refusal(.resultUnwritable)) }
    return .success(request.actual, data: data)
  }
}
