import Grid
import Timeline

/// Everything the inspector knows: a value that `update` changes and `view` draws.
public struct Model: Sendable {
  /// The lessons to choose from.
  public var lessonList: LessonList
  /// The scenario open now; nil while the list of lessons is shown.
  public var session: Session? {
    _read { yield sharedSession.value }
    _modify { yield &sharedSession.value }
  }
  private var sharedSession: Shared<Session?>
  /// What the keys mean now.
  public var mode: Mode
  /// Where the panes are.
  public var layout = PaneLayout()
  /// What the memory pane shows and how.
  public var memory = MemoryState()
  /// The view of the upper right pane chosen by hand; nil follows the story.
  public var sideView: SideViewName?
  /// How far panes are scrolled by hand, in rows, each in its own terms; those not in it follow the story.
  var scrolls: [Pane: Int] = [:]
  /// The steps so far on two versions of the driver, while the pane shows them.
  var drivers: DriverTable?
  /// The slab caches read last; nil until they are asked for.
  public var caches: CacheList?
  /// A word at the bottom, gone with the next key.
  public var message: StatusMessage?
  /// Sessions before and after changes made by hand.
  public var undone: [Session] = []
  /// Sessions that undoing goes back to, the last one first to come.
  public var undoable: [Session] = []
  /// The screen's size.
  public var width: Int
  /// The screen's rows.
  public var height: Int
  /// The keys in force.
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
  /// The theme in use, by name.
  public var theme = ""
  /// Other words for some of them.
  public var themeAliases: [String: String] = [:]
  /// The divider held by the mouse.
  var dragged: PaneLayout.Divider?

  /// An inspector on a scenario, or without one on the list of lessons; sizes in columns and rows.
  public init(
    lessons: [LessonItem], session: Session? = nil, width: Int = 80, height: Int = 24,
    keymap: Keymap = Keymap()
  ) {
    lessonList = LessonList(lessons)
    sharedSession = Shared(session)
    self.width = width
    self.height = height
    self.keymap = keymap
    mode = session == nil ? .lessons : .browse
  }

  /// The mode below overlays and prompts.
  var base: Mode { mode.base }
}
