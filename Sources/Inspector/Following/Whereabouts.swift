import Narration
import Simulation
import Usercopy

/// Where the inspector is, in words, for somebody who follows it on another screen.
public struct Whereabouts: Sendable, Hashable {
  /// The scenario's id and title; empty on the list of lessons.
  public var lesson = ""
  public var title = ""
  /// The place in the course; nil for other scenarios.
  public var number: Int?
  /// Steps taken, and steps there are.
  public var step = 0
  public var count = 0
  public var era = ""
  public var activity = Activity.list
  /// What the step did, and how its copy came out.
  public var action = ""
  public var verdict = ""
  /// What the students read, and what only the lecturer does.
  public var say = ""
  public var notes = ""
  /// The step that comes next, and its notes.
  public var next = ""
  public var nextNotes = ""

  /// What is being done in the inspector.
  public enum Activity: String, Sendable, Hashable, CaseIterable {
    case list, step, edit, inside, predict, exercise

    /// A few words; nothing for plain stepping.
    public var words: String {
      switch self {
      case .list: "a lesson is being chosen"
      case .step: ""
      case .edit: "a copy is being edited"
      case .inside: "inside the check"
      case .predict: "the room is asked what will happen"
      case .exercise: "an exercise is being asked"
      }
    }
  }

  public init() {}
}

extension Model {
  /// Where the inspector is. On the list of lessons that is the lesson selected.
  public var whereabouts: Whereabouts {
    var place = Whereabouts()
    guard let session, activity != .list else {
      guard lessons.indices.contains(lessonCursor) else { return place }
      let lesson = lessons[lessonCursor]
      (place.lesson, place.title, place.number) = (lesson.id, lesson.title, lesson.number)
      place.say = lesson.about
      return place
    }
    (place.lesson, place.title) = (session.script.id, session.script.title)
    place.number = lessons.first { $0.id == place.lesson }?.number
    (place.step, place.count) = (session.position, session.count)
    place.activity = activity
    let subject = Subject(self, session)
    place.era = subject.world.era.id
    tell(of: session, subject, in: &place)
    return place
  }

  private func tell(of session: Session, _ subject: Subject, in place: inout Whereabouts) {
    if let step = session.step {
      place.action = EventWords.action(step.action)
      (place.say, place.notes) = (step.say, step.notes)
    } else {
      place.say = session.script.about
    }
    if case .edit(let edit) = mode { place.action = EventWords.action(.copy(edit.draft)) }
    if let report = subject.report {
      place.verdict = [VerdictWords.sentence(report.outcome), VerdictWords.leak(report)]
        .compactMap(\.self).joined(separator: " · ")
    }
    guard let next = session.next else { return }
    (place.next, place.nextNotes) = (EventWords.action(next.action), next.notes)
  }

  private var activity: Whereabouts.Activity {
    switch mode {
    case .edit(let edit): edit.exercise == nil ? .edit : .exercise
    case .predict: .predict
    default:
      switch base {
      case .lessons: .list
      case .inside: .inside
      default: .step
      }
    }
  }
}
