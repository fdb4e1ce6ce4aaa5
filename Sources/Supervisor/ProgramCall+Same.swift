import RawGadget

extension ProgramCall {
  /// Whether a transfer on an endpoint: what a signal does to it the driver may leave to the handler.
  var isTransfer: Bool {
    guard case .ioctl(let request, _, _) = kind else { return false }
    switch request.layout {
    case .sent, .received: return true
    case .nothing, .number, .names, .event, .descriptor, .endpoints, .unknown: return false
    }
  }

  /// Whether another call asks for the same, as one does that is made again after a signal.
  func isSame(as other: ProgramCall) -> Bool {
    guard case .ioctl(let request, let file, let argument) = kind,
      case .ioctl(let others, let othersFile, let othersArgument) = other.kind
    else { return false }
    return request == others && file == othersFile && argument == othersArgument
  }
}
