import Foundation
import Narration
import Scenario
import Simulation
import Supervisor
import Text

/// A program's calls, told as they happen.
final class ProgramPlay {
  /// What was done so far, as far as it is kept.
  private(set) var script: Script
  /// The program was ended from here.
  private(set) var hasStopped = false
  /// The signal that ended the play.
  private(set) var signal: Int32?
  private var world: World
  private var telling: ProgramTelling
  /// Where the program is ended; nil to let it go on.
  private let stopPoint: StopPoint?
  private var isAtStopPoint = false
  /// What the host does by itself; nil for nothing.
  private var hostScript: HostScript?
  private var askedNames = AskedNames()
  /// Hands this program's own input on; nil when the program's terminal stays silent.
  private var typing: Typing?
  /// Bytes of memory for what is kept.
  private var room: Int
  private var problem: (any Error)?

  /// Steps done so far.
  var steps: Int { telling.steps }

  /// - Parameter keeps: whether the steps are kept, as many as a scenario may have.
  init(
    _ script: Script, telling: ProgramTelling, stopPoint: StopPoint?, hostScript: HostScript?,
    typing: Typing?, keeps: Bool
  ) throws {
    self.script = script
    self.telling = telling
    self.stopPoint = stopPoint
    self.hostScript = hostScript
    self.typing = typing
    room = keeps ? ScenarioReader.sizeLimit : 0
    do throws(ActionError) { world = try script.start() } catch {
      throw BadInput.start(script.id, error)
    }
  }

  /// Lets a program make its calls until it and all it started have ended, it has made that many, or it
  /// can only wait for ever.
  func follow(_ program: Program, calls: Int?) throws {
    try telling.begin(script)
    for limit in program.limits { Output.complain("copyscope: \(TroubleWords.line(limit))\n") }
    if typing != nil { program.hideTyping() }
    var attendant = Attendant(program)
    let endings = TerminationSignals()
    var left = calls ?? .max
    while problem == nil {
      attendant.service(world, step)
      try hear(&attendant)
      while let call = hostScript?.next(world, isStuck: attendant.isStuck) {
        attendant.act(.host(call), world, step)
      }
      attendant.appointment = hostScript?.appointment
      if left > 0, !isAtStopPoint, attendant.resumeOldestCall(world, step),
        attendant.fullness == nil
      {
        left -= 1
        // What is told is written when the program takes its time.
        try wait(&attendant, endings, atMost: 1)
      } else if let words = reasonToEnd(attendant, left, calls) {
        return try end(&attendant, words)
      } else {
        try telling.flush()
        try wait(&attendant, endings, atMost: 250)
      }
      if let mismatch = attendant.mismatch {
        problem = problem ?? BadInput.mismatch(mismatch)
      }
      if let signal {
        return try end(&attendant, ProgramWords.stopped(signal: signal))
      }
    }
    attendant.stop()
    try telling.flush()
    if let problem { throw problem }
  }

  /// Why nothing more is to be followed; nil when there is.
  private func reasonToEnd(_ attendant: Attendant, _ left: Int, _ calls: Int?) -> String? {
    // It may have ended by itself right after that.
    if isAtStopPoint, let stopPoint { return ProgramWords.stopped(at: stopPoint.text) }
    if let ending = attendant.program.ending, attendant.isOver { return Self.words(ending) }
    if let fullness = attendant.fullness { return TroubleWords.line(fullness) }
    if let call = attendant.endlessWait(in: world) { return TroubleWords.line(waiting: call) }
    if left == 0 { return ProgramWords.stopped(calls: calls ?? 0) }
    guard max(attendant.stuckFor, attendant.leftAloneFor) > Self.patience else { return nil }
    if let ending = attendant.program.ending { return Self.words(ending) }
    return ProgramWords.waitsForEver
  }

  /// Milliseconds without hope after which a play ends: the program may have set itself an alarm.
  private static let patience = 3_000

  private func wait(_ attendant: inout Attendant, _ endings: TerminationSignals, atMost limit: Int)
    throws
  {
    let input = typing?.descriptor
    let others = [endings.descriptor] + (input.map { [$0] } ?? [])
    let ready = attendant.wait(also: others, atMost: limit)
    if ready.contains(endings.descriptor) { signal = endings.taken() }
    typing?.pass(to: attendant.program)
    if limit > 1, typing == nil, let words = telling.silence(of: attendant) {
      Output.complain("copyscope: \(words)\n")
    }
  }

  /// What was said between two calls, when it is too much to wait for the next.
  private func hear(_ attendant: inout Attendant) throws {
    for trouble in attendant.troubles { telling.tell(trouble) }
    guard attendant.saidSoFar > 1 << 16 else { return }
    try telling.say(attendant.takeSaid())
  }

  private func end(_ attendant: inout Attendant, _ words: String) throws {
    hasStopped = isAtStopPoint || !attendant.isOver && attendant.program.ending == nil
    attendant.stop()
    try telling.say(attendant.takeSaid())
    try telling.finish(words, ending: hasStopped ? nil : attendant.program.ending)
    if let moment = hostScript?.unmet {
      Output.complain("copyscope: \(ActionErrorWords.line(.neverCame(moment)))\n")
    }
  }

  private func keep(_ step: ScriptStep) {
    guard room > 0, script.steps.count == steps - 1, steps <= ScenarioReader.stepLimit else {
      return
    }
    if case .ioctl(let call) = step.action, case .data(_, _, let bytes, _) = call.argument {
      room -= bytes.count
    }
    room -= step.say.utf8.count
    script.steps.append(step)
  }

  static func words(_ ending: Program.Ending) -> String {
    switch ending {
    case .exited(let status): ProgramWords.ended(status: status)
    case .killed(let signal): ProgramWords.ended(signal: signal)
    }
  }

  private func step(_ action: Action, _ said: String) -> (World, [Event]) {
    let before = world
    let (after, events) = World.step(before, action)
    world = after
    if let stopPoint, stopPoint.isReached(by: action, events, after) { isAtStopPoint = true }
    hostScript?.see(action, events, after)
    if let words = askedNames.see(action, events, world) {
      Output.complain("copyscope: \(words)\n")
    }
    do { try telling.tell(action, events, before, said) } catch { problem = problem ?? error }
    keep(ScriptStep(action: action, say: ProgramWords.said(said)))
    return (after, events)
  }
}
