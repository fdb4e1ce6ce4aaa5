import USB

/// `scsi_execute()`: waits for its turn, sends a command and tries again what the transport lost.
struct ScsiExecute: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case waiting
    case sent
  }

  var disk: DiskPlace
  var command: ScsiCommand
  /// How often it is tried again.
  var retries: Int
  private var stage = Stage.start
  private var turn = 0
  private var tries = 0

  init(_ disk: DiskPlace, _ command: ScsiCommand, retries: Int = 5) {
    self.disk = disk
    self.command = command
    self.retries = retries
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let storage = side.storage(disk.storage) else { return .done(Errno.ENODEV.negated) }
    switch stage {
    case .start:
      turn = storage.nextTurn
      let turn = turn
      side.changeStorage(disk.storage) {
        $0.nextTurn += 1
        $0.line.append(turn)
      }
      stage = .waiting
      return send(&side)
    case .waiting: return send(&side)
    case .sent:
      tries += 1
      let lost = input.value.ret < 0 && input.value.ret != Errno.ENODEV.negated
      if lost, tries <= retries { return .call(ScsiTransport(disk: disk, command: command)) }
      let turn = turn
      side.changeStorage(disk.storage) { $0.line.removeAll { $0 == turn } }
      return .done(input.value)
    }
  }

  private mutating func send(_ side: inout some HostSide) -> RoutineStep {
    guard side.storage(disk.storage)?.line.first == turn else { return .pause(50) }
    stage = .sent
    return .call(ScsiTransport(disk: disk, command: command))
  }
}
