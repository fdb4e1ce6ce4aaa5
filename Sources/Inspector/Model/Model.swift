public import Grid
public import Simulation
import Timeline
public import Usercopy

/// Everything the inspector knows: a value that `update` changes and `view` draws.
public struct Model: Sendable {
  /// The lessons to choose from.
  public var lessons: [LessonItem]
  /// The scenario open now; nil while the list of lessons is shown.
  public var session: Session? {
    _read { yield sharedSession.value }
    _modify { yield &sharedSession.value }
  }
  private var sharedSession: Shared<Session?>
  public var mode: Mode
  public var layout = PaneLayout()
  public var memory = MemoryState()
  /// What the upper right pane shows in lessons with a gadget.
  public var machineView = MachineView.gadget
  /// The steps so far on two versions of the driver, while the pane shows them.
  var drivers: DriverTable?
  /// First line shown in the check pane; nil follows the deciding line.
  public var checkScroll: Int?
  public var storyScroll = 0
  /// Rows the upper right pane is scrolled from where the story puts it.
  public var machineScroll = 0
  /// Selected row of the list of lessons.
  public var lessonCursor = 0
  /// The slab caches read last; nil until they are asked for.
  public var caches: CacheList?
  /// A word at the bottom, gone with the next key.
  public var message: StatusMessage?
  /// Sessions before and after changes made by hand.
  public var undone: [Session] = []
  public var undoable: [Session] = []
  /// The screen's size.
  public var width: Int
  public var height: Int
  public var keymap: Keymap
  /// What is searched for, and which of the places found was gone to.
  public var search = SearchState()
  /// Which of the lesson's exercises was asked last, from 0, and which were done.
  var lastExercise: Int?
  var solved: Set<Int> = []
  /// The program that makes the steps; nil when a script does.
  public var live: LiveProgram?
  /// Playing on by itself.
  public var playing: Playing?
  /// Milliseconds a step when playing.
  var pace = 1_500
  /// Lines typed on the `:` line, oldest first.
  public var history: [String] = []
  /// Themes to choose from, and the one in use.
  public var themes: [String] = []
  public var theme = ""
  /// Other words for some of them.
  public var themeAliases: [String: String] = [:]
  /// The divider held by the mouse.
  var dragged: PaneLayout.Divider?

  public init(
    lessons: [LessonItem], session: Session? = nil, width: Int = 80, height: Int = 24,
    keymap: Keymap = Keymap()
  ) {
    self.lessons = lessons
    sharedSession = Shared(session)
    self.width = width
    self.height = height
    self.keymap = keymap
    mode = session == nil ? .lessons : .browse
  }

  /// The mode below overlays and prompts.
  var base: Mode {
    switch mode {
    case .help(let state): state.back.mode
    case .palette(let state): state.back.mode
    case .themes(let state): state.back.mode
    case .search(let back): back.mode
    case .command, .predict: .browse
    default: mode
    }
  }
}

/// The pictures of the upper right pane.
public enum MachineView: String, Sendable, Hashable, CaseIterable {
  case gadget
  case wire
  /// Two versions of the driver, the steps so far played on both.
  case drivers
  case eras
}

/// A lesson as the list shows it.
public struct LessonItem: Sendable, Hashable {
  public var id: String
  public var number: Int
  public var title: String
  public var about: String
  /// Where the story comes from; may be empty.
  public var source: String
  /// Lessons of one chapter follow each other; empty for none.
  public var chapter: String

  public init(
    id: String, number: Int, title: String, about: String, source: String = "",
    chapter: String = ""
  ) {
    self.id = id
    self.number = number
    self.title = title
    self.about = about
    self.source = source
    self.chapter = chapter
  }
}

/// What the keys mean now.
public enum Mode: Sendable {
  case lessons
  case caches
  case browse
  indirect case edit(EditState)
  /// Stepping through a check; the value is the line reached.
  case inside(Int)
  case help(HelpState)
  case command(CommandState)
  case search(back: ReturnMode)
  case palette(PaletteState)
  case themes(ThemeState)
  case predict(PredictState)
}

/// A copy being edited and how it would come out.
public struct EditState: Sendable {
  public var draft: Action.Copy
  /// The machine the copy would be made on.
  public var base: World
  public var report: CopyReport
  /// The step that led here is replaced on Enter; else a new one is inserted.
  public var replaces: Bool
  /// The copy is a call's: it is only tried, for it goes with the call.
  public let isTrial: Bool
  /// The machine's build when it is another one than the session's.
  public var configuration: Configuration?
  /// The exercise the copy is to answer; nil for free editing.
  public var exercise: ExerciseState?
  /// What typed digits change, and the digits so far.
  public var field = Field.start
  public var typed = ""

  /// A number of the form.
  public enum Field: Sendable, Hashable {
    case start
    case length
  }

  public init(
    draft: Action.Copy, base: World, report: CopyReport, replaces: Bool, isTrial: Bool = false
  ) {
    self.draft = draft
    self.base = base
    self.report = report
    self.replaces = replaces
    self.isTrial = isTrial
  }
}

/// A word at the bottom of the screen.
public struct StatusMessage: Sendable, Hashable {
  public var text: String
  public var role: Role

  public init(_ text: String, _ role: Role = .accent) {
    self.text = text
    self.role = role
  }
}
