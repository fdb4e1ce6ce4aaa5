import Narration
import Simulation
import Usercopy

/// Where the inspector is, in words, for somebody who follows it on another screen.
public struct SharedPosition: Sendable, Hashable {
  /// The scenario's id and title; empty on the list of lessons.
  public var lesson = ""
  /// The scenario's title; empty with the id.
  public var title = ""
  /// The place in the course; nil for other scenarios.
  public var number: Int?
  /// Steps taken, and steps there are.
  public var step = 0
  /// Steps there are, played and to come.
  public var count = 0
  /// The id of the era that judges.
  public var era = ""
  /// What is being done there.
  public var activity = Activity.list
  /// What the step did, and how its copy came out.
  public var action = ""
  /// How the copy shown came out, a sentence; empty without one.
  public var verdict = ""
  /// What the students read, and what only the lecturer does.
  public var say = ""
  /// What only the lecturer reads.
  public var notes = ""
  /// The step that comes next, and its notes.
  public var next = ""
  /// The lecturer's notes for the step that comes next.
  public var nextNotes = ""

  /// What the exercise asks that is being asked; empty while none is.
  public var ask = ""
  /// The hints told so far, a line each.
  public var hints = ""

  /// What is being done in the inspector.
  public enum Activity: String, Sendable, Hashable, CaseIterable {
    case list, step, edit, inside, events, predict, exercise

    /// A few words; nothing for plain stepping.
    public var words: String {
      switch self {
      case .list: "a lesson is being chosen"
      case .step: ""
      case .edit: "a copy is being edited"
      case .inside: "inside the check"
      case .events: "inside the step"
      case .predict: "the room is asked what will happen"
      case .exercise: "an exercise is being asked"
      }
    }
  }

  /// On the list of lessons, with none selected.
  public init() {}
}

extension SharedPosition {
  /// Where an inspector is. On the list of lessons that is the lesson selected.
  public init(of model: Model) {
    self.init()
    guard let session = model.session, Activity(model) != .list else {
      guard let lesson = model.lessonList.selected else { return }
      (self.lesson, title, number) = (lesson.id, lesson.title, lesson.number)
      say = lesson.about
      return
    }
    let heading = StoryHeading(model, session)
    (lesson, title) = (session.script.id, heading.title)
    number = model.lessonList.items.first { $0.id == session.script.id }?.number
    (step, count) = (session.position, session.count)
    activity = Activity(model)
    let subject = Subject(model, session)
    era = subject.world.era.id
    if let step = session.step {
      action = EventWords.action(step.action)
      (say, notes) = (step.say, step.notes)
    } else {
      say = heading.about ?? StoryWords.aboutWaits
    }
    if case .edit(let edit) = model.mode { action = EventWords.action(.copy(edit.draft)) }
    if let report = subject.report, !subject.isOpen {
      verdict = [VerdictWords.sentence(report.outcome), VerdictWords.leak(report)]
        .compactMap(\.self).joined(separator: " · ")
    }
    if let exercise = ExerciseState.asked(model) {
      ask = exercise.exercise.ask
      hints = exercise.exercise.hints.prefix(exercise.hints).joined(separator: "\n")
    }
    guard let next = session.next else { return }
    (self.next, nextNotes) = (EventWords.action(next.action), next.notes)
  }
}

extension ExerciseState {
  /// The exercise being asked, of a copy or of anything else; nil while none is.
  fileprivate static func asked(_ model: Model) -> ExerciseState? {
    if case .edit(let edit) = model.mode { edit.exercise } else { model.story.asked }
  }
}

extension SharedPosition.Activity {
  fileprivate init(_ model: Model) {
    switch model.mode {
    case .edit(let edit): self = edit.exercise == nil ? .edit : .exercise
    case .predict: self = .predict
    default:
      switch model.mode.base {
      case .lessons: self = .list
      case .inside: self = .inside
      case .events: self = .events
      default: self = ExerciseState.asked(model) == nil ? .step : .exercise
      }
    }
  }
}
