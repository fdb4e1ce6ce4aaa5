import Foundation
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
    #expect(name.hasSuffix("." + other.language) && lesson.language.isEmpty)
    #expect(other.steps.map(\.action) == lesson.steps.map(\.action))
    for (one, same) in zip(other.exercises, lesson.exercises) {
      #expect(one.ask != same.ask && one.because != same.because)
      #expect(one.hints.count == same.hints.count && one.hints != same.hints)
      #expect(one.solution == same.solution && one.allow == same.allow && one.deny == same.deny)
    }
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
    (
      "say: [a, b, c, d, e]\nhints: [[a], [b, c]]",
      "'hints' has 1 texts, and 'first-copy' has 2 hints"
    ),
    ("say: [a, b, c, d, e]\nhints: [a, b]", "'hints' must be a list of texts, not a single value"),
    ("say: [a, b, c, d, e]\nbecause: [a]", "'because' has 1 texts, and 'first-copy' has 2 exerci"),
    ("say: [a, b, c, d, e]\nlanguage: Deutsch!", "'language' must be a tag such as de or pt-BR"),
    ("about: a", "the translation needs 'say'"),
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
    #expect(found?.file == "f" && found?.line ?? 0 > 0)
  }

  /// A key that is not known is told with its place and the key that is meant.
  @Test(arguments: [
    ("becuase", "because"), ("hint", "hints"), ("asks", "ask"), ("lang", "language"),
  ])
  func aWrongKeyIsToldWithTheRightOne(_ wrong: String, _ right: String) {
    let text = "translates: first-copy\ntitle: a\nsay: [a]\n\(wrong): []\n"
    var found: Diagnostic?
    do throws(Diagnostic) { _ = try Translation.read(text, file: "mine.de.yaml") } catch {
      found = error
    }
    #expect(found?.file == "mine.de.yaml" && found?.line == 4 && found?.column == 1)
    #expect(found?.suggestion == right, "\(found?.suggestion ?? "nothing")")
  }

  /// The schema for editors takes what the reader takes, and refuses what a schema can see.
  @Test(arguments: [
    ("say: [a]", true), ("say: []", true), ("say: [a]\nhints: [[a], []]", true),
    ("say: [a]\nlanguage: pt-BR", true), ("say: [a]\nbecause: [a]", true), ("about: a", false),
    ("say: a", false), ("say: [[a]]", false), ("say: [a]\nhints: [a]", false),
    ("say: [a]\nlanguage: d", false), ("say: [a]\nbecuase: [a]", false),
    ("say: [a]\nask: {}", false),
  ])
  func schemaAndReaderAgree(_ lines: String, _ isRight: Bool) throws {
    let json = try JSONSerialization.jsonObject(with: Data(Translation.schema.utf8))
    let checker = SchemaChecker(schema: try #require(json as? [String: Any]))
    let text = "translates: first-copy\ntitle: a\n\(lines)\n"
    var isRead = true
    do throws(Diagnostic) { _ = try Translation.read(text, file: "f") } catch { isRead = false }
    #expect(isRead == isRight)
    #expect(try checker.takes(text) == isRight)
    for name in Translation.names {
      let taken = try checker.takes(try #require(Translation.text(named: name)))
      #expect(taken, "\(name)")
    }
  }
}
