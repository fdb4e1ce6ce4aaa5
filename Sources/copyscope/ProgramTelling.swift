import Foundation
import JSON
import Narration
import RawGadget
import Simulation
import Supervisor
import Text

/// How a program's calls are told on standard output: as text, or as one JSON object.
struct ProgramTelling {
  let format: OutputFormat
  let trace: Bool
  /// A file for everything the program says; nil for none.
  let output: ProgramOutput?
  private(set) var steps = 0
  private var waiting = ""
  private var hasBegun = false
  private var toldTroubles: [Trouble] = []
  private var toldSilence = false

  init(format: OutputFormat, trace: Bool, output: ProgramOutput?) {
    self.format = format
    self.trace = trace
    self.output = output
  }

  mutating func begin(_ script: Script) throws {
    switch format {
    case .text:
      write(script.title + "\n" + String(repeating: "=", count: script.title.count) + "\n")
    case .json:
      write(
        "{\"id\": \(JSONText.quoted(script.id)), \"title\": \(JSONText.quoted(script.title)), "
          + "\"era\": \(JSONText.quoted(script.era)), "
          + "\"driver\": \(JSONText.quoted(script.driver.name)), \"steps\": [")
    }
    try flush()
  }

  /// Tells a step and what the program said before it.
  mutating func tell(_ action: Action, _ events: [Event], _ before: World, _ said: String) throws {
    steps += 1
    let shown = Playback.Step(
      number: steps, script: ScriptStep(action: action), events: events, before: before)
    switch format {
    case .text:
      try say(said)
      let lines = [""] + Transcript.lines(shown, trace: trace, notes: false)
      write(lines.map(Printable.text).joined(separator: "\n") + "\n")
    case .json:
      try output?.write(said)
      var members = PlaybackJSON.members(shown, trace: trace)
      if !said.isEmpty { members.append(("said", .string(said))) }
      element(JSONValue(members).text)
    }
    if waiting.utf8.count > 1 << 14 { try flush() }
  }

  /// Tells what the program said, all of it, a line a line.
  mutating func say(_ said: String) throws {
    try output?.write(said)
    guard !said.isEmpty else { return }
    switch format {
    case .text:
      let lines = ProgramWords.lines(said).map(Printable.text)
      if !lines.isEmpty { write("\n" + lines.joined(separator: "\n") + "\n") }
    case .json: element("{\"said\": \(JSONText.quoted(said))}")
    }
  }

  /// Tells once what keeps calls from being followed.
  mutating func tell(_ trouble: Trouble) {
    guard !toldTroubles.contains(trouble) else { return }
    toldTroubles.append(trouble)
    Output.complain("copyscope: \(TroubleWords.line(trouble))\n")
  }

  /// What to do where a program waits for input that cannot come; said once.
  mutating func silence(of attendant: Attendant) -> String? {
    guard !toldSilence, attendant.patience == nil, attendant.program.readsItsTerminal else {
      return nil
    }
    toldSilence = true
    return ProgramWords.readsInput
  }

  mutating func finish(_ words: String, ending: Program.Ending?) throws {
    switch format {
    case .text:
      if steps == 0 { write("\n\(ProgramWords.madeNoCall)\n") }
      write("\n" + ProgramWords.sentence(words) + "\n")
    case .json:
      let status: String =
        switch ending {
        case .exited(let status): "\"status\": \(status), "
        case .killed(let signal): "\"signal\": \(signal), "
        case nil: ""
        }
      write("], \(status)\"ending\": \(JSONText.quoted(words))}\n")
    }
    try flush()
  }

  /// Writes what was told so far.
  mutating func flush() throws {
    guard !waiting.isEmpty else { return }
    defer { waiting = "" }
    try Output.write(waiting)
  }

  private mutating func element(_ text: String) {
    write((hasBegun ? ",\n" : "\n") + text)
    hasBegun = true
  }

  private mutating func write(_ text: String) { waiting += text }
}

/// A file that takes what a program says, as it says it.
final class ProgramOutput {
  private let descriptor: Int32
  private let path: String

  /// - Throws: the file cannot be written.
  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw problem(errno) }
  }

  deinit { close(descriptor) }

  func write(_ text: String) throws {
    guard !text.isEmpty else { return }
    let error = Output.send(Array(text.utf8), to: descriptor)
    if error != 0 { throw problem(error) }
  }

  private func problem(_ error: Int32) -> BadInput {
    .option("output", .file(path, error))
  }
}
