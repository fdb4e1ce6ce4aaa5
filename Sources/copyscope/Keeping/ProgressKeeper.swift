import Foundation
import Inspector
import Journal
import Scenario
import Simulation

/// Keeps what a student does: a line in `$XDG_STATE_HOME/copyscope/progress` for each change.
struct ProgressKeeper {
  /// What is known of all lessons.
  private(set) var record = ProgressRecord()
  /// The id of the lesson opened last, and which of the sitting's scenarios it is.
  private var opened: (number: Int, id: String?)?
  /// Why nothing is kept; nil while it is.
  private(set) var trouble: JournalFile.Problem?

  /// Largest file read, bytes; one that is larger than half of it is written anew.
  static let limit = 4 << 20

  /// The file; nil when the user has no home.
  static var path: String? { StateFolder.path.map { $0 + "/progress" } }

  /// Reads what earlier sittings kept; where that cannot be read, nothing is known.
  mutating func read() { record = (try? Self.kept()) ?? ProgressRecord() }

  /// What the file says; nothing where there is none.
  static func kept() throws -> ProgressRecord {
    guard let path, FileManager.default.fileExists(atPath: path) else { return ProgressRecord() }
    return ProgressRecord(try InputFile.bytes(of: path, limit: limit, onlyRegular: true))
  }

  /// Takes up what earlier sittings did of the lesson that was just opened.
  func restore(_ story: inout Story) {
    guard let id = Self.lesson(of: story), let known = record.lessons[id] else { return }
    story.restore(
      bookmarks: known.bookmarks, notes: known.notes, solved: Set(known.solved.map { $0 - 1 }))
  }

  /// The lesson that is open, as it was written by its author; nil for another scenario.
  private static func lesson(of story: Story) -> String? {
    guard let id = story.session?.script.id, Lessons.find(id)?.id == id else { return nil }
    return id
  }

  /// Takes note of where the story stands; the lesson and what is new of it.
  ///
  /// - Returns: nil when nothing is.
  mutating func note(_ story: Story) -> (id: String, progress: LessonProgress)? {
    guard let number = story.session?.opening else { return nil }
    if opened?.number != number { opened = (number, Self.lesson(of: story)) }
    guard let id = opened?.id, let session = story.session else { return nil }
    var now = record.lessons[id] ?? LessonProgress()
    let isReading = session.handmade == 0 && !story.isExercising
    let position = isReading ? min(session.position, session.script.steps.count) : 0
    now.seen = max(now.seen, position)
    now.solved.formUnion(story.solved.map { $0 + 1 })
    if let prediction = session.prediction {
      now.noteScore(right: prediction.right.count, of: prediction.answered)
    }
    if isReading { (now.bookmarks, now.notes) = (session.bookmarks, session.notes) }
    guard now != record.lessons[id] ?? LessonProgress() else { return nil }
    record.note(now, of: id)
    return (id, now)
  }

  /// Writes a line; what is to be told where it cannot be written, once.
  mutating func write(_ news: (id: String, progress: LessonProgress)) -> String? {
    do throws(JournalFile.Problem) {
      try Self.append(ProgressRecord.line(news.progress, of: news.id))
      trouble = nil
      return nil
    } catch {
      defer { trouble = error }
      return trouble == nil ? "progress is not kept: \(error.words)" : nil
    }
  }

  private static func append(_ line: String) throws(JournalFile.Problem) {
    let path = try StateFolder.made() + "/progress"
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW
    let descriptor = Foundation.open(path, flags, 0o600)
    guard descriptor >= 0 else { throw problem(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw JournalFile.Problem(place: FileName.shown(path), reason: "is no regular file")
    }
    guard status.st_size < limit / 2 else { return try shorten(path, adding: line) }
    let number = Output.send(Array(line.utf8), to: descriptor)
    guard number == 0 else { throw problem(path, number) }
  }

  /// Writes a long file anew with one line a lesson.
  private static func shorten(_ path: String, adding line: String) throws(JournalFile.Problem) {
    let bytes = (try? InputFile.bytes(of: path, limit: limit, onlyRegular: true)) ?? []
    let text = ProgressRecord(bytes + Array(line.utf8)).text
    do { try Output.save(text, as: path) } catch {
      throw JournalFile.Problem(place: FileName.shown(path), reason: "cannot be written anew")
    }
  }

  private static func problem(_ path: String, _ number: Int32) -> JournalFile.Problem {
    JournalFile.Problem(
      place: FileName.shown(path), reason: "cannot be written: \(SystemError.words(number))")
  }
}

extension Inspection {
  /// Lists the lessons of a course instead of all.
  mutating func list(_ course: CourseSource) {
    model.lessonList.items = LessonItems.of(course, progress.record)
    model.lessonList.shorter = ""
  }

  /// Keeps what was done of the lesson, and shows it in the list.
  mutating func keepProgress() {
    guard let news = progress.note(model.story) else { return }
    if let index = model.lessonList.items.firstIndex(where: { $0.id == news.id }) {
      model.lessonList.items[index].take(news.progress)
    }
    if let words = progress.write(news) { tell(words, true) }
  }
}
