import ArgumentParser
import Foundation
import Grid
import Inspector
import Narration
import Scenario
import Simulation
import Terminal
import Text
import Theme

/// `copyscope screen`: the inspector drawn without a terminal.
struct ScreenPicture: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.screen.rawValue,
    abstract: "Draw the inspector without a terminal, for slides and tests.")

  @Argument(
    help: "A lesson by id or number, or a scenario file; without it the list of lessons.",
    completion: Completion.scenarios)
  var scenario: String?

  @Option(parsing: .unconditional, help: "Keys to press first, parted by blanks: \"n n Tab\".")
  var keys = ""

  @Option(help: "Columns x rows; 120x36 where config.yaml says nothing.")
  var size: String?

  @Option(help: "A theme by name or file.", completion: Completion.themes)
  var theme: String?

  @Option(help: "text, ansi, svg, html, or cast: a recording of all keys for asciinema.")
  var format: PictureFormat = .text

  @Option(help: "Milliseconds a key takes in a recording.")
  var pace = 1_000

  @Flag(help: "Only ASCII glyphs.")
  var ascii = false

  enum PictureFormat: String, ExpressibleByArgument, CaseIterable {
    case text, ansi, svg, html, cast
  }

  func validate() throws {
    guard (1...60_000).contains(pace) else {
      throw ValidationError("--pace: milliseconds from 1 to 60000")
    }
  }

  func run() throws {
    let (width, height) = try dimensions()
    let script = try scenario.map { try ScenarioSource.load($0) }
    let isPlain = theme == nil && ProcessInfo.processInfo.environment["NO_COLOR"] ?? "" != ""
    var inspection = try Inspection(
      script, theme: isPlain ? .monochrome : try ThemeChoice.theme(theme))
    _ = inspection.model.update(.resize(width: width, height: height))
    var cast = Cast(width: width, height: height, title: script?.title ?? "copyscope")
    cast.add(shown(inspection), theme: inspection.theme, at: 0)
    for (index, key) in try pressed().enumerated() {
      inspection.press(key)
      guard format == .cast else { continue }
      cast.add(
        shown(inspection), theme: inspection.theme, at: Double((index + 1) * pace) / 1000)
    }
    let drawn = Picture(shown(inspection), theme: inspection.theme)
    switch format {
    case .text: try Output.line(drawn.text)
    case .ansi: try Output.line(drawn.ansi())
    case .svg: try Output.line(drawn.svg())
    case .html: try Output.line(drawn.html())
    case .cast: try Output.write(cast.text)
    }
  }

  private func shown(_ inspection: Inspection) -> Grid {
    let grid = view(inspection.model).grid
    return ascii ? grid.asciiFolded() : grid
  }

  private func pressed() throws -> [Key] {
    do throws(KeyError) { return try Key.sequence(parsing: keys) } catch {
      throw BadInput.option("keys", .keys(error))
    }
  }

  private func dimensions() throws -> (Int, Int) {
    let size = try size ?? UserFiles.config().size ?? "120x36"
    guard let (columns, rows) = ConfigFile.dimensions(size) else {
      throw BadInput.option("size", .notSize(size))
    }
    return (columns, rows)
  }
}
