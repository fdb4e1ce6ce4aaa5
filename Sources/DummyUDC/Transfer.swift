package import USB

extension ControllerSide {
  /// The timer of one half of a controller (`dummy_timer()`): every queued URB gets its turn.
  package mutating func controllerTimer(_ half: RootHubID) {
    self[half].timerArmed = false
    self[half].nextFrameURB = nil
    for endpoint in controllers[half.controller].endpoints.indices {
      controllers[half.controller].endpoints[endpoint].alreadySeen = false
    }
    var budget = Self.frameBudget(controllers[half.controller].speed)
    while serveOne(half, &budget) {}
    guard !self[half].urbs.isEmpty else { return }
    armController(half)
  }

  /// The interval between two turns: one microframe.
  package static var controllerInterval: Microseconds { 125 }

  /// Sees to it that the half has its turn at the next microframe.
  package mutating func armController(_ half: RootHubID) {
    guard !self[half].timerArmed else { return }
    self[half].timerArmed = true
    armTurn(of: half, at: now &+ Self.controllerInterval)
  }

  /// `dummy_urb_enqueue()`: an URB the host has just made known joins the queue.
  package mutating func enqueueURB(_ id: Int, _ half: RootHubID) {
    self[half].urbs.append(id)
    if self[half].nextFrameURB == nil { self[half].nextFrameURB = id }
    armController(half)
  }

  /// Bytes a turn may move.
  static func frameBudget(_ speed: UsbSpeed) -> Int {
    switch speed {
    case .low: 8 * 12
    case .full: 64 * 19
    case .high: 512 * 13 * 8
    case .super: 490_000
    default: 0
    }
  }

  /// Serves URBs from the head of the queue until one is given back.
  ///
  /// - Returns: true when the queue has to be looked at from its head again.
  private mutating func serveOne(_ half: RootHubID, _ budget: inout Int) -> Bool {
    for id in self[half].urbs {
      if id == self[half].nextFrameURB { return false }
      var endpoint: Int?
      switch turn(half, id, &budget, &endpoint) {
      case .keep: continue
      case .restart: return true
      case .finish(let status):
        self[half].urbs.removeAll { $0 == id }
        if let endpoint {
          controllers[half.controller].endpoints[endpoint].alreadySeen = false
          controllers[half.controller].endpoints[endpoint].setupStage = false
        }
        giveBackURB(id, status: status)
        return true
      }
    }
    return false
  }

  private mutating func turn(
    _ half: RootHubID, _ id: Int, _ budget: inout Int, _ found: inout Int?
  ) -> Turn {
    guard let urb = urbs[id] else { return .finish(0) }
    if urb.unlinked != nil { return .finish(Errno.EINPROGRESS.negated) }
    if self[half].suspended || budget <= 0 { return .keep }
    guard let endpoint = findEndpoint(half, urb.endpoint) else {
      return .finish(Errno.EPROTO.negated)
    }
    found = endpoint
    let controller = half.controller
    if controllers[controller].endpoints[endpoint].alreadySeen { return .keep }
    controllers[controller].endpoints[endpoint].alreadySeen = true
    if endpoint == 0, urb.isNew {
      controllers[controller].endpoints[0].setupStage = true
      urbs[id]?.isNew = false
    }
    let state = controllers[controller].endpoints[endpoint]
    if state.halted, !state.setupStage { return .finish(Errno.EPIPE.negated) }
    if endpoint == 0, state.setupStage, let setup = urb.setup {
      return setupTurn(half, id, setup)
    }
    if urb.type == .isochronous { return .finish(Errno.EINVAL.negated) }
    let limit = limit(urb, controller, endpoint, budget: budget)
    let moved = transfer(half, id, endpoint, limit: limit)
    budget -= moved.sent
    return moved.status.map(Turn.finish) ?? .keep
  }

  /// Bytes an URB may move in a turn that has that budget left.
  func limit(_ urb: URB, _ controller: Int, _ endpoint: Int, budget: Int) -> Int {
    urb.type == .interrupt ? max(budget, periodicBytes(controller, endpoint)) : budget
  }

  /// `periodic_bytes()`: what an interrupt endpoint may move even when the frame is full.
  private func periodicBytes(_ controller: Int, _ endpoint: Int) -> Int {
    let state = controllers[controller].endpoints[endpoint]
    switch controllers[controller].speed {
    case .super where state.descriptor?.type == .interrupt: return 3 * 1024 * 8
    case .high:
      let packets = Int((state.descriptor?.wMaxPacketSize ?? 0) >> 11 & 3) + 1
      return state.maxPacket * (1 + packets * 8)
    default: return state.maxPacket
    }
  }

  private mutating func setupTurn(_ half: RootHubID, _ id: Int, _ setup: SetupPacket) -> Turn {
    let controller = half.controller
    if !controllers[controller].endpoints[0].queue.isEmpty {
      var stale = controllers[controller].endpoints[0].queue.removeFirst()
      stale.status = Errno.EOVERFLOW.negated
      giveBack(stale, endpoint: 0, controller: controller)
      controllers[controller].endpoints[0].alreadySeen = false
      return .restart
    }
    controllers[controller].endpoints[0].setupStage = false
    controllers[controller].endpoints[0].halted = false
    switch answerControl(half, setup) {
    case .done(let bytes):
      note(.setupAnswered(controller: controller, setup, status: 0))
      note(.routed(controller: controller, setup, status: 0))
      urbs[id]?.receive(bytes)
      return .finish(0)
    case .stalled:
      note(
        .setupAnswered(controller: controller, setup, status: Errno.EPIPE.negated))
      note(.routed(controller: controller, setup, status: Errno.EPIPE.negated))
      return .finish(Errno.EPIPE.negated)
    case .forwarded:
      note(.setup(controller: controller, setup))
      guard let driver = controllers[controller].driver, driverSetup(driver, setup) >= 0 else {
        return .finish(Errno.EPIPE.negated)
      }
      let moved = transfer(half, id, 0, limit: 65536)
      return moved.status.map(Turn.finish) ?? .keep
    }
  }

  /// `transfer()`: moves packets between an URB and the requests queued on its endpoint.
  ///
  /// - Returns: bytes moved, and the URB's status when it is complete.
  private mutating func transfer(
    _ half: RootHubID, _ id: Int, _ endpoint: Int, limit: Int
  ) -> (sent: Int, status: Int?) {
    let controller = half.controller
    var limit = limit
    var sent = 0
    while let first = controllers[controller].endpoints[endpoint].queue.first,
      var urb = urbs[id]
    {
      var request = first
      let packet = max(1, controllers[controller].endpoints[endpoint].maxPacket)
      let hostLeft = urb.length - urb.actual
      let deviceLeft = request.length - request.actual
      let toHost = urb.isIn
      var length = min(hostLeft, deviceLeft)
      var isShort = true
      var rescan = false
      var status: Int?
      if length > 0 {
        if limit < packet, limit < length { break }
        length = min(length, limit)
        if length == 0 { break }
        if length >= packet {
          isShort = false
          rescan = length % packet != 0
          length -= length % packet
        }
        move(length, &urb, &request)
        limit -= length
        sent += length
        note(
          .transferred(
            controller: controller,
            endpoint: controllers[controller].endpoints[endpoint].name, toHost: toHost,
            bytes: length))
      }
      if isShort {
        status = 0
        request.status = 0
        if hostLeft != deviceLeft {
          if toHost, deviceLeft > hostLeft { status = Errno.EOVERFLOW.negated }
          if !toHost, hostLeft > deviceLeft { request.status = Errno.EOVERFLOW.negated }
        }
      } else {
        if request.length == request.actual {
          if request.zero, toHost { rescan = true } else { request.status = 0 }
        }
        if urb.length == urb.actual {
          if urb.zeroPacket, !toHost { rescan = true } else { status = 0 }
        }
      }
      urbs[id] = urb
      if request.status != nil {
        controllers[controller].endpoints[endpoint].queue.removeFirst()
        giveBack(request, endpoint: endpoint, controller: controller)
        rescan = true
      } else {
        controllers[controller].endpoints[endpoint].queue[0] = request
      }
      if let status { return (sent, status) }
      if !rescan { break }
    }
    return (sent, nil)
  }

  private func move(_ length: Int, _ urb: inout URB, _ request: inout GadgetRequest) {
    if urb.isIn {
      urb.buffer += request.buffer.dropFirst(request.actual).prefix(length)
    } else {
      request.buffer += urb.buffer.dropFirst(urb.actual).prefix(length)
    }
    urb.actual += length
    request.actual += length
  }
}

/// What a look at one URB led to.
private enum Turn {
  case keep
  case finish(Int)
  /// Something changed; begin again at the head of the queue.
  case restart
}
