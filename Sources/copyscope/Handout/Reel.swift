import Grid
import Inspector
import Narration
import Simulation
import Text
import Usercopy

/// A lesson as screens, one a step with all its views, and the questions before them: what a page for a browser and
/// a handout are made of. The screens are the inspector's own.
struct Reel {
  /// A screen of a step.
  struct View {
    /// What it shows: `screen`, or the key's command that leads to it.
    var name: String
    var grid: Grid
    /// The same while the reader is asked what comes: it does not name the lesson. Nil behind the last step.
    var asking: Grid?
  }

  /// A question that is asked before a step is made.
  struct Question {
    var words: String
    var choices: [String]
    /// The right one, from 0.
    var right: Int
  }

  /// What is shown at one point of the story.
  struct Moment {
    var views: [View]
    /// What is said, and what happened: the lines of the transcript.
    var lines: [String]
    /// What the lecturer may say.
    var notes: String
    /// Asked before this step is made; empty where nothing is to be said.
    var questions: [Question]
    /// The step's copy is refused, or gives away what it should not.
    var isKey: Bool
  }

  let script: Script
  private(set) var moments: [Moment] = []

  /// Plays a scenario on a screen of that size.
  ///
  /// - Parameter allViews: every view of each step too, not just the screen that is shown first.
  init(_ script: Script, width: Int, height: Int, allViews: Bool = true) throws(ActionError) {
    self.script = script
    let playback = try Playback(script)
    var model = Model(lessons: [], width: width, height: height)
    _ = model.update(.opened(script))
    moments.append(
      Moment(
        views: [Self.view(of: model, as: "screen")], lines: [], notes: "", questions: [],
        isKey: false))
    for step in playback.steps {
      let questions = Self.questions(model)
      _ = model.update(.key(Key(.character("n"))))
      let verdicts = step.events.compactMap { event -> Bool? in
        guard case .copied(let report) = event else { return nil }
        return report.outcome.verdict != .allow || !report.leaks.isEmpty
      }
      moments.append(
        Moment(
          views: allViews ? Self.views(model) : [Self.view(of: model, as: "screen")],
          lines: Transcript.lines(step, trace: false, notes: false), notes: step.script.notes,
          questions: questions, isKey: verdicts.contains(true)))
    }
  }

  private static func view(of model: Model, as name: String) -> View {
    var asking = model
    _ = asking.update(.key(Key(.character("P"))))
    asking.message = model.message
    let grid = Inspector.view(model).grid
    let masked = model.session.map { $0.position < $0.count } ?? false
    return View(
      name: name, grid: grid, asking: masked ? Inspector.view(asking).grid : nil)
  }

  /// The screen and what keys make of it: the memory's views, and every view of the upper right pane.
  private static func views(_ model: Model) -> [View] {
    var views = [view(of: model, as: "screen")]
    func add(_ name: String, _ model: Model) {
      let view = view(of: model, as: name)
      if !views.contains(where: { $0.grid == view.grid }) { views.append(view) }
    }
    for (name, key) in [("slab", "s"), ("stack", "t"), ("map", "m")] as [(String, Unicode.Scalar)] {
      var other = model
      _ = other.update(.key(Key(.character(key))))
      other.message = nil
      add(name, other)
    }
    var other = model
    var seen: Set<SideViewName?> = []
    repeat {
      _ = other.update(.key(Key(.character("r"))))
      other.message = nil
      add(other.sideView?.rawValue ?? SideViewName.eras.rawValue, other)
    } while seen.insert(other.sideView).inserted
    return views
  }

  /// What the inspector asks before the next step while predicting, with the answers that are right.
  private static func questions(_ model: Model) -> [Question] {
    var asking = model
    _ = asking.update(.key(Key(.character("P"))))
    _ = asking.update(.key(Key(.character("n"))))
    var found: [Question] = []
    while case .predict(let state) = asking.mode {
      let right = state.choices.indices.first { isRight($0, state, asking) }
      guard let right else { return [] }
      found.append(
        Question(words: state.copy, choices: state.choices.map(\.words), right: right))
      _ = asking.update(.key(Self.digit(right)))
    }
    return found
  }

  private static func digit(_ index: Int) -> Key {
    Key(.character(Unicode.Scalar(UInt8(ascii: "1") + UInt8(clamping: index))))
  }

  /// Whether an answer is right, whatever is said to the questions behind it.
  private static func isRight(_ index: Int, _ state: PredictState, _ asking: Model) -> Bool {
    var tried = asking
    let before = tried.session?.prediction?.right.count ?? 0
    _ = tried.update(.key(digit(index)))
    while case .predict(let next) = tried.mode, next.part != state.part {
      _ = tried.update(.key(digit(0)))
    }
    let item = Prediction.Item(tried.session?.position ?? 0, state.part)
    return (tried.session?.prediction?.right.count ?? 0) > before
      && tried.session?.prediction?.right.contains(item) == true
  }
}
