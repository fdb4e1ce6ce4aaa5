import GadgetWorld
import RawGadget
import Scenario
import Simulation
import USB
import UsbHost

/// What the host does by itself while a program runs: the steps of a file, or a standard script.
struct HostScript {
  /// What is done once the device is configured.
  private enum Plan {
    /// Calls one after the other, each at its moment.
    case steps([Action.HostCall])
    /// What usbtest does, made once it is known which endpoints there are.
    case usbtest
    /// Reads every endpoint that sends, for ever.
    case drain
    /// Control requests nobody would make, drawn from a fixed row of numbers.
    case fuzz(left: Int)
  }

  /// Names of the standard scripts.
  static let names = StandardHost.names + ["usbtest", "drain", "fuzz"]

  private var plan: Plan
  private let start: StopPoint
  private var hasStarted = false
  /// When the next call is due, microseconds of the machine's time.
  private var due: UInt64?
  private var dice: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var isOpen = false
  private var claimed: Set<Int> = []

  /// - Parameters:
  ///   - name: a standard script's name, or a scenario file whose steps are the host's, with pauses.
  ///   - start: the moment from which on it acts.
  init(_ name: String, from start: StopPoint) throws {
    self.start = start
    switch name {
    case "usbtest": plan = .usbtest
    case "drain": plan = .drain
    case "fuzz": plan = .fuzz(left: 256)
    default: plan = .steps(try StandardHost(rawValue: name)?.calls ?? Self.steps(of: name))
    }
  }

  private static func steps(of name: String) throws -> [Action.HostCall] {
    guard SystemFile.exists(name) else {
      throw BadInput.option("host", .unknownHost(name, known: names))
    }
    let script = try ScenarioSource.load(name, checked: false)
    var steps: [Action.HostCall] = []
    var pause: UInt64 = 0
    for (index, step) in script.steps.enumerated() {
      switch step.action {
      case .wait(let milliseconds): pause = min(pause + milliseconds, Action.HostCall.longestPause)
      case .host(var call):
        call.after += pause
        steps.append(call)
        pause = 0
      default:
        throw BadInput.option("host", .notHostStep(file: name, step: index + 1))
      }
    }
    return steps
  }

  /// Sees a step of the play: whether it is the moment from which on the host acts.
  mutating func see(_ action: Action, _ events: [Event], _ world: World) {
    if !hasStarted, start.isReached(by: action, events, world) { hasStarted = true }
  }

  /// When something has to be done although nobody calls, microseconds of the machine's time.
  var appointment: UInt64? { hasStarted ? due : nil }

  /// What the host still waits for, of a script that was not played to its end; nil at its end.
  var unmet: HostMoment? {
    guard case .steps(let steps) = plan, let first = steps.first else { return nil }
    return hasStarted ? first.when : .configured
  }

  /// The call to be made now; nil when there is none yet.
  ///
  /// - Parameter isStuck: nobody else will do anything: what the host waits for is looked for in the time to
  ///   come.
  mutating func next(_ world: World, isStuck: Bool) -> Action.HostCall? {
    guard hasStarted, let side = world.gadget else { return nil }
    switch plan {
    case .steps(let steps): return next(of: steps, side, isStuck)
    case .usbtest:
      guard Usbtest.isSettled(side.machine) else {
        due = isStuck ? due ?? Self.time(on: side.machine, Usbtest.isSettled) : nil
        return nil
      }
      due = nil
      plan = .steps(Usbtest.calls(on: side.machine))
      return next(world, isStuck: isStuck)
    case .drain: return nextRead(side)
    case .fuzz(let left):
      guard left > 0, Self.isFree("host", side) else { return nil }
      if !isOpen { return open() }
      plan = .fuzz(left: left - 1)
      return request()
    }
  }

  private static func isFree(_ thread: String, _ side: GadgetSide) -> Bool {
    side.threads[thread].map { !side.machine.isBlocked($0) } ?? true
  }

  private mutating func next(
    of steps: [Action.HostCall], _ side: GadgetSide, _ isStuck: Bool
  ) -> Action.HostCall? {
    guard var call = steps.first, Self.isFree(call.thread, side) else { return nil }
    let machine = side.machine
    if let moment = call.when, !moment.isReached(on: machine) {
      // The machine's time may go on until then.
      due = isStuck ? due ?? Self.time(on: machine) { moment.isReached(on: $0) } : nil
      return nil
    }
    if due == nil || call.when != nil { due = (due ?? machine.now) + call.after * 1000 }
    let time = due ?? machine.now
    guard machine.now >= time else {
      plan = .steps([Self.without(call)] + steps.dropFirst())
      return nil
    }
    due = nil
    plan = .steps(Array(steps.dropFirst()))
    // A live program answers in its own time: the host's thread waits by itself.
    call = Self.without(call)
    call.waits = false
    return call.found(on: machine)
  }

  /// The call once its moment has come.
  private static func without(_ call: Action.HostCall) -> Action.HostCall {
    var call = call
    (call.when, call.after) = (nil, 0)
    return call
  }

  /// Microseconds of the machine's time that what is waited for may be away.
  private static let longest: UInt64 = 30_000_000

  /// When a moment will come by itself; nil when it will not.
  private static func time(
    on machine: GadgetWorld, _ holds: (GadgetWorld) -> Bool
  ) -> UInt64? {
    var trial = machine.rehearsal
    let end = trial.now + longest
    return trial.advance(until: end, holds) ? trial.now : nil
  }

  private mutating func open() -> Action.HostCall {
    isOpen = true
    return Action.HostCall(action: .open, waits: false)
  }

  /// The endpoints that send, each read on a thread of its own without end.
  private mutating func nextRead(_ side: GadgetSide) -> Action.HostCall? {
    guard let active = side.machine.activeConfiguration else { return nil }
    guard Self.isFree("host", side) else { return nil }
    if !isOpen { return open() }
    for interface in active.configuration.interfaces where interface.alternate == 0 {
      // What a driver holds is not for others.
      if active.device.isHeldByKernel(interface: interface.number) { continue }
      if claimed.insert(interface.number).inserted {
        return Action.HostCall(action: .claim(interface: interface.number), waits: false)
      }
      for endpoint in interface.endpoints where endpoint.address & 0x80 != 0 {
        let thread = "host-\(String(endpoint.address, radix: 16))"
        guard Self.isFree(thread, side), endpoint.maxPacket > 0 else { continue }
        return Action.HostCall(
          action: .bulk(
            endpoint: endpoint.address, data: [], length: Int(endpoint.maxPacket), timeout: 0),
          thread: thread, waits: false)
      }
    }
    return nil
  }

  private mutating func roll() -> UInt64 {
    dice ^= dice << 13
    dice ^= dice >> 7
    dice ^= dice << 17
    return dice
  }

  private mutating func request() -> Action.HostCall {
    let bits = roll()
    let length = UInt16(truncatingIfNeeded: bits >> 56) & 0x7F
    // SET_ADDRESS and SET_CONFIGURATION are the kernel's own.
    var number = UInt8(truncatingIfNeeded: bits >> 8) & 0x1F
    if number == 5 || number == 9 { number = 6 }
    let setup = SetupPacket(
      UInt8(truncatingIfNeeded: bits) & 0xE3, number, value: UInt16(truncatingIfNeeded: bits >> 16),
      index: UInt16(truncatingIfNeeded: bits >> 32) & 0x00FF, length: length)
    let data = setup.bmRequestType & 0x80 == 0 ? [UInt8](repeating: 0xA5, count: Int(length)) : []
    return Action.HostCall(
      action: .control(setup: setup, data: data, timeout: 1000), waits: false)
  }
}

extension GadgetWorld {
  /// The device on the bus and the configuration it is in; nil when there is none.
  var activeConfiguration: (device: UsbDevice, configuration: UsbConfiguration)? {
    guard let device = host.devices.values.first(where: { $0.isRegistered }),
      let active = device.active, device.configurations.indices.contains(active)
    else { return nil }
    return (device, device.configurations[active])
  }
}
