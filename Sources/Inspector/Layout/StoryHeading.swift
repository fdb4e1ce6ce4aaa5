import Narration
import Simulation

/// What a scenario is called and what it is about, as far as it may be told.
///
/// Both often tell how a copy comes out. While that is asked they wait for the end.
struct StoryHeading {
  let title: String
  /// Nil while it is not to be told.
  let about: String?

  init(_ model: Model, _ session: Session) {
    guard session.prediction != nil, session.position < session.count else {
      (title, about) = (session.script.title, session.script.about)
      return
    }
    let number = model.lessonList.items.first { $0.id == session.script.id }?.number
    (title, about) = (StoryWords.unnamed(number), nil)
  }
}
