public import RawGadget

/// Why a call on a driver of gadgets was refused, in words.
public enum RefusalWords {
  /// The reason in a sentence, without a capital and a full stop.
  public static func sentence(_ refusal: CallRefusal) -> String {
    refusal.fault.map(GadgetFSWords.reason) ?? sentence(refusal.check)
  }

  /// What a check finds, in a sentence.
  public static func sentence(_ check: CallCheck) -> String {
    switch check {
    case .descriptorNotOpen: "the file is not open"
    case .descriptorTaken: "the descriptor is in use"
    case .nonblocking: "O_NONBLOCK is not supported"
    case .noSuchOperation: "the file can be neither read nor written"
    case .deviceGone: "the device is gone"
    case .unknownCall: "the driver has no such call"
    case .argumentUnreadable: "the argument cannot be read"
    case .argumentNotZero: "the argument is not 0"
    case .unknownSpeed: "the driver knows no such speed"
    case .driverNameUnreadable: "the driver's name cannot be read"
    case .driverNameUnterminated: "the driver's name has no end within 128 bytes"
    case .deviceNameUnreadable: "the controller's name cannot be read"
    case .deviceNameUnterminated: "the controller's name has no end within 128 bytes"
    case .endpointOutOfRange: "the driver has no room for an endpoint of that number"
    case .unknownFlags: "a flag other than ZERO is set"
    case .lengthBeyondLimit: "the transfer is longer than the driver allows"
    case .outOfMemory: "there is no memory for a transfer of that length"
    case .dataUnreadable: "the data cannot be read"
    case .maxPacketZero: "wMaxPacketSize is 0"
    case .stateNotOpened: "the device is not OPENED any more"
    case .stateNotInitialized: "the device is not INITIALIZED; INIT comes first, once"
    case .stateNotRunning: "the device is not RUNNING"
    case .gadgetNotBound: "no controller is bound"
    case .replyAlreadyQueued, .transferAlreadyQueued: "another thread's transfer is queued there"
    case .requestDirection: "no control request of this direction is pending"
    case .nothingPending, .noRequest: "no control request is pending"
    case .bothDirectionsPending: "control requests of both directions are pending"
    case .noEndpointMatches: "no endpoint of the controller fits the descriptor"
    case .matchingEndpointsAllTaken: "every endpoint that fits is in use"
    case .handleOutOfRange: "no endpoint has that handle"
    case .endpointNotEnabled: "the endpoint is not enabled"
    case .disableInProgress: "the endpoint is being disabled"
    case .transferInFlight: "a transfer is in flight on the endpoint"
    case .endpointDirection: "the endpoint goes the other way"
    case .isochronous: "isochronous endpoints cannot be halted"
    case .register: "no free controller of that name"
    case .udcEnable: "the controller refuses to enable it"
    case .udcQueue: "the controller refuses the transfer"
    case .udcHalt: "the controller refuses the halt"
    case .signal: "a signal ended the wait"
    case .queueEmpty: "the event is gone"
    case .transferFailed: "the transfer failed"
    case .resultUnwritable: "the result cannot be written to where the argument points"
    case .controllerTaken: "every controller has a driver"
    case .alreadyMounted: "GadgetFS is open already"
    case .descriptors: "the descriptors are not valid"
    case .notConfigured: "no descriptors have been written yet"
    case .requestGivenUp: "the host gave the request up"
    case .requestRefused: "the pending request goes the other way, and is stalled"
    case .cannotRefuse: "the pending request can no longer be stalled"
    case .roomForEvent: "the buffer has no room for an event"
    case .notConnected: "no host is connected"
    case .dataGivenUp: "the host gave the request up while its data was awaited"
    case .dataLost: "the data of the request did not arrive"
    }
  }
}
