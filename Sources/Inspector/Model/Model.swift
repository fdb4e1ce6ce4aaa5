public import Grid
public import Simulation
import Usercopy

/// Everything the inspector knows: a value that `update` changes and `view` draws.
public struct Model: Sendable {
  /// The lessons to choose from.
  public var lessons: [LessonItem]
  /// The scenario open now; nil while the list of lessons is shown.
  public var session: Session?
  public var mode: Mode
  public var layout = PaneLayout()
  public var memory = MemoryState()
  /// What the upper right pane shows in lessons with a gadget.
  public var machineView = MachineView.gadget
  /// First line shown in the check pane; nil follows the deciding line.
  public var checkScroll: Int?
  public var storyScroll = 0
  /// Selected row of the list of lessons.
  public var lessonCursor = 0
  /// A word at the bottom, gone with the next key.
  public var message: StatusMessage?
  /// Sessions before and after changes made by hand.
  public var undone: [Session] = []
  public var undoable: [Session] = []
  /// The screen's size.
  public var width: Int
  public var height: Int
  public var keymap: Keymap
  /// A repeat count or other half-typed command.
  public var hasQuit = false

  public init(
    lessons: [LessonItem], session: Session? = nil, width: Int = 80, height: Int = 24,
    keymap: Keymap = Keymap()
  ) {
    self.lessons = lessons
    self.session = session
    self.width = width
    self.height = height
    self.keymap = keymap
    mode = session == nil ? .lessons : .browse
  }
}

/// The pictures of the upper right pane.
public enum MachineView: String, Sendable, Hashable, CaseIterable {
  case gadget
  case wire
  case eras
}

/// A lesson as the list shows it.
public struct LessonItem: Sendable, Hashable {
  public var id: String
  public var number: Int
  public var title: String
  public var about: String

  public init(id: String, number: Int, title: String, about: String) {
    self.id = id
    self.number = number
    self.title = title
    self.about = about
  }
}

/// What the keys mean now.
public enum Mode: Sendable {
  case lessons
  case browse
  case edit(EditState)
  /// Stepping through a check; the value is the line reached.
  case inside(Int)
  case help(HelpState)
  case command(CommandState)
}

/// A copy being edited and how it would come out.
public struct EditState: Sendable {
  public var draft: Action.Copy
  /// The machine the copy would be made on.
  public var base: World
  public var report: CopyReport
  /// The step that led here is replaced on Enter; else a new one is inserted.
  public var replaces: Bool
}

/// The help overlay.
public struct HelpState: Sendable {
  public var scroll = 0
  public var filter = ""
  /// The mode to go back to.
  public var back: ReturnMode

  public init(back: ReturnMode) { self.back = back }
}

/// A mode without payload, to return to from an overlay.
public enum ReturnMode: Sendable, Hashable {
  case lessons
  case browse
}

/// The `:` line.
public struct CommandState: Sendable {
  public var text = ""
  public var cursor = 0
  /// Which line of the history is shown; nil for a new one.
  public var history: Int?
  public var lines: [String] = []
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
