import USB

extension UsbtestCase {
  /// The cases that make sense for a device with bulk and interrupt endpoints, in the order in which tests of
  /// gadgets go through them.
  public static let usual = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21, 24, 25, 26,
  ]

  /// A case with the parameters that tests of gadgets give it: eight rounds of short transfers.
  public static func usual(_ number: Int) -> UsbtestCase {
    let (rounds, length) = (8, 1024)
    return switch number {
    case 14: UsbtestCase(number: number, iterations: rounds, length: 256, vary: rounds)
    case 21: UsbtestCase(number: number, iterations: rounds, length: 128, vary: rounds)
    case 3, 4, 7, 8: UsbtestCase(number: number, iterations: rounds, length: length, vary: 421)
    case 25, 26: UsbtestCase(number: number, iterations: rounds, length: 64, vary: length)
    default: UsbtestCase(number: number, iterations: rounds, length: length, vary: length)
    }
  }
}

/// Cases of usbtest as testusb(8) asks for them: what one comes to does not end the row, unless the device is gone.
struct UsbtestRow: HostRoutine {
  private var left: [Int]
  private var current: Int?
  /// What the first case that failed came to.
  private var first = 0

  /// - Parameter cases: their numbers.
  init(_ cases: [Int]) { left = cases }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if let current {
      let ret = min(0, input.value.ret)
      side.noteTest(current, ret)
      if first == 0 { first = ret }
      if [Errno.ENODEV, .EBADF, .ESHUTDOWN].contains(where: { $0.negated == ret }) {
        return .done(ret)
      }
    }
    guard !left.isEmpty else { return .done(first) }
    guard side.nodeIndex(Usbtest.name) != nil else { return .done(refusal(side.host).negated) }
    let next = left.removeFirst()
    current = next
    return .call(NodeTask(node: Usbtest.name, operation: .test(.usual(next))))
  }

  /// What `proc_ioctl()` of usbfs says where usbtest holds nothing: no device, no driver, or one that is not asked
  /// such things.
  private func refusal(_ host: Host) -> Errno {
    guard let device = host.firstDevice.flatMap({ host.devices[$0] }) else { return .ENOENT }
    return device.drivers.isEmpty ? .ENODATA : .ENOTTY
  }
}
