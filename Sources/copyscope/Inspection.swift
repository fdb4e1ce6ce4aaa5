import Foundation
import Grid
import Inspector
import Scenario
import Simulation
import Terminal
import Theme

/// The inspector on a terminal: messages in, frames and effects out.
struct Inspection {
  var model: Model
  /// Where a new scenario is written when no name is given.
  var savePath: String?

  init(_ script: Script?) throws {
    let items = Lessons.all.map {
      LessonItem(id: $0.id, number: $0.number, title: $0.title, about: $0.about)
    }
    model = Model(lessons: items)
    if let script { _ = model.update(.opened(script)) }
  }

  /// Shows the last step first, as pictures of reports do.
  mutating func goToEnd() { _ = model.update(.key(Key(.end))) }

  /// Runs until the user quits or a signal ends the program.
  mutating func run(theme: Theme, usesMouse: Bool) throws {
    var ending: Int32?
    do throws(TerminalError) {
      var screen = try Screen(theme: theme, options: Options(usesMouse: usesMouse))
      _ = model.update(.resize(width: screen.width, height: screen.height))
      var isRunning = true
      while isRunning {
        screen.show(view(model))
        switch screen.next() {
        case .key(Key(.character("z"), .control)): screen.stop()
        case .key(let key): isRunning = handle(model.update(.key(key)), &screen)
        case .mouse(let mouse): isRunning = handle(model.update(.mouse(mouse)), &screen)
        case .resize(let width, let height):
          _ = model.update(.resize(width: width, height: height))
        case .paste(let text): paste(text, &screen, &isRunning)
        case .end(let signal):
          ending = signal
          isRunning = false
        case .wake, .tick: break
        }
      }
      screen.close()
    } catch {
      throw BadInput(error.description)
    }
    if let ending { Terminal.die(of: ending) }
  }

  private mutating func paste(_ text: String, _ screen: inout Screen, _ isRunning: inout Bool) {
    guard case .command = model.mode else { return }
    for scalar in text.unicodeScalars.prefix(512) where scalar.value >= 0x20 {
      isRunning = handle(model.update(.key(Key(.character(scalar)))), &screen) && isRunning
    }
  }

  /// Does what the model asks for; false when it asks to quit.
  private mutating func handle(_ effects: [Effect], _ screen: inout Screen) -> Bool {
    for effect in effects {
      switch effect {
      case .quit: return false
      case .openLesson(let name): load(name)
      case .save(let fileName): save(as: fileName)
      case .copyScreen:
        let done = screen.copy(view(model).grid.text)
        tell(done ? "the screen is on the clipboard" : "this terminal takes no clipboard", !done)
      }
    }
    return true
  }

  mutating func load(_ name: String) {
    do {
      _ = model.update(.opened(try ScenarioSource.load(name)))
    } catch {
      tell("\(error)", true)
    }
  }

  private mutating func save(as fileName: String?) {
    guard let session = model.session else { return }
    let path =
      fileName ?? savePath
      ?? "\(session.script.id.isEmpty ? "scenario" : session.script.id)-mine.yaml"
    do {
      let text = ScenarioWriter.text(session.edited)
      try Output.save(text, as: path)
      savePath = path
      tell("written to \(path)", false)
    } catch {
      tell("\(error)", true)
    }
  }

  private mutating func tell(_ text: String, _ isError: Bool) {
    _ = model.update(.told(text, isError: isError))
  }
}
