import GadgetWorld
import KernelLog
import RawGadget
import Simulation
import USB
import UsbHost
import Usercopy

/// Plays a machine while it writes the script, so that every step fits what the simulated host
/// really does.
struct CaptureBuilder {
  /// All answers together, bytes; a scenario file stays below a megabyte.
  static let totalLimit = 131_072

  let session: CaptureSession
  let descriptors: CaptureDescriptors
  private(set) var script: Script
  private(set) var world: World
  /// URBs that are in the script, or were found not to belong there.
  var isUsed: [Bool]
  /// The thread that serves endpoint 0.
  private(set) var server = "main"
  /// True once the program on the host has opened the device.
  var isOpen = false
  /// True while the host waits for an answer that never came.
  var isSilent = false
  /// The request it waits with.
  var owed: SetupPacket?
  /// True once the device was unplugged.
  var isGone = false
  /// The configuration that was set last.
  var configuration: UInt8 = 0
  /// Handles of the enabled endpoints by address.
  var handles: [UInt8: UInt64] = [:]
  /// Endpoints already reported missing.
  var missing: Set<UInt8> = []
  private var dataCount = 0

  /// An action tried on the machine: what it would become.
  struct Attempt {
    var action: Action
    var world: World
    var events: [Event]
    /// How the call stands; nil where the action makes none, or could not be done.
    var state: CallRecord.State?

    /// What a system call returned.
    var result: CallResult? {
      if case .returned(let result)? = state { result } else { nil }
    }
    /// What a host's action returned.
    var hostResult: HostResult? {
      if case .host(let result)? = state { result } else { nil }
    }
    /// True when it could not be done at all.
    var isRefused: Bool {
      events.contains { if case .refused = $0 { true } else { false } }
    }
  }

  /// Nil when the machine cannot be started.
  init?(_ session: CaptureSession) {
    self.session = session
    descriptors = CaptureDescriptors(session)
    isUsed = session.exchanges.map { _ in false }
    let name = session.addresses.last.map { "\(session.bus):\($0)" } ?? "of bus \(session.bus)"
    script = Script(
      id: "capture", title: "Captured: " + (descriptors.identity ?? "device \(name)"),
      about: "A bus capture of device \(name), \(session.exchanges.count) URBs, played again."
        + (descriptors.isMade ? " " + Self.madeWords : ""),
      source: "A USB bus capture.",
      remember: "The host asks and the gadget answers; the bus shows both.", era: "linux-6.1")
    if descriptors.speed.speed == .super { script.setup.controllers = .super }
    do throws(ActionError) { world = try script.start() } catch { return nil }
  }

  /// What is said of a device whose configuration is not in the capture.
  static let madeWords =
    "The capture has no configuration of it: one is assumed, with the endpoints that are seen."

  /// True while there is room for a request with its answer.
  var hasRoom: Bool {
    script.steps.count < CaptureScene.stepLimit - 40 && dataCount < Self.totalLimit
  }

  /// Makes the whole script.
  mutating func build() {
    start()
    for index in session.exchanges.indices where !isUsed[index] && !isGone {
      guard hasRoom else {
        let left = isUsed.count { !$0 }
        note("The capture goes on with \(left) more URBs; this scenario ends here.")
        return
      }
      let exchange = session.exchanges[index]
      if exchange.kind == .control, exchange.endpoint == 0 {
        playControl(index)
      } else {
        playTransfer(index)
      }
    }
    if !session.exchanges.isEmpty { serve() }
    if session.isUnplugged { unplug("The capture ends with the device unplugged.") }
  }

  /// The program closes its file, which takes the device off the bus.
  mutating func unplug(_ say: String) {
    guard !isGone else { return }
    isGone = true
    play(.close(file: "dev"), say)
  }

  private mutating func start() {
    let speed = descriptors.speed.speed
    play(.open(file: "dev", nonblocking: false), "A program takes the captured device's place.")
    call(
      .`init`, .names(driver: "dummy_udc", device: "dummy_udc.0", speed: speed.rawValue),
      descriptors.speed.words)
    call(.run, .none, "The device is plugged in.")
    connect()
  }

  // MARK: Playing

  /// Plays an action on a copy of the machine.
  func attempt(_ action: Action) -> Attempt {
    let (next, events) = World.step(world, action)
    var attempt = Attempt(action: action, world: next, events: events)
    switch action {
    case .open, .close, .ioctl, .host:
      if !attempt.isRefused { attempt.state = next.gadget?.calls.last?.state }
    default: break
    }
    return attempt
  }

  /// Makes an attempt a step.
  mutating func keep(_ attempt: Attempt, _ say: String) {
    guard !attempt.isRefused, script.steps.count < CaptureScene.stepLimit else { return }
    world = attempt.world
    dataCount += Self.size(attempt.action)
    script.steps.append(ScriptStep(action: attempt.action, say: say))
  }

  @discardableResult
  mutating func play(_ action: Action, _ say: String) -> Attempt {
    let attempt = attempt(action)
    keep(attempt, say)
    return attempt
  }

  /// A call of the thread that serves endpoint 0. One that stays blocked leaves the work to
  /// another thread.
  @discardableResult
  mutating func call(
    _ request: RawIoctl, _ argument: Action.Ioctl.Argument, _ say: String
  ) -> Attempt {
    let action = Action.ioctl(
      Action.Ioctl(request: request, thread: server, argument: argument))
    let attempt = play(action, say)
    if case .blocked? = attempt.state { server = freeThread("main") }
    return attempt
  }

  /// A step that is only words.
  mutating func note(_ text: String) { play(.note, text) }

  /// A thread that does not sleep: that name, or one with a number behind it.
  func freeThread(_ name: String) -> String {
    var candidate = name
    var number = 2
    while isBlocked(candidate) {
      candidate = name + String(number)
      number += 1
    }
    return candidate
  }

  func isBlocked(_ thread: String) -> Bool {
    guard let side = world.gadget, let id = side.threads[thread] else { return false }
    return side.machine.isBlocked(id)
  }

  private static func size(_ action: Action) -> Int {
    switch action {
    case .ioctl(let call):
      if case .data(_, _, let bytes, _) = call.argument { return bytes.count }
    case .host(let call):
      switch call.action {
      case .bulk(_, let data, _, _), .control(_, let data, _): return data.count
      default: break
      }
    default: break
    }
    return 0
  }

  /// When an URB was submitted, from the capture's first event: `1.234567 s`.
  func when(_ index: Int) -> String {
    let time = session.times[index]
    let fraction = String(time % 1_000_000)
    return "\(time / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
      + " s"
  }
}
