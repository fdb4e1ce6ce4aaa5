import Grid
import JSON
import Narration
import Simulation
import Text
import Theme

/// One page for a browser with lessons to step through: no network, one file.
struct HandoutPage {
  let title: String
  let about: String
  let reels: [Reel]

  /// Rows of all screens, each once: most rows of a screen are those of the one before.
  private struct Rows {
    private(set) var rows: [JSONValue] = []
    private var known: [ArraySlice<Cell>: Int] = [:]
    private(set) var styles: [Dress] = []
    private var numbers: [Dress: Int] = [:]

    /// The numbers of a screen's rows.
    mutating func add(_ grid: Grid) -> JSONValue {
      .array((0..<grid.height).map { JSONValue(row(grid.row($0))) })
    }

    /// The rows of `other` that `grid` has otherwise: the place of each and its number, in turn.
    mutating func add(_ other: Grid, insteadOf grid: Grid) -> JSONValue {
      .array(
        (0..<grid.height).filter { grid.row($0) != other.row($0) }
          .flatMap { [JSONValue($0), JSONValue(row(other.row($0)))] })
    }

    private mutating func row(_ cells: ArraySlice<Cell>) -> Int {
      if let number = known[cells] { return number }
      var parts: [JSONValue] = []
      var (text, dress) = (String.UnicodeScalarView(), Dress?.none)
      func close() {
        guard let dress else { return }
        parts += [.string(String(text)), JSONValue(number(dress))]
      }
      for cell in cells where !cell.isContinuation {
        let own = Dress(role: cell.role, attributes: cell.attributes)
        if own != dress {
          close()
          (text, dress) = (String.UnicodeScalarView(), own)
        }
        text.append(cell.scalar)
        text.append(contentsOf: cell.marks)
      }
      close()
      rows.append(.array(parts))
      known[cells] = rows.count - 1
      return rows.count - 1
    }

    private mutating func number(_ dress: Dress) -> Int {
      if let number = numbers[dress] { return number }
      styles.append(dress)
      numbers[dress] = styles.count - 1
      return styles.count - 1
    }
  }

  /// How a cell is drawn: its role and its own attributes.
  struct Dress: Hashable {
    var role: Role
    var attributes: Attributes
  }

  /// The whole file.
  ///
  /// - Parameter themes: the light one and the dark one.
  func text(light: Theme, dark: Theme) -> String {
    var rows = Rows()
    let lessons = reels.map { lesson($0, &rows) }
    let data = JSONValue([
      ("lessons", .array(lessons)), ("rows", .array(rows.rows)),
    ])
    let schemes = [("light", light), ("dark", dark)].map { name, theme in
      HandoutStyle(theme, name: name).css(rows.styles)
    }
    let safe = data.text.replacing("<", with: "\\u003c")
    return """
      <!DOCTYPE html>
      <html lang="en" data-scheme="light">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      script-src 'unsafe-inline'; style-src 'unsafe-inline'">
      <title>\(Self.escaped(heading))</title>
      <style>
      \(HandoutStyle.page)
      \(schemes.joined(separator: "\n"))
      </style>
      </head>
      <body>
      \(body)
      <script type="application/json" id="data">\(safe)</script>
      <script>
      \(HandoutScript.text)
      </script>
      </body>
      </html>

      """
  }

  /// What the page is called. A lesson's title may tell how its copies come out, so it waits for the last step.
  private var heading: String { reels.count == 1 ? "copyscope" : title }

  /// What stands on the page before the script fills it.
  private var body: String {
    """
    <main>
    <h1 id="heading">\(Self.escaped(heading))</h1>
    <p id="about">\(Self.escaped(reels.count == 1 ? "" : about))</p>
    <noscript><p>This page steps through its lessons with a script, which is switched off here.</p></noscript>
    <nav aria-label="Lesson and step">
    <label>Lesson <select id="lesson"></select></label>
    <button id="first" type="button">Start</button>
    <button id="back" type="button">Back</button>
    <button id="next" type="button">Next</button>
    <span id="place" role="status"></span>
    <label>View <select id="view"></select></label>
    <label><input id="ask" type="checkbox" checked> Ask me first</label>
    <button id="scheme" type="button">Dark or light</button>
    </nav>
    <section id="question" aria-labelledby="asked" hidden>
    <h2 id="asked"></h2>
    <div id="choices"></div>
    </section>
    <p id="answer" role="status"></p>
    <pre id="screen" tabindex="0" role="img" aria-describedby="lines"></pre>
    <section aria-label="What happened" aria-live="polite"><ul id="lines"></ul></section>
    <section id="exercises" aria-label="Exercises"></section>
    <p class="keys">Keys: right and left arrow step, Home starts, digits answer. A swipe steps too.</p>
    </main>
    """
  }

  private func lesson(_ reel: Reel, _ rows: inout Rows) -> JSONValue {
    let moments = reel.moments.map { moment($0, &rows) }
    return JSONValue([
      ("id", .string(reel.script.id)), ("title", .string(reel.script.title)),
      ("about", .string(reel.script.about)),
      ("language", .string(reel.script.language.isEmpty ? "en" : reel.script.language)),
      ("remember", .string(reel.script.remember)), ("source", .string(reel.script.source)),
      ("moments", .array(moments)),
      ("exercises", .array(reel.script.exercises.map(exercise))),
    ])
  }

  private func moment(_ moment: Reel.Moment, _ rows: inout Rows) -> JSONValue {
    var views: [JSONValue] = []
    for view in moment.views {
      views.append(
        JSONValue([
          ("name", .string(view.name)), ("rows", rows.add(view.grid)),
          ("asking", rows.add(view.asking ?? view.grid, insteadOf: view.grid)),
        ]))
    }
    let questions = moment.questions.map { question in
      JSONValue([
        ("words", .string(question.words)), ("choices", JSONValue(question.choices)),
        ("right", JSONValue(question.right)),
      ])
    }
    return JSONValue([
      ("views", .array(views)), ("lines", JSONValue(moment.lines.map(Printable.text))),
      ("questions", .array(questions)),
    ])
  }

  private func exercise(_ exercise: Exercise) -> JSONValue {
    JSONValue([
      ("ask", .string(exercise.ask)),
      (
        "conditions",
        JSONValue(ExerciseWords.conditions(exercise) + ExerciseTaskWords.choices(exercise))
      ),
      ("hints", JSONValue(exercise.hints)),
      ("solution", JSONValue(ExerciseTaskWords.solution(exercise))),
      ("because", .string(exercise.because)),
    ])
  }

  static func escaped(_ text: String) -> String {
    Printable.text(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }
}
