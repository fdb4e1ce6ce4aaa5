import Narration
import Scenario
import Simulation
import Testing

/// Lessons in another language: the same machine and the same steps, and words that fit.
struct TranslationTests {
  private static func translated(_ name: String) throws -> (lesson: Script, other: Script) {
    let text = try #require(Translation.text(named: name))
    let translation = try Translation.read(text, file: name)
    let lesson = try LessonFiles.script(translation.base)
    return (lesson, try translation.applied(to: lesson))
  }

  @Test(arguments: Translation.names) func onlyTheWordsDiffer(_ name: String) throws {
    let (lesson, other) = try Self.translated(name)
    #expect(name.hasPrefix(lesson.id + "."))
    #expect(other.title != lesson.title && other.about != lesson.about)
    #expect(other.steps.map(\.action) == lesson.steps.map(\.action))
    let (one, two) = (try Playback(lesson), try Playback(other))
    #expect(two.held && two.steps.map(\.events) == one.steps.map(\.events))
    for (step, same) in zip(other.steps, lesson.steps) {
      #expect(step.say.isEmpty == same.say.isEmpty && (step.say.isEmpty || step.say != same.say))
    }
  }

  /// The words fit where the lesson's do.
  @Test(arguments: Translation.names) func wordsFit(_ name: String) throws {
    let other = try Self.translated(name).other
    #expect(other.title.count <= 40 && other.about.count <= 120)
    #expect(wrapped(other.remember, columns: 36).count <= 5)
    for step in other.steps { #expect(wrapped(step.say, columns: 31).count <= 6, "\(step.say)") }
    for exercise in other.exercises { #expect(wrapped(exercise.ask, columns: 31).count <= 4) }
  }

  @Test(arguments: [
    ("say: [a]", "'say' has 1 texts, and 'first-copy' has 5 steps"),
    ("say: [a, b, c, d, e]\nask: [a]", "'ask' has 1 texts, and 'first-copy' has 2 exercises"),
    ("says: [a]", "unknown key 'says' in the translation"),
    ("about: a", "'say' has 0 texts, and 'first-copy' has 5 steps"),
  ])
  func mistakesAreTold(_ lines: String, _ message: String) throws {
    let lesson = try LessonFiles.script("first-copy")
    let text = "translates: first-copy\ntitle: a\n\(lines)\n"
    let found: Diagnostic?
    do throws(Diagnostic) {
      let translation = try Translation.read(text, file: "f")
      _ = try translation.applied(to: lesson)
      found = nil
    } catch { found = error }
    #expect(found?.message.hasPrefix(message) == true, "\(found?.message ?? "nothing")")
  }
}
