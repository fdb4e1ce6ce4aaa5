import Grid
import Timeline

/// Everything the inspector knows: a value that `update` changes and `view` draws.
///
/// It holds the states of the screen's parts and hands keys to them; what they do stands with them.
public struct Model: Sendable {
  /// The lessons to choose from.
  public var lessonList: LessonList
  /// The story that is told.
  public var story: Story
  /// What the keys mean now.
  public var mode: Mode
  /// The step gone through event by event that a check was stepped into from.
  var openedStep: OpenedStep?
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
  /// What a file holds of a real kernel's memory; nil until one is opened.
  public var pieces: PieceList?
  /// A word at the bottom, gone with the next key.
  public var message: StatusMessage?
  /// The screen's size.
  public var width: Int
  /// The screen's rows.
  public var height: Int
  /// The keys in force.
  public var keymap: Keymap
  /// What is searched for, and which of the places found was gone to.
  public var search = SearchState()
  /// Lines typed on the `:` line, oldest first.
  public var history: [String] = []
  /// Themes to choose from, and the one in use.
  public var themes = ThemeList()

  /// An inspector on a scenario, or without one on the list of lessons; sizes in columns and rows.
  public init(
    lessons: [LessonItem], session: Session? = nil, width: Int = 80, height: Int = 24,
    keymap: Keymap = Keymap()
  ) {
    lessonList = LessonList(lessons)
    story = Story(session)
    self.width = width
    self.height = height
    self.keymap = keymap
    mode = session == nil ? .lessons : .browse
  }

  /// The scenario open now; nil while none is.
  public var session: Session? {
    _read { yield story.session }
    _modify { yield &story.session }
  }
}
