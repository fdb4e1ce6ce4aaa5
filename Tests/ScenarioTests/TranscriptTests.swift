import Foundation
import Narration
import Scenario
import Simulation
import Support
import Testing

/// Transcripts with traces and notes as they were when last looked at, each trace once; RECORD=1 writes them anew.
struct TranscriptTests {
  @Test(arguments: LessonFiles.ids)
  func everyTranscriptIsAsRecorded(id: String) throws {
    let playback = try Playback(LessonFiles.script(id))
    let whole = Transcript(playback, trace: true, notes: true).text + "\n"
    let text = FoldedTraces.fold(whole)
    #expect(FoldedTraces.unfold(text) == whole)
    let file = LessonFiles.transcripts.appendingPathComponent("\(id).txt")
    if Golden.isRecording {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    guard let recorded = try? String(contentsOf: file, encoding: .utf8) else {
      Issue.record("Transcripts has no \(id).txt; .ci/record writes it")
      return
    }
    let found = difference(text, recorded)
    #expect(found == nil)
  }

  @Test func noTranscriptIsLeftOver() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: LessonFiles.transcripts.path)
      .filter { !$0.hasPrefix(".") }
    for file in Set(files).subtracting(LessonFiles.ids.map { "\($0).txt" }) {
      Issue.record("Transcripts/\(file) is of no lesson")
    }
  }

  @Test func controlCharactersOfAScenarioAreShownNotSent() throws {
    let text = "title: \"a\\e[31mb\\u202e\"\nsteps:\n- note: {}\n  say: \"x\\ay\"\n"
    let script = try ScenarioReader.read(text, file: "f.yaml", id: "f")
    let transcript = Transcript(try Playback(script)).text
    #expect(transcript.contains("a\\u{1b}[31mb\\u{202e}"))
    #expect(transcript.contains("x\\u{7}y"))
    #expect(!transcript.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }
}
