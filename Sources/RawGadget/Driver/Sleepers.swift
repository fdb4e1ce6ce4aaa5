package import USB

/// Where a thread sleeps in the raw-gadget driver.
public enum SleepPlace: Equatable, Sendable {
  /// EVENT_FETCH waits for an event.
  case events
  /// A transfer of endpoint 0.
  case ep0
  /// A transfer of the endpoint with that handle.
  case endpoint(Int)
}

extension GadgetDrivers {
  /// The threads that sleep in calls of a device, the one that sleeps longest first.
  package func sleepers(in device: Int) -> [(thread: ThreadID, place: SleepPlace)] {
    pending.filter { $0.value.device == device }.sorted { $0.value.order < $1.value.order }.map {
      let place: SleepPlace =
        switch $0.value.wait {
        case .event: .events
        case .ep0: .ep0
        case .endpoint(_, let handle): .endpoint(handle)
        }
      return ($0.key, place)
    }
  }

  /// Open file descriptions of a device.
  package func openFiles(of device: Int) -> Int { files.values.count { $0.device == device } }
}
