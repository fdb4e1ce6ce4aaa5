import USB

extension GadgetWorld {
  /// Leaves out the turns of a controller's timer that would find nothing to do.
  ///
  /// A polled endpoint without data keeps the timer going, eight thousand turns a second that change
  /// nothing. What is left out is exactly that: the timer is armed for the last turn before something else
  /// can happen.
  ///
  /// - Returns: true when turns were left out; the entry, already taken from the queue, is back in it.
  mutating func skipTurns(_ entry: TimerQueue.Entry, until time: Microseconds) -> Bool {
    guard case .controller(let half) = entry.target, isResting(half) else { return false }
    let busy = timers.all { other in
      if case .controller(let half) = other.target { !isResting(half) } else { true }
    }
    let bound = min(time, busy.first?.time ?? .max)
    guard bound > entry.time else { return false }
    let last = bound - (bound - entry.time) % Self.controllerInterval
    guard last > entry.time else { return false }
    // Controllers that take their turns at the same moments keep their order: those that had this turn
    // already have the next one first.
    let others = timers.all { other in
      guard case .controller(let half) = other.target, isResting(half) else { return false }
      return other.time < last && (last - other.time) % Self.controllerInterval == 0
    }
    let done = others.filter { $0.time > entry.time }
    let order = done + [entry] + others.filter { $0.time <= entry.time }
    others.forEach { timers.cancel($0.target) }
    order.forEach { timers.arm($0.target, at: last) }
    return true
  }

  /// Whether the next turn would leave everything as it is: every URB queued is kept.
  private func isResting(_ half: HostRef) -> Bool {
    let endpoints = controllers[half.controller].endpoints
    guard self[half].nextFrameURB == nil, !self[half].urbs.isEmpty else { return false }
    let budget = Self.frameBudget(controllers[half.controller].speed)
    let isStill = self[half].suspended || budget <= 0
    var seen = [Bool](repeating: false, count: endpoints.count)
    for id in self[half].urbs {
      guard let urb = host.urbs[id], urb.unlinked == nil else { return false }
      if isStill { continue }
      guard let endpoint = findEndpoint(half, urb.endpoint) else { return false }
      if seen[endpoint] { continue }
      seen[endpoint] = true
      guard keeps(urb, half.controller, endpoint, budget: budget) else { return false }
    }
    return zip(endpoints, seen).allSatisfy { $0.alreadySeen == $1 }
  }

  /// Whether a turn leaves an URB and its endpoint as they are.
  private func keeps(_ urb: URB, _ controller: Int, _ endpoint: Int, budget: Int) -> Bool {
    let state = controllers[controller].endpoints[endpoint]
    guard !state.halted, !state.setupStage, urb.type != .isochronous, endpoint > 0 || !urb.isNew
    else { return false }
    guard let request = state.queue.first else { return true }
    let limit = limit(urb, controller, endpoint, budget: budget)
    let length = min(urb.length - urb.actual, request.length - request.actual)
    // A packet that no frame has room for.
    return limit < state.maxPacket && limit < length
  }
}
