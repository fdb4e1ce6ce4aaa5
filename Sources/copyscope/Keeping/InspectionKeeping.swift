import Foundation
import Inspector
import Journal
import Scenario
import Simulation

/// What is done in the inspector is kept until it stands in a file, and files are written.
extension Inspection {
  /// Exit status when work was lost that nobody gave up.
  static let lostWork: Int32 = 1

  /// Begins to keep what is done; says what was left, or why nothing is kept.
  mutating func beginKeeping() {
    keeper.begin(left)
    _ = keeper.note(model.story, isLasting: false)
    if let trouble = keeper.trouble {
      let asks = model.keymap.says(.quit, "asks before it is lost")
      let words = ["nothing done here is kept until it is written", asks].compactMap(\.self)
      return tell("\(words.joined(separator: "; ")): \(trouble.words)", true)
    }
    let count = left == nil && model.message == nil ? StateFolder.left().count : 0
    left = nil
    guard count > 0 else { return }
    let what = count == 1 ? "work of an earlier sitting is" : "work of \(count) earlier sittings is"
    tell("\(what) left: 'copyscope open --resume' lists it", false)
  }

  /// Keeps what was done up to now, before anything else is read.
  mutating func keepWork() {
    guard let news = keeper.note(model.story) else { return }
    tell(news.text, news.isError)
  }

  /// Puts a program's call into the journal; it waits for the disk with the others of its turn.
  mutating func keepCall() {
    guard let news = keeper.note(model.story, isLasting: false) else { return }
    tell(news.text, news.isError)
  }

  /// Says what became of the work; true when it is lost.
  mutating func endKeeping(_ signal: Int32?) -> Bool {
    _ = keeper.note(model.story)
    // The terminal may be gone.
    switch keeper.end(signal: signal) {
    case .nothingLeft: return false
    case .kept(let name):
      Output.complain("What was done by hand is kept: copyscope open --resume \(name)\n")
      return false
    case .lost(let words):
      Output.complain("copyscope: what was done by hand is lost: \(words)\n")
      return true
    }
  }

  /// What would be lost, and what can be done about it.
  mutating func askToLeave() {
    let again = model.keymap.says(.quit, "once more loses it") ?? "once more loses it"
    let why = keeper.trouble.map { ": \($0.words)" } ?? ""
    tell(
      "\(keeper.unsettledWords) would be lost; ':write NAME' writes, \(again)\(why)", true)
  }

  /// Takes a file as read before the screen was opened.
  mutating func note(_ stamp: FileStamp?, at path: String) {
    if let stamp { known.note(stamp, at: path) }
  }

  mutating func save(as fileName: String?, _ insists: Bool) {
    guard let session = model.session else { return }
    let (text, steps) = ScenarioWriter.readable(session.scriptToSave)
    do {
      let path =
        try (fileName ?? savePath).map { path in
          try known.write(text, as: path, insists)
          return path
        } ?? known.write(text, asNew: session.script.id)
      savePath = path
      let name = FileName.shown(path)
      guard steps == session.count else {
        return tell(
          "the first \(steps) of \(session.count) steps are written to \(name); no file holds more",
          true)
      }
      keeper.settle(session)
      tell("written to \(name)", false)
    } catch {
      tell("\(error)", true)
    }
  }
}
