import ArgumentParser
import Foundation
import Grid
import Inspector
import Narration
import Terminal
import Theme

/// `copyscope screen`: the inspector drawn without a terminal.
struct ScreenPicture: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screen", abstract: "Draw the inspector without a terminal, for slides and tests.")

  @Argument(help: "A lesson by id or number, or a scenario file; without it the list of lessons.")
  var scenario: String?

  @Option(help: "Keys to press first, parted by blanks: \"n n Tab\".")
  var keys = ""

  @Option(help: "Columns x rows.")
  var size = "120x36"

  @Option(help: "A theme by name or file.")
  var theme: String?

  @Option(help: "text, ansi, svg or html.")
  var format: PictureFormat = .text

  @Flag(help: "Only ASCII glyphs.")
  var ascii = false

  enum PictureFormat: String, ExpressibleByArgument, CaseIterable {
    case text, ansi, svg, html
  }

  func run() throws {
    let grid = try picture()
    let drawn = Picture(ascii ? grid.asciiFolded() : grid, theme: try ThemeChoice.theme(theme))
    switch format {
    case .text: try Output.line(drawn.text)
    case .ansi: try Output.line(drawn.ansi())
    case .svg: try Output.line(drawn.svg())
    case .html: try Output.line(drawn.html())
    }
  }

  private func picture() throws -> Grid {
    let (width, height) = try dimensions()
    let script = try scenario.map { try ScenarioSource.load($0) }
    var inspection = try Inspection(script)
    _ = inspection.model.update(.resize(width: width, height: height))
    let pressed: [Key]
    do throws(KeyError) { pressed = try Key.sequence(parsing: keys) } catch {
      throw BadInput("--keys: \(Printable.text(error.description))")
    }
    for key in pressed {
      for case .openLesson(let name) in inspection.model.update(.key(key)) {
        inspection.load(name)
      }
    }
    return view(inspection.model).grid
  }

  private func dimensions() throws -> (Int, Int) {
    let parts = size.split(separator: "x").compactMap { Int($0) }
    guard parts.count == 2, (1...1000).contains(parts[0]), (1...1000).contains(parts[1]) else {
      throw BadInput("--size: '\(Printable.text(size))' is not COLUMNSxROWS, such as 120x36")
    }
    return (parts[0], parts[1])
  }
}
