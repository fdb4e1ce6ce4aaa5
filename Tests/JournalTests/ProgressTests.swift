import Journal
import Testing

/// The lines that tell what was done of the lessons.
struct LessonProgressTests {
  private func done(_ change: (inout LessonProgress) -> Void) -> LessonProgress {
    var progress = LessonProgress()
    change(&progress)
    return progress
  }

  @Test func whatIsWrittenIsReadBack() {
    var record = ProgressRecord()
    record.note(
      done {
        $0.seen = 6
        $0.solved = [1, 2]
        ($0.predicted, $0.right) = (4, 3)
        $0.bookmarks = [3]
        $0.notes = [3: "two\nlines, \"quoted\""]
      }, of: "slack")
    record.note(done { $0.seen = 1 }, of: "other")
    #expect(ProgressRecord(Array(record.text.utf8)) == record)
    #expect(record.text.split(separator: "\n").count == 2)
  }

  @Test func linesOfALessonAreJoined() {
    let lines = [
      done {
        ($0.seen, $0.solved, $0.bookmarks) = (6, [1], [2])
        ($0.predicted, $0.right) = (4, 4)
      },
      done {
        ($0.seen, $0.solved, $0.bookmarks) = (3, [2], [])
        ($0.predicted, $0.right) = (4, 1)
      },
    ].map { ProgressRecord.line($0, of: "slack") }.joined()
    let joined = ProgressRecord(Array(lines.utf8)).lessons["slack"]
    #expect(joined?.seen == 6 && joined?.solved == [1, 2] && joined?.bookmarks == [])
    #expect(joined?.right == 4 && joined?.predicted == 4)
  }

  /// One right answer at the start is no better than the whole lesson; a second try may be.
  @Test func theScoreIsThatOfTheMostRightAnswers() {
    var progress = LessonProgress()
    for (right, all) in [(1, 1), (1, 2), (1, 3), (2, 4)] {
      progress.noteScore(right: right, of: all)
    }
    #expect(progress.right == 2 && progress.predicted == 4)
    progress.noteScore(right: 1, of: 1)
    #expect(progress.right == 2 && progress.predicted == 4)
    progress.noteScore(right: 3, of: 4)
    #expect(progress.right == 3 && progress.predicted == 4)
    let lines = [(2, 4), (1, 1)].map { right, all in
      ProgressRecord.line(done { ($0.predicted, $0.right) = (all, right) }, of: "slack")
    }
    let joined = ProgressRecord(Array(lines.joined().utf8)).lessons["slack"]
    #expect(joined?.right == 2 && joined?.predicted == 4)
  }

  @Test(arguments: [
    "", "{", "{\"lesson\": 3}", "{\"lesson\": \"a\", \"seen\": -4, \"right\": 9, \"solved\": [-1]}",
    "{\"lesson\": \"a\", \"notes\": {\"x\": \"y\", \"-1\": \"y\", \"2\": 3}}", "\u{0}\u{1}", "[]",
  ])
  func whateverTheFileHoldsItIsReadAsFarAsItGoes(_ line: String) {
    let good = ProgressRecord.line(done { $0.seen = 2 }, of: "b")
    let record = ProgressRecord(Array((line + "\n" + good).utf8))
    #expect(record.lessons["b"]?.seen == 2)
    if let odd = record.lessons["a"] { #expect(odd == LessonProgress()) }
  }
}
