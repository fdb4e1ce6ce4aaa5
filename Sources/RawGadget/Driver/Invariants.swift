package import USB

extension GadgetDrivers {
  /// What is wrong with the drivers' state, in words; empty as long as its laws hold.
  ///
  /// The laws: never both ep0 flags; at most 16 events; who waits for an event finds none queued; who waits for
  /// a transfer has it queued at the controller; GadgetFS holds at most five events.
  ///
  /// - Parameter isQueued: whether a controller has a request of a device queued.
  package func violations(
    isQueued: (_ controller: Int, _ device: Int, GadgetRequest.Owner) -> Bool
  ) -> [String] {
    var found: [String] = []
    for (number, device) in devices.sorted(by: { $0.key < $1.key }) {
      if device.ep0InPending && device.ep0OutPending {
        found.append("device \(number): both flags")
      }
      if device.events.count > RawLayout.eventQueueSize {
        found.append("device \(number): \(device.events.count) events")
      }
      if device.references < 1 { found.append("device \(number): no reference") }
    }
    for (thread, call) in pending.sorted(by: { $0.key < $1.key }) {
      let wrong = wrongWait(call) { owner in
        devices[call.device]?.controller.map { isQueued($0, call.device, owner) } ?? false
      }
      if let wrong { found.append("thread \(thread): \(wrong)") }
      if files[call.file] == nil { found.append("thread \(thread): its file is gone") }
    }
    return found + gadgetfsViolations()
  }

  private func gadgetfsViolations() -> [String] {
    var found: [String] = []
    if (gadgetfs?.events.count ?? 0) > 5 { found.append("GadgetFS: too many events") }
    for (thread, reader) in gadgetfsReaders.sorted(by: { $0.key < $1.key }) {
      guard let device = gadgetfs else {
        found.append("thread \(thread): GadgetFS is gone")
        continue
      }
      if reader.wantsData ? device.setupOut != nil : !device.events.isEmpty {
        found.append("thread \(thread): what it reads is there and it was not woken")
      }
    }
    return found
  }

  private func wrongWait(
    _ call: PendingCall, _ isQueued: (GadgetRequest.Owner) -> Bool
  ) -> String? {
    guard let device = devices[call.device] else { return "its device is gone" }
    switch call.wait {
    case .event:
      return device.events.isEmpty ? nil : "an event is there and nobody was woken"
    case .ep0:
      return isQueued(.ep0) ? nil : "its ep0 transfer is not queued"
    case .endpoint(_, let handle):
      return isQueued(.endpoint(handle)) ? nil : "its transfer is not queued"
    }
  }
}
