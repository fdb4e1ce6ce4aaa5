import USB

/// A system call of a program on the host on a node: looks the driver up and lets it work.
struct NodeTask: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case opened
    case served
  }

  var node: String
  var operation: NodeOperation
  private var stage = Stage.start

  init(node: String, operation: NodeOperation) {
    self.node = node
    self.operation = operation
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .start: return start(&side)
    case .opened:
      guard input.value.ret >= 0 else { return .done(input.value) }
      if let index = side.nodeIndex(node) { side.host.nodes[index].mode = NodeMode() }
      return serve(&side)
    case .served: return served(&side, input.value)
    }
  }

  /// A node that is not open yet is opened first, for reading and writing.
  private mutating func start(_ side: inout some HostSide) -> RoutineStep {
    guard let index = side.nodeIndex(node) else {
      return .done((isOpening ? Errno.ENOENT : Errno.EBADF).negated)
    }
    let known = side.host.nodes[index]
    node = known.name
    if isOpening, known.mode != nil { return .done(Errno.EBUSY.negated) }
    if isClosing, known.mode == nil { return .done(Errno.EBADF.negated) }
    guard known.mode == nil, !isOpening, known.kind != .interface, known.kind != .network else {
      return serve(&side)
    }
    stage = .opened
    guard let routine = driver(&side)?.serve(.open(NodeMode()), known, place(known)) else {
      return .done(Errno.ENODEV.negated)
    }
    return .call(routine)
  }

  private var isOpening: Bool { if case .open = operation { true } else { false } }
  private var isClosing: Bool { operation == .close }

  private func place(_ node: DeviceNode) -> InterfacePlace {
    InterfacePlace(device: node.device, interface: node.interface)
  }

  private func driver(_ side: inout some HostSide) -> (any NodeDriver)? {
    guard let index = side.nodeIndex(node) else { return nil }
    let known = side.host.nodes[index]
    return side.host.devices[known.device]?.drivers[known.interface]?.driver as? any NodeDriver
  }

  private mutating func serve(_ side: inout some HostSide) -> RoutineStep {
    guard let index = side.nodeIndex(node), let driver = driver(&side) else {
      return .done(Errno.ENODEV.negated)
    }
    let known = side.host.nodes[index]
    stage = .served
    if case .read(let length, let wait) = operation {
      return .call(NodeRead(node: node, length: length, wait: wait))
    }
    guard let routine = driver.serve(operation, known, place(known)) else {
      return .done(Errno.ENOTTY.negated)
    }
    return .call(routine)
  }

  private func served(_ side: inout some HostSide, _ value: HostValue) -> RoutineStep {
    guard let index = side.nodeIndex(node) else { return .done(value) }
    if case .open(let mode) = operation, value.ret >= 0 {
      side.host.nodes[index].mode = mode
    } else if isClosing {
      side.host.nodes[index].mode = nil
      side.host.arrived[node] = nil
    }
    return .done(value)
  }
}

/// Reads a node until there are enough bytes, it fails or the time is over.
struct NodeRead: HostRoutine {
  var node: String
  var length: Int
  /// Milliseconds.
  var wait: Int
  private var got: [UInt8] = []
  private var deadline: Microseconds?

  init(node: String, length: Int, wait: Int) {
    self.node = node
    self.length = length
    self.wait = wait
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let end = deadline ?? side.now &+ Microseconds(max(0, min(wait, 600_000))) &* 1000
    deadline = end
    while got.count < length {
      guard let index = side.nodeIndex(node) else { return gone(&side) }
      let known = side.host.nodes[index]
      let bound = side.host.devices[known.device]?.drivers[known.interface]?.driver
      guard let driver = bound as? any NodeDriver else { return ended(Errno.ENODEV.negated) }
      let value = driver.take(&side, known, length - got.count)
      if value.ret < 0 { return ended(value.ret) }
      if value.data.isEmpty { break }
      got += value.data
    }
    if got.count >= length || side.now >= end {
      return ended(got.isEmpty && length > 0 ? Errno.EAGAIN.negated : 0)
    }
    return .sleep(milliseconds: max(1, Int((end - side.now) / 1000)))
  }

  /// The node went away: what came before is still to be had.
  private mutating func gone(_ side: inout some HostSide) -> RoutineStep {
    got += side.takeArrived(node, length - got.count).data
    side.host.arrived[node] = nil
    return ended(Errno.ENODEV.negated)
  }

  private func ended(_ ret: Int) -> RoutineStep {
    got.isEmpty && ret < 0 ? .done(ret) : .done(HostValue(ret: got.count, data: got))
  }
}
