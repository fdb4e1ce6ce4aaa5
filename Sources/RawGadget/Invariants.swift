import USB

extension GadgetWorld {
  /// What is wrong with the machine's state, in words; empty as long as its laws hold.
  ///
  /// The laws: never both ep0 flags; at most 16 events; who waits for an event finds none queued;
  /// who waits for a transfer has it queued at the controller; a task of the host that waits for
  /// an URB or a time is going to be woken; GadgetFS holds at most five events and is bound where
  /// it says.
  public func violations() -> [String] {
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
      if let wrong = wrongWait(call) { found.append("thread \(thread): \(wrong)") }
      if files[call.file] == nil { found.append("thread \(thread): its file is gone") }
    }
    found += gadgetfsViolations()
    for (id, task) in host.tasks.sorted(by: { $0.key < $1.key }) where !isAwaited(id, task) {
      found.append("host task \(id) waits for nothing")
    }
    for id in controllers.indices {
      let holds = controllers[id].endpoints.contains { $0.queue.contains { $0.owner == .fifo } }
      if holds != controllers[id].fifoOccupied { found.append("controller \(id): FIFO") }
    }
    return found
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
    let bound = controllers.indices.filter { controllers[$0].boundDriver == .gadgetfs }
    if bound != (gadgetfs?.controller.map { [$0] } ?? []) {
      found.append("GadgetFS: bound to \(bound)")
    }
    return found
  }

  private func wrongWait(_ call: PendingCall) -> String? {
    guard let device = devices[call.device] else { return "its device is gone" }
    switch call.wait {
    case .event:
      return device.events.isEmpty ? nil : "an event is there and nobody was woken"
    case .ep0:
      return isQueued(.ep0, call.device) ? nil : "its ep0 transfer is not queued"
    case .endpoint(_, let handle):
      return isQueued(.endpoint(handle), call.device) ? nil : "its transfer is not queued"
    }
  }

  private func isQueued(_ owner: GadgetRequest.Owner, _ device: Int) -> Bool {
    guard let controller = devices[device]?.controller else { return false }
    return controllers[controller].endpoints.contains { endpoint in
      endpoint.queue.contains { $0.owner == owner && $0.device == device }
    }
  }

  private func isAwaited(_ id: Int, _ task: HostTask) -> Bool {
    if host.readyTasks.contains(id) { return true }
    if let urb = task.urb, host.urbs[urb] != nil { return true }
    return timers.contains(.task(id, token: task.token))
  }
}
