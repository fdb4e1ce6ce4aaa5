import Grid
import Inspector
import Journal
import Scenario
import Simulation
import Support

/// Keys, clicks and sizes on the inspector: a picture of the right size, nothing a terminal would obey in it, and a
/// journal that makes the same scenario again.
struct KeyWalk {
  private var random: SplitMix
  private var model: Model
  private var record = WorkRecord()
  private var text = JournalEntry.started(0).line

  private static let items = Lessons.all.map {
    LessonItem(id: $0.id, number: $0.number, title: $0.title, about: $0.about)
  }
  private static let keys: [Key] =
    Keymap.standard.flatMap(\.keys)
    + [
      .init(.enter), .init(.enter), .init(.escape), .init(.escape), .init(.tab), .init(.backspace),
    ]
    + "abcdefghijklmnopqrstuvwxyz0123456789:+-/ ".unicodeScalars.map { Key(.character($0)) }

  init(_ seed: UInt64) {
    random = SplitMix(seed)
    model = Model(lessons: Self.items, width: 100, height: 30)
  }

  mutating func walk(_ steps: Int) -> String? {
    for step in 0..<steps {
      if step.isMultiple(of: 2_000) { begin() }
      let done = act()
      for entry in record.entries(for: model.story) { text += entry.line }
      if step.isMultiple(of: 3), let broken = brokenPicture() {
        return "step \(step), \(done): \(broken)"
      }
      if step.isMultiple(of: 500), let broken = brokenJournal() {
        return "step \(step), \(done): \(broken)"
      }
    }
    return nil
  }

  private mutating func begin() {
    model = Model(lessons: Self.items, width: 100, height: 30)
    (record, text) = (WorkRecord(), JournalEntry.started(0).line)
    open(Self.items[Int.random(in: 0..<Self.items.count, using: &random)].id)
  }

  private mutating func open(_ id: String) {
    guard let lesson = Lessons.find(id), let script = try? Lessons.script(lesson) else { return }
    model.open(script)
    for entry in record.entries(for: model.story) { text += entry.line }
  }

  private mutating func act() -> String {
    switch Int.random(in: 0..<40, using: &random) {
    case 0:
      let size = (
        Int.random(in: 1...200, using: &random), Int.random(in: 1...60, using: &random)
      )
      _ = model.update(.resize(width: size.0, height: size.1))
      return "size \(size)"
    case 1, 2:
      let place = Position(
        x: Int.random(in: -1...model.width, using: &random),
        y: Int.random(in: -1...model.height, using: &random))
      let actions: [Mouse.Action] = [
        .press(.left), .drag(.left), .release(.left), .wheelUp, .wheelDown,
      ]
      let action = actions[Int.random(in: 0..<actions.count, using: &random)]
      _ = model.update(.mouse(Mouse(action, at: place)))
      return "\(action) at \(place)"
    default:
      let key = Self.keys[Int.random(in: 0..<Self.keys.count, using: &random)]
      for case .openLesson(let id) in model.update(.key(key)) { open(id) }
      return key.description
    }
  }

  private func brokenPicture() -> String? {
    let frame = view(model)
    guard frame.grid.width == model.width, frame.grid.height == model.height else {
      return "a picture of \(frame.grid.width)x\(frame.grid.height)"
    }
    let obeyed = frame.grid.text.unicodeScalars.first { $0 != "\n" && $0.value < 0x20 }
    return obeyed.map { "the picture holds U+\(String($0.value, radix: 16))" }
  }

  private func brokenJournal() -> String? {
    let journal = JournalText(Array(text.utf8))
    guard journal.brokenLine == nil else { return "line \(journal.brokenLine ?? 0) of the journal" }
    do throws(LeftWork.Problem) {
      let work = try LeftWork(journal, file: "journal")
      guard let session = model.session,
        let last = work.finals.last(where: { $0.session.opening == session.opening })
      else { return nil }
      let same =
        last.session.fullScript.steps.map(\.action) == session.fullScript.steps.map(\.action)
      return same ? nil : "the journal makes other steps"
    } catch { return "the journal cannot be played: \(error)" }
  }
}
