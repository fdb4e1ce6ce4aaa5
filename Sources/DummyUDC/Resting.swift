package import USB

extension ControllerSide {
  /// Whether the next turn of a half would leave everything as it is: every URB queued is kept.
  package func isResting(_ half: RootHubID) -> Bool {
    let endpoints = controllers[half.controller].endpoints
    guard self[half].nextFrameURB == nil, !self[half].urbs.isEmpty else { return false }
    let budget = Self.frameBudget(controllers[half.controller].speed)
    let isStill = self[half].suspended || budget <= 0
    var seen = [Bool](repeating: false, count: endpoints.count)
    for id in self[half].urbs {
      guard let urb = urbs[id], urb.unlinked == nil else { return false }
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
