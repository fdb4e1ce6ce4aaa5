import ArgumentParser
import CSystem
import Foundation
import Grid
import Inspector
import Journal
import KernelLog
import KernelPages
import Narration
import Scenario
import Simulation
import Supervisor
import Terminal
import Theme

/// The inspector on a terminal: messages in, frames and effects out.
struct Inspection {
  var model: Model
  /// Where a new scenario is written when no name is given.
  var savePath: String?
  /// A saved copy to read slab caches from, instead of this machine.
  var cacheFolder: String?
  /// What is in use now; changed by the theme picker.
  private(set) var theme: Theme
  /// The theme asked for at the start, perhaps a file of the user's.
  private let firstTheme: Theme
  private let firstName: String
  private var recorder: Recorder?
  /// Tells followers where the inspector is; nil when nobody may follow.
  private var sharing: Sharing?
  /// Follows the program that makes the steps; nil when a script does.
  var attendant: Attendant?
  /// Steps whose outcome the program was told.
  var toldSteps = 0
  /// What the host does by itself; nil for nothing.
  var hostScript: HostScript?
  /// Up to there the program makes its calls by itself.
  var runsTo: StopPoint?
  /// What was asked for while a program runs, and is opened when it is asked for again.
  var askedFor: String?
  /// What keeps it from going on, or its calls from being followed, once told.
  var toldTrouble: String?
  /// What the next key may lead to, what the last one was, and the frame it led to when that was foreseen.
  private var ahead = Ahead()
  private var lastKey: Key?
  private var ready: Frame?
  /// Keys until what comes next is made ahead again.
  private var keysToRest = 0
  /// No theme was asked for: the terminal's background chooses one, once it is known.
  private let followsBackground: Bool
  /// Keeps what is done until it stands in a file.
  var keeper = Keeper()
  /// Files that were read or written here.
  var known = KnownFiles()
  /// What was done of the lessons, kept from one sitting to the next.
  var progress = ProgressKeeper()
  /// What an earlier sitting left, to go on with.
  var left: (JournalFile, LeftWork)?

  init(
    _ script: Script?, theme: Theme = .terminalDefault, keymap: Keymap = Keymap(),
    followsBackground: Bool = false
  ) throws {
    self.theme = theme
    self.followsBackground = followsBackground
    firstTheme = theme
    progress.read()
    model = Model(lessons: LessonItems.all(progress.record), keymap: keymap)
    model.lessonList.shorter = LessonItems.shorter
    let names = Theme.builtinNames
    // A scheme is named in its file; the built-in ones by that name in lower case.
    firstName = names.first { $0 == theme.name.lowercased() } ?? theme.name
    model.themes.names = names.contains(firstName) ? names : [firstName] + names
    model.themes.used = firstName
    model.themes.aliases = ThemeChoice.defaults
    if let script { open(script) }
  }

  /// Opens a scenario made here.
  mutating func open(_ script: Script) {
    _ = model.update(.opened(script))
    progress.restore(&model.story)
  }

  /// Shows the last step first, as pictures of reports do.
  mutating func goToEnd() { _ = model.update(.key(Key(.end))) }

  /// Records everything shown into a new asciicast file.
  mutating func record(to path: String) throws { recorder = try Recorder(to: path) }

  /// Goes on with what an earlier sitting left.
  mutating func resume(_ left: JournalFile.Left) throws {
    let work = try LeftList.work(left)
    self.left = (left.file, work)
    model.resume(work.sessions, solved: work.finals.last?.solved ?? [])
  }

  /// Lets others of the same user follow.
  mutating func share() throws {
    let sharing = try Sharing()
    self.sharing = sharing
    tell("shared: 'copyscope follow' on another terminal shows the notes", false)
  }

  /// Runs until the user quits or a signal ends the program.
  mutating func run(usesMouse: Bool) throws {
    // From here on programs may run that nobody knows.
    cs_close_to_others()
    var ending: Int32?
    UserFiles.restoreLayout(&model.layout)
    let layout = model.layout.saved
    defer { if model.layout.saved != layout { UserFiles.saveLayout(model.layout) } }
    do throws(TerminalError) {
      var screen = try Screen(theme: self.theme, options: Options(usesMouse: usesMouse))
      _ = model.update(.resize(width: screen.width, height: screen.height))
      recorder?.begin(width: model.width, height: model.height)
      beginKeeping()
      ending = serve(&screen)
      sharing = nil
      leaveProgram()
      screen.close()
    } catch {
      throw BadInput.terminal(error)
    }
    let isLost = endKeeping(ending)
    let recorded = Result { try recorder?.finish() }
    if let ending {
      if case .failure(let error) = recorded { Output.complain("copyscope: \(error)\n") }
      Terminal.die(of: ending)
    }
    try recorded.get()
    if isLost { throw ExitCode(Self.lostWork) }
  }

  /// Takes what comes and shows what it leads to, until the end; the signal that asked for it.
  private mutating func serve(_ screen: inout Screen) -> Int32? {
    var ending: Int32?
    var isRunning = true
    var skipped = 0
    if followsBackground {
      // The first frame waits for no answer.
      show(on: &screen)
      screen.askBackground()
    }
    while isRunning {
      tendProgram()
      keepWork()
      keepProgress()
      // Keys that come faster than frames are drawn share one; a held key still moves.
      if !screen.hasTyped || skipped >= Self.mostSkipped {
        show(on: &screen)
        lookAhead(screen)
        skipped = 0
      } else {
        skipped += 1
      }
      let waking = (sharing.map { [$0.descriptor] } ?? []) + (attendant?.descriptors ?? [])
      let timeout = [model.wakeAfter, attendant?.patience].compactMap(\.self).min()
      let input = screen.next(timeout: timeout, waking: waking)
      ready = nil
      // What anything else changes was not foreseen.
      if case .key = input {} else { ahead.forget() }
      switch input {
      case .key(Key(.character("z"), .control)): screen.stop()
      case .key(let key): isRunning = take(key, &screen)
      case .mouse(let mouse): isRunning = handle(model.update(.mouse(mouse)), &screen)
      case .resize(let width, let height):
        _ = model.update(.resize(width: width, height: height))
      case .paste(let text): paste(text, &screen, &isRunning)
      case .background(let isLight): follow(isLight: isLight, &screen)
      case .interrupt where leavesByInterrupt:
        // Where something is open it is the key that leaves it.
        isRunning = handle(model.update(.key(Key(.character("c"), .control))), &screen)
      case .interrupt: (ending, isRunning) = (SIGINT, false)
      case .end(let signal): (ending, isRunning) = (signal, false)
      case .tick where timeout == model.wakeAfter:
        isRunning = handle(model.update(.tick), &screen)
      case .tick: break
      case .wake(sharing?.descriptor): sharing?.welcome()
      case .wake: break
      }
    }
    return ending
  }

  /// Takes the theme for the terminal's background, unless another was chosen meanwhile.
  private mutating func follow(isLight: Bool, _ screen: inout Screen) {
    let name = ThemeChoice.name(isLight: isLight)
    guard followsBackground, model.themes.used == firstName, name != firstName else { return }
    model.themes.used = name
    use(theme: name)
    screen.use(theme)
  }

  /// Takes a key, foreseen or not; false when it ends the program.
  private mutating func take(_ key: Key, _ screen: inout Screen) -> Bool {
    lastKey = key
    keysToRest = max(0, keysToRest - 1)
    guard let foreseen = ahead.take(key) else {
      let effects = model.update(.key(key))
      if !effects.contains(.quit) { keeper.stay() }
      return handle(effects, &screen)
    }
    keeper.stay()
    (model, ready) = (foreseen.model, foreseen.frame)
    return true
  }

  /// Makes what likely keys lead to, unless that takes so long that somebody would wait for it.
  private mutating func lookAhead(_ screen: borrowing Screen) {
    ahead.forget()
    guard keysToRest == 0, !screen.hasTyped else { return }
    let start = ContinuousClock.now
    ahead = Ahead(of: model, after: lastKey)
    if start.duration(to: .now) > .milliseconds(20) { keysToRest = 20 }
  }

  /// Frames left out in a row at most.
  private static let mostSkipped = 30

  private mutating func show(on screen: inout Screen) {
    let frame = ready ?? view(model)
    // What was seen is in the recording, whenever it ends.
    if let trouble = recorder?.add(frame.grid, theme: theme) { tell(trouble, true) }
    screen.show(frame)
    sharing?.tell(SharedPosition(of: model))
  }

  /// Whether C-c leaves what is open instead of ending the program.
  private var leavesByInterrupt: Bool {
    switch model.mode {
    case .browse, .lessons, .caches, .kernel: false
    default: true
    }
  }

  private mutating func paste(_ text: String, _ screen: inout Screen, _ isRunning: inout Bool) {
    guard case .command = model.mode else { return }
    for scalar in text.unicodeScalars.prefix(512) where scalar.value >= 0x20 {
      isRunning = handle(model.update(.key(Key(.character(scalar)))), &screen) && isRunning
    }
  }

  /// Does what the model asks for; false when it asks to quit.
  private mutating func handle(_ effects: [Effect], _ screen: inout Screen) -> Bool {
    for effect in effects {
      switch effect {
      case .quit:
        if keeper.mayLeave() { return false }
        askToLeave()
      case .quitWithoutKeeping:
        keeper.discard()
        return false
      case .useTheme(let name):
        use(theme: name)
        screen.use(theme)
      case .openLesson(let name): load(name)
      case .create(let name): create(name)
      case .readLines(let name):
        if !handle(readLines(name), &screen) { return false }
      case .readCaches: readCaches()
      case .letProgramGo: letProgramGo()
      case .save(let fileName, let insists): save(as: fileName, insists)
      case .copyScreen:
        let done = screen.copy(view(model).grid.text)
        tell(ClipboardWords.told(wasSent: done), !done)
      }
    }
    return true
  }

  /// Presses a key where there is no terminal: what is asked for is read, nothing is written.
  mutating func press(_ key: Key) {
    for effect in model.update(.key(key)) {
      switch effect {
      case .openLesson(let name): load(name)
      case .readCaches: readCaches()
      case .useTheme(let name): use(theme: name)
      case .quit, .quitWithoutKeeping, .save, .copyScreen, .letProgramGo, .create, .readLines:
        break
      }
    }
  }

  /// Takes the theme of the start or a built-in one.
  mutating func use(theme name: String) {
    guard name != firstName else {
      theme = firstTheme
      return
    }
    do throws(ThemeError) { theme = try Theme.builtin(name) } catch {
      tell(error.description, true)
    }
  }

  mutating func load(_ name: String) {
    guard leavesProgram(for: name) else { return }
    do {
      // A pipe without a writer would hold the screen for ever.
      let stamp = FileStamp(name)
      open(try ScenarioSource.load(name, onlyRegular: true))
      savePath = nil
      if let stamp { known.note(stamp, at: name) }
    } catch {
      tell("\(error)", true)
    }
  }

  private mutating func readCaches() {
    do {
      _ = model.update(.caches(try CacheSource(folder: cacheFolder).listing()))
    } catch {
      tell("\(error)", true)
    }
  }

  /// Shows the list of slab caches.
  mutating func show(_ listing: CacheListing, sortedBy order: CacheOrder, matching text: String) {
    _ = model.update(.caches(listing))
    model.caches?.sort(by: order)
    model.search.text = text
    model.caches?.selectFirst(text)
  }

  /// Shows the list of what a file holds of a real kernel's memory.
  mutating func show(
    _ snapshot: KernelSnapshot, of file: String, sortedBy order: SnapshotOrder = .file,
    matching text: String = ""
  ) {
    _ = model.update(.pieces(snapshot, source: FileName.shown(file)))
    model.pieces?.sort(by: order)
    model.search.text = text
    model.pieces?.selectFirst(text)
  }

  mutating func tell(_ text: String, _ isError: Bool) {
    _ = model.update(.told(text, isError: isError))
    ready = nil
  }
}
