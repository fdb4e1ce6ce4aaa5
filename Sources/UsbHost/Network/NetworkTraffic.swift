import USB

/// An interface goes up (`ndo_open()`).
struct NetworkUp<Adapter: NetworkAdapter>: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case before
    case after
    case linked
    case over
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place) else {
      return .done(Errno.ENODEV.negated)
    }
    let routines = driver.adapter.up(place, driver.address)
    switch stage {
    case .start:
      stage = .before
      return .call(Routines(routines.before))
    case .before:
      guard input.value.ret >= 0 else { return .done(input.value.ret) }
      side.change(NetworkDriver<Adapter>.self, place) {
        $0.isUp = true
        $0.ups += 1
      }
      side.readNetworkState(Adapter.self, place)
      side.readFrames(Adapter.self, place)
      stage = .after
      return .call(Routines(routines.after))
    case .after:
      guard input.value.ret >= 0 else {
        side.change(NetworkDriver<Adapter>.self, place) { $0.isUp = false }
        return .done(Errno.EIO.negated)
      }
      stage = .linked
      return .call(NetworkLink<Adapter>(place: place, interval: nil))
    case .linked:
      stage = .over
      side.startTask(.worker, NetworkTalk<Adapter>(place: place, ups: driver.ups))
      // The interface itself, IPv4 and IPv6 each say what they want to receive.
      let request = driver.adapter.multicast(place)
      return .call(
        RequestList(
          device: place.device, [request, request, request], ignoresErrors: true))
    case .over: return .done(0)
    }
  }
}

/// A look at an adapter's link: once, or again and again as long as there is an interface.
struct NetworkLink<Adapter: NetworkAdapter>: HostRoutine {
  var place: InterfacePlace
  /// Milliseconds; nil for once.
  var interval: Int?
  private var isAsked = false

  init(place: InterfacePlace, interval: Int?) {
    self.place = place
    self.interval = interval
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place) else { return .done(0) }
    if isAsked {
      isAsked = false
      if let known = driver.adapter.hasLink(input.value) {
        side.setCarrier(Adapter.self, place, known)
      }
      guard interval != nil else { return .done(0) }
    }
    if let interval, input != .woke { return .delayed(milliseconds: interval, now: side.now) }
    guard let routine = driver.adapter.link(place) else { return .done(0) }
    isAsked = true
    return .call(routine)
  }
}

/// An interface goes down (`ndo_stop()`).
struct NetworkDown<Adapter: NetworkAdapter>: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case told
    case reset
    case killed
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place) else { return .done(0) }
    let ends = driver.endpoints
    switch stage {
    case .start:
      stage = .told
      let first = RequestList(
        device: place.device, [driver.adapter.multicast(place)], ignoresErrors: true)
      return .call(Routines([first] + driver.adapter.down(place)))
    case .told:
      side.change(NetworkDriver<Adapter>.self, place) {
        $0.isUp = false
        $0.waiting = []
        $0.writing = 0
      }
      stage = .reset
      guard Adapter.resetsAtOnce else { return kill(ends) }
      side.flush(device: place.device, .ECONNRESET) {
        [ends.input, ends.output].contains($0.endpoint)
      }
      return .pause(200)
    case .reset: return kill(ends)
    case .killed: return .done(0)
    }
  }

  private mutating func kill(_ ends: NetworkEndpoints) -> RoutineStep {
    stage = .killed
    return .call(
      KillURBs(
        device: place.device,
        endpoints: [ends.input, ends.output] + [ends.notify].compactMap { $0 }))
  }
}

/// A frame of a program is sent.
struct NetworkSend<Adapter: NetworkAdapter>: HostRoutine {
  var place: InterfacePlace
  var frame: [UInt8]

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place) else {
      return .done(Errno.ENODEV.negated)
    }
    guard driver.isUp else { return .done(Errno.ENETDOWN.negated) }
    side.sendFrame(Adapter.self, place, frame)
    return .done(frame.count)
  }
}

extension HostSide {
  /// `netif_carrier_on()` and `netif_carrier_off()`.
  mutating func setCarrier<Adapter: NetworkAdapter>(
    _ type: Adapter.Type, _ place: InterfacePlace, _ isThere: Bool
  ) {
    guard let driver = bound(NetworkDriver<Adapter>.self, place), driver.hasCarrier != isThere
    else { return }
    change(NetworkDriver<Adapter>.self, place) { $0.hasCarrier = isThere }
    guard driver.isUp, isThere else { return }
    startTask(.worker, NetworkTalk<Adapter>(place: place, ups: driver.ups))
  }

  /// `ndo_start_xmit()`: a frame waits for an URB; without a carrier it is lost.
  mutating func sendFrame<Adapter: NetworkAdapter>(
    _ type: Adapter.Type, _ place: InterfacePlace, _ frame: [UInt8]
  ) {
    change(NetworkDriver<Adapter>.self, place) {
      // The queue of an interface holds a thousand.
      if $0.hasCarrier, $0.waiting.count < 1000 { $0.waiting.append(frame) }
    }
    pumpFrames(type, place)
  }

  fileprivate mutating func pumpFrames<Adapter: NetworkAdapter>(
    _ type: Adapter.Type, _ place: InterfacePlace
  ) {
    while let driver = bound(NetworkDriver<Adapter>.self, place), driver.isUp,
      driver.writing < Adapter.writers, let frame = driver.waiting.first
    {
      let packet =
        host.devices[place.device]?.endpoint(driver.endpoints.output)?.1.packetSize ?? 64
      change(NetworkDriver<Adapter>.self, place) {
        $0.waiting.removeFirst()
        $0.writing += 1
      }
      let result = submit(
        place, driver.endpoints.output, data: driver.adapter.framed(frame, packet: packet),
        owner: NetworkSent<Adapter>(place: place))
      guard case .failure = result else { continue }
      change(NetworkDriver<Adapter>.self, place) { $0.writing = max(0, $0.writing - 1) }
    }
  }

  /// Sees to it that as many URBs read as shall.
  mutating func readFrames<Adapter: NetworkAdapter>(
    _ type: Adapter.Type, _ place: InterfacePlace
  ) {
    guard let driver = bound(NetworkDriver<Adapter>.self, place), driver.isUp,
      let device = host.devices[place.device]
    else { return }
    let missing =
      driver.adapter.readers(device.speed) - inFlight(place.device, driver.endpoints.input).count
    for _ in 0..<max(0, missing) {
      let result = submit(
        place, driver.endpoints.input, length: driver.adapter.readSize,
        owner: NetworkFrame<Adapter>(place: place))
      if case .failure = result { return }
    }
  }

  fileprivate mutating func readNetworkState<Adapter: NetworkAdapter>(
    _ type: Adapter.Type, _ place: InterfacePlace
  ) {
    guard let driver = bound(NetworkDriver<Adapter>.self, place), driver.isUp,
      let notify = driver.endpoints.notify, let device = host.devices[place.device],
      let endpoint = device.endpoint(notify)?.1,
      var urb = urb(place, notify, length: max(Adapter.notifySize, 0))
    else { return }
    if Adapter.notifySize == 0 { urb.length = endpoint.packetSize }
    urb.interval = pollInterval(device.speed, driver.adapter.interval(device, endpoint))
    _ = submit(urb, owner: NetworkState<Adapter>(place: place))
  }
}

/// A frame was sent.
struct NetworkSent<Adapter: NetworkAdapter>: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place) else { return }
    side.change(NetworkDriver<Adapter>.self, place) { $0.writing = max(0, $0.writing - 1) }
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN: return
    case nil: break
    default:
      if let line = Adapter.complaint(result.status, driver.node, isRead: false) {
        side.deviceLog(place.device, line)
      }
    }
    side.pumpFrames(Adapter.self, place)
  }
}

/// A frame came.
struct NetworkFrame<Adapter: NetworkAdapter>: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place), driver.isUp else { return }
    guard let errno = Errno(negated: result.status) else {
      side.deliver(driver.adapter.unframed(result.data), to: driver.node)
      return side.readFrames(Adapter.self, place)
    }
    switch errno {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN: return
    default: break
    }
    if let line = Adapter.complaint(result.status, driver.node, isRead: true) {
      side.deviceLog(place.device, line)
    }
    switch Adapter.afterError(errno) {
    case .again: side.readFrames(Adapter.self, place)
    case .stop: break
    case .later(let milliseconds):
      side.startTask(.worker, NetworkReread<Adapter>(place: place, wait: milliseconds))
    case .clearHalt:
      side.startTask(.worker, NetworkReread<Adapter>(place: place, wait: nil))
    }
  }
}

/// Reading goes on after a while, or after the endpoint's halt is cleared.
struct NetworkReread<Adapter: NetworkAdapter>: HostRoutine {
  var place: InterfacePlace
  /// Milliseconds; nil to clear the halt.
  var wait: Int?
  private var isOver = false

  init(place: InterfacePlace, wait: Int?) {
    self.place = place
    self.wait = wait
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(NetworkDriver<Adapter>.self, place), driver.isUp else {
      return .done(0)
    }
    guard !isOver else {
      if input.value.ret >= 0 || wait != nil { side.readFrames(Adapter.self, place) }
      return .done(0)
    }
    isOver = true
    guard let wait else {
      side.flush(device: place.device, .ECONNRESET) { $0.endpoint == driver.endpoints.input }
      return .call(ClearHalt(device: place.device, endpoint: driver.endpoints.input))
    }
    return .delayed(milliseconds: wait, now: side.now)
  }
}

/// An adapter says how its link is.
struct NetworkState<Adapter: NetworkAdapter>: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN: return
    case nil:
      let adapter = side.bound(NetworkDriver<Adapter>.self, place)?.adapter
      if let known = adapter?.hasLink(notified: result.data) {
        side.setCarrier(Adapter.self, place, known)
      }
    default: break
    }
    side.readNetworkState(Adapter.self, place)
  }
}
