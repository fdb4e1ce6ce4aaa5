import Foundation
import Narration
import Scenario
import Simulation
import Supervisor
import Text

/// A program's calls as lines of text, as they happen.
final class ProgramPlay {
  /// What was done so far, as far as it is kept.
  private(set) var script: Script
  /// Steps done so far.
  private(set) var steps = 0
  /// The program was ended from here.
  private(set) var hasStopped = false
  /// The signal that ended the play.
  private(set) var signal: Int32?
  private var world: World
  private let trace: Bool
  /// Bytes of memory for what is kept.
  private var room: Int
  private var problem: (any Error)?

  /// - Parameter keeps: whether the steps are kept, as many as a scenario may have.
  init(_ script: Script, trace: Bool, keeps: Bool) throws {
    self.script = script
    self.trace = trace
    room = keeps ? ScenarioReader.sizeLimit : 0
    do throws(ActionError) { world = try script.start() } catch {
      throw BadInput(ActionErrorWords.line(error))
    }
  }

  /// Lets a program make its calls until it ends, has made that many, or can only wait for ever.
  func follow(_ program: Program, calls: Int?) throws {
    try Output.line(script.title + "\n" + String(repeating: "=", count: script.title.count))
    var attendant = Attendant(program)
    let endings = Endings()
    var left = calls ?? .max
    while problem == nil {
      // A program that never stops calling does not keep a signal waiting.
      if let signal = endings.taken() { return try end(program, signal) }
      attendant.tend(world, step)
      if left > 0, attendant.letGo(world, step) {
        left -= 1
        continue
      }
      if let ending = program.ending {
        try say(attendant.takeSaid())
        program.stop()
        return try finish(Self.words(ending))
      }
      if left == 0 {
        hasStopped = true
        program.stop()
        return try finish(ProgramWords.stopped(calls: calls ?? 0))
      }
      // It may have set itself an alarm.
      if attendant.stuckFor > 3_000 {
        hasStopped = true
        program.stop()
        return try finish(ProgramWords.waitsForEver)
      }
      if let signal = endings.wait(for: attendant) { return try end(program, signal) }
    }
    program.stop()
    if let problem { throw problem }
  }

  private func end(_ program: Program, _ signal: Int32) throws {
    self.signal = signal
    program.stop()
    try finish(ProgramWords.stopped(signal: signal))
  }

  private func say(_ said: String) throws {
    let words = ProgramWords.said(said)
    if !words.isEmpty { try Output.line("\n" + Printable.text(words)) }
  }

  private func finish(_ words: String) throws {
    if steps == 0 { try Output.line("\nIt made no call on /dev/raw-gadget.") }
    try Output.line("\nHere \(words).")
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
    let step = ScriptStep(action: action, say: ProgramWords.said(said))
    steps += 1
    keep(step)
    let shown = Playback.Step(number: steps, script: step, events: events, before: before)
    let lines = [""] + Transcript.lines(shown, trace: trace, notes: false)
    do { try Output.line(lines.map(Printable.text).joined(separator: "\n")) } catch {
      problem = problem ?? error
    }
    return (after, events)
  }
}
