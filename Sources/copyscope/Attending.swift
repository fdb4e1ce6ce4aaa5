import Inspector
import Narration
import Scenario
import Simulation
import Supervisor
import Timeline

/// The inspector over a running program: the program's calls are the steps.
extension Inspection {
  /// Follows a program from its first call on, which it makes by itself up to a moment.
  mutating func attend(
    _ program: Program, until stopPoint: StopPoint?, host: HostScript?
  ) {
    attendant = Attendant(program)
    runsTo = stopPoint
    hostScript = host
    model.story.live = LiveProgram()
  }

  /// Ends the program; what it did stays as any other story.
  mutating func leaveProgram() {
    guard var attendant else { return }
    attendant.stop()
    self.attendant = nil
    model.endProgram(ProgramWords.left)
  }

  /// Whether something else may be opened: a running program is ended only for what is asked for twice.
  mutating func leavesProgram(for name: String) -> Bool {
    guard attendant != nil else { return true }
    guard askedFor == name else {
      askedFor = name
      tell(ProgramWords.asks(for: name), true)
      return false
    }
    askedFor = nil
    leaveProgram()
    return true
  }

  /// Sees what the program wants, and what of the machine concerns it.
  mutating func tendProgram() {
    guard var attendant, let session = model.session else { return }
    guard model.story.live != nil else {
      // Something else was opened.
      self.attendant = nil
      return
    }
    if session.count > toldSteps {
      toldSteps = session.count
      attendant.hostHasActed(session.timeline.events, session.world)
    }
    attendant.service(session.world) { play($0, $1) ?? (session.world, []) }
    // Some at a time, so that keys are heard.
    for _ in 0..<32
    where runsTo != nil && attendant.next != nil && attendant.fullness == nil {
      guard let session = model.session, session.count < ScenarioReader.stepLimit else { break }
      attendant.resumeOldestCall(session.world) { play($0, $1) ?? (session.world, []) }
    }
    while let session = model.session,
      let call = hostScript?.next(session.world, isStuck: attendant.isStuck)
    {
      attendant.act(.host(call), session.world) { play($0, $1) ?? (session.world, []) }
    }
    attendant.appointment = hostScript?.appointment
    keep(attendant)
  }

  /// Lets the program make its next call.
  mutating func letProgramGo() {
    guard var attendant, let session = model.session else { return }
    guard session.count < ScenarioReader.stepLimit else {
      return tell("the program is held: a story has at most \(session.count) steps", true)
    }
    attendant.resumeOldestCall(session.world) { play($0, $1) ?? (session.world, []) }
    // The key took the message away.
    toldTrouble = nil
    keep(attendant)
  }

  private mutating func play(_ action: Action, _ said: String) -> (World, [Event])? {
    let played = model.play(action, say: ProgramWords.said(said))
    if let played { hostScript?.see(action, played.1, played.0) }
    if let played, let stopPoint = runsTo, stopPoint.isReached(by: action, played.1, played.0) {
      runsTo = nil
      tell("\(stopPoint.text) is reached; n lets the program go on", false)
    }
    toldSteps = model.session?.count ?? 0
    keepCall()
    return played
  }

  /// What keeps the program from going on, or its calls from being followed.
  private func trouble(of attendant: Attendant) -> String? {
    if let fullness = attendant.fullness { return TroubleWords.line(fullness) }
    if let call = model.session.flatMap({ attendant.endlessWait(in: $0.world) }) {
      return TroubleWords.line(waiting: call)
    }
    return attendant.troubles.first.map { TroubleWords.line($0) }
  }

  /// Keeps the attendant while there is somebody to attend to, and shows how the program stands.
  private mutating func keep(_ attendant: Attendant) {
    let trouble = trouble(of: attendant)
    if let trouble, toldTrouble != trouble { tell(trouble, true) }
    toldTrouble = trouble
    if let mismatch = attendant.mismatch {
      var attendant = attendant
      attendant.stop()
      self.attendant = nil
      return model.endProgram(TroubleWords.line(mismatch))
    }
    guard attendant.isOver, let ending = attendant.program.ending else {
      self.attendant = attendant
      model.story.live = LiveProgram(
        wants: attendant.next.map(EventWords.action), isStuck: attendant.isStuck)
      return
    }
    self.attendant = nil
    model.endProgram(ProgramPlay.words(ending))
  }
}
