import ArgumentParser
import Conformance
import Foundation
import Grid
import Inspector
import JSON
import Terminal
import Text
import Theme

/// `copyscope follow`: the lecturer's second screen.
struct Follow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.follow.rawValue,
    abstract: "Show the notes of a shared inspector's step, on a second terminal.",
    discussion: """
      The inspector is opened with 'copyscope open --share'. Only its owner can follow it, and nothing
      done here changes it. On a terminal the notes fill the screen; elsewhere every change is a paragraph,
      or a line of JSON.
      Exit status 0: the inspector was closed, or q was pressed; 2: there is none to follow.
      """)

  @Option(
    help: "The inspector to follow, one of those --list names; without it the newest.",
    completion: Completion.sessions)
  var session: String?

  @Flag(help: "List the inspectors that can be followed, the newest first.")
  var list = false

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Option(help: "A theme by name, or a base16 file.", completion: Completion.themes)
  var theme: String?

  func run() throws {
    let theme = try ThemeChoice.theme(theme)
    if list { return try showList() }
    var followed = try FollowedSession.opened(named: session)
    let hasScreen = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    if hasScreen, format == .text {
      try show(&followed, theme: theme)
    } else {
      try printLines(&followed)
    }
  }

  /// Each with where it is, asked for at most a second.
  private func showList() throws {
    for name in try FollowedSession.names() {
      let words = Self.whereabouts(name) ?? "does not answer"
      try Output.line("\(Printable.text(name))  \(words)")
    }
  }

  /// Where a session is; nil when it does not say so in time.
  private static func whereabouts(_ name: String) -> String? {
    guard var followed = try? FollowedSession.opened(named: name),
      followed.wait(milliseconds: 1000), case .places(let places)? = try? followed.news(),
      let place = places.last
    else { return nil }
    let steps = place.count > 0 ? ", step \(place.step)/\(place.count)" : ""
    return SharedPositionWords.heading(place) + steps
  }

  /// How long an inspector may be silent at first before that is told, in milliseconds.
  private static let patience: Int32 = 2000

  private func printLines(_ followed: inout FollowedSession) throws {
    if !followed.wait(milliseconds: Self.patience) {
      Output.complain("copyscope: \(NotesScreen.silence); is it stopped?\n")
    }
    while true {
      guard followed.wait() else { continue }
      guard case .places(let places) = try followed.news() else { return }
      for place in places {
        switch format {
        case .json: try Output.line(FollowLine.json(place).text)
        case .text: try Output.line(Self.text(place))
        }
      }
    }
  }

  private static func text(_ place: SharedPosition) -> String {
    let steps = place.count > 0 ? "  step \(place.step)/\(place.count)  \(place.era)" : ""
    let lines = SharedPositionWords.paragraphs(place).map { paragraph in
      "  " + (paragraph.heading.isEmpty ? "" : "\(paragraph.heading): ")
        + paragraph.text.split(separator: "\n").joined(separator: "\n    ")
    }
    return ([SharedPositionWords.heading(place) + steps] + lines).joined(separator: "\n") + "\n"
  }

  private func show(_ followed: inout FollowedSession, theme: Theme) throws {
    let ending: Ending
    do throws(TerminalError) {
      var screen = try Screen(theme: theme, options: Options(usesMouse: true))
      ending = Self.watch(&followed, &screen)
      screen.close()
    } catch {
      throw BadInput.terminal(error)
    }
    switch ending {
    case .quit: break
    case .closed: try Output.line("copyscope: the inspector was closed")
    case .signal(let signal): Terminal.die(of: signal)
    case .problem(let error): throw error
    }
  }

  /// Why the notes are not shown any more.
  private enum Ending {
    case quit
    case closed
    case signal(Int32)
    case problem(any Error)
  }

  private static func watch(_ followed: inout FollowedSession, _ screen: inout Screen) -> Ending {
    var notes = NotesScreen(width: screen.width, height: screen.height)
    while true {
      screen.show(notes.frame)
      switch screen.next(waking: [followed.descriptor]) {
      case .key(Key(.character("z"), .control)): screen.stop()
      case .key(let key): if leaves(key, &notes) { return .quit }
      case .mouse(let mouse):
        if mouse.action == .wheelUp { notes.scroll(by: -1) }
        if mouse.action == .wheelDown { notes.scroll(by: 1) }
      case .resize(let width, let height):
        (notes.width, notes.height) = (width, height)
        notes.scroll(by: 0)
      case .interrupt: return .signal(SIGINT)
      case .end(let signal): return .signal(signal)
      case .wake:
        do {
          guard case .places(let places) = try followed.news() else { return .closed }
          if let place = places.last { notes.place = place }
        } catch { return .problem(error) }
      case .paste, .background, .tick: break
      }
    }
  }

  /// Scrolls, or says that the key leaves.
  private static func leaves(_ key: Key, _ notes: inout NotesScreen) -> Bool {
    switch key.code {
    case .up, .character("k"): notes.scroll(by: -1)
    case .down, .character("j"), .enter: notes.scroll(by: 1)
    case .pageUp: notes.scroll(by: -notes.height / 2)
    case .pageDown, .character(" "): notes.scroll(by: notes.height / 2)
    case .home: notes.scroll(by: -notes.scroll)
    case .character("q"), .escape: return true
    default: break
    }
    return false
  }
}
