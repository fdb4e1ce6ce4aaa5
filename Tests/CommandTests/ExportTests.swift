import Foundation
import Testing

/// A page to take home: what it shows is what the terminal shows, and it needs nothing else.
@Suite struct ExportTests {
  struct NoPage: Error {}

  struct Page: Decodable {
    struct View: Decodable {
      var name: String
      var rows: [Int]
      var asking: [Int]

      /// The view as it is while the reader is asked what comes.
      var masked: View {
        var masked = self
        for i in stride(from: 0, to: asking.count, by: 2) { masked.rows[asking[i]] = asking[i + 1] }
        return masked
      }
    }
    struct Question: Decodable {
      var words: String
      var choices: [String]
      var right: Int
    }
    struct Moment: Decodable {
      var views: [View]
      var lines: [String]
      var questions: [Question]
    }
    struct Lesson: Decodable {
      var id: String
      var title: String
      var about: String
      var language: String
      var moments: [Moment]
    }
    enum Part: Decodable {
      case text(String)
      case style(Int)

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
          self = .text(text)
        } else {
          self = .style(try value.decode(Int.self))
        }
      }
    }
    var lessons: [Lesson]
    var rows: [[Part]]

    init(_ html: String) throws {
      let start = "<script type=\"application/json\" id=\"data\">"
      guard let from = html.range(of: start),
        let to = html.range(of: "</script>", range: from.upperBound..<html.endIndex)
      else { throw NoPage() }
      let json = html[from.upperBound..<to.lowerBound]
      self = try JSONDecoder().decode(Page.self, from: Data(json.utf8))
    }

    /// A screen as text, blanks at the ends of rows left out.
    func text(_ view: View) -> [String] {
      view.rows.map { number in
        let row = rows[number].reduce(into: "") { if case .text(let part) = $1 { $0 += part } }
        return String(row.reversed().drop { $0 == " " }.reversed())
      }
    }
  }

  private func exported(_ names: String..., as file: String = "page.html") throws -> String {
    let folder = try Folder()
    let path = folder.path(file)
    let outcome = try Program.start(
      Program.path, ["export"] + names + ["-o", path], input: [], environment: [:])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  private func screen(_ lesson: String, _ keys: String) throws -> [String] {
    let drawn = try Program.run("screen", lesson, "--keys", keys, "--size", "120x36")
    var lines = drawn.lines.map(String.init)
    while lines.count > 36 { lines.removeLast() }
    return lines + [String](repeating: "", count: 36 - lines.count)
  }

  @Test(arguments: ["past-the-end", "uncleared", "gadget-halt"])
  func cellsAreTheTerminals(_ lesson: String) throws {
    let page = try Page(try exported(lesson))
    let moments = try #require(page.lessons.first).moments
    for (step, moment) in moments.enumerated() {
      let keys = [String](repeating: "n", count: step).joined(separator: " ")
      #expect(page.text(moment.views[0]) == (try screen(lesson, keys)), "step \(step)")
      for (name, key) in [("map", "m"), ("stack", "t")] {
        guard let view = moment.views.first(where: { $0.name == name }) else { continue }
        #expect(page.text(view) == (try screen(lesson, "\(keys) \(key)")), "\(name) \(step)")
      }
    }
    #expect(moments.contains { $0.views.count > 2 })
  }

  /// Before each copy it is asked what comes of it, and the right answer is the inspector's.
  @Test func copiesAreAskedAbout() throws {
    let moments = try #require(try Page(try exported("past-the-end")).lessons.first).moments
    let asked = moments.enumerated().filter { !$1.questions.isEmpty }.map(\.offset)
    #expect(asked == [4, 5, 6, 7])
    let right = moments.compactMap { $0.questions.first }.map { $0.choices[$0.right] }
    #expect(right[0] == "it passes, every byte the object's own")
    #expect(right[1] == "refused by the slab check" && right[2] == right[1])
    #expect(right[3] == "it passes, with bytes that are not the object's own")
  }

  /// While it is asked what comes, neither the page nor a screen before the last tells what the lesson is called and
  /// about; they are what the terminal shows of it while predicting.
  @Test(arguments: ["past-the-end", "constants-pass", "put-user"])
  func whatIsAskedIsNotGivenAway(_ id: String) throws {
    let html = try exported(id)
    let lesson = try #require(try Page(html).lessons.first)
    let start = try #require(html.range(of: "id=\"data\">"))
    let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
    let outside = html[..<start.lowerBound] + html[end.upperBound...]
    for told in [lesson.title, lesson.about, id] { #expect(!outside.contains(told), "\(told)") }
    let (page, moments) = (try Page(html), lesson.moments)
    for (step, moment) in moments.enumerated() {
      let isLast = step == moments.count - 1
      if !isLast { #expect(!moment.lines.contains(lesson.about)) }
      for view in moment.views {
        let text = page.text(view.masked).joined(separator: "\n")
        #expect(text.contains(lesson.title) == isLast, "\(view.name) \(step)")
        #expect(isLast || page.text(view.masked)[0].contains("Scenario"), "\(view.name) \(step)")
      }
    }
    let titled = moments.dropLast().allSatisfy { page.text($0.views[0])[0].contains(lesson.title) }
    #expect(titled)
  }

  @Test func aPageNeedsNoNetworkAndRunsNothingOfOthers() throws {
    let folder = try Folder()
    let file = folder.path("evil.yaml")
    try Data(
      """
      title: "</script><script>alert(1)</script>"
      about: "<img src=x onerror=alert(1)>"
      steps:
        - note: {}
          say: "<!-- </SCRIPT> & \\u0007"
      """.utf8
    ).write(to: URL(filePath: file))
    let html = try exported(file)
    #expect(html.components(separatedBy: "<script").count == 3)
    #expect(html.components(separatedBy: "</script>").count == 3)
    for word in [
      "http://", "https://", "<script src", "<link", "<iframe", "@import", "url(", "fetch(", "<img",
      "<!--",
    ] {
      #expect(!html.contains(word), "\(word)")
    }
    #expect(html.contains("default-src 'none'"))
    #expect(try Page(html).lessons.first?.moments.count == 2)
  }

  /// Every style of both schemes can be read.
  @Test func coloursHaveContrast() throws {
    let html = try exported("past-the-end", "gadget-keyboard")
    func colour(_ text: Substring) -> [Double] {
      stride(from: 1, to: 7, by: 2).map { start in
        let digits = text.dropFirst(start).prefix(2)
        let value = Double(Int(digits, radix: 16) ?? 0) / 255
        return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
      }
    }
    func light(_ text: Substring) -> Double {
      let parts = colour(text)
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    var count = 0
    for scheme in ["light", "dark"] {
      let papers = html.matches(of: /--paper:(#[0-9a-f]{6});--ink/).map(\.output.1)
      let paper = papers[scheme == "light" ? 0 : 1]
      for line in html.split(separator: "\n") where line.contains("=\(scheme)] .s") {
        let front = try #require(line.firstMatch(of: /\{color:(#[0-9a-f]{6})/)).output.1
        let back = line.firstMatch(of: /background:(#[0-9a-f]{6})/)?.output.1 ?? paper
        let (one, other) = (light(front), light(back))
        let ratio = (max(one, other) + 0.05) / (min(one, other) + 0.05)
        #expect(ratio >= 4.5, "\(line): \(ratio)")
        count += 1
      }
    }
    #expect(count > 20)
  }

  /// Words in another language are marked as such, for a voice that reads them; the page's own stay English.
  @Test func aTranslatedLessonSaysItsLanguage() throws {
    let html = try exported("first-copy.de", "slack")
    #expect(html.contains("<html lang=\"en\"") && html.contains("\"language\":\"de\""))
    #expect(try Page(html).lessons.map(\.language) == ["de", "en"])
  }

  @Test func aCourseIsWrittenWholeAndAHandoutHasItsSolutions() throws {
    let page = try Page(try exported("one-hour"))
    #expect(page.lessons.count == 10)
    let text = try exported("slack", "hardened", as: "handout.md")
    #expect(text.contains("# copyscope\n") && text.contains("## 2. Hardened usercopy"))
    #expect(text.contains("```text\n") && text.contains("## Solutions"))
    #expect(text.contains("- **1.1** copy\\_to\\_user answer, 64 bytes; "))
    let screens = text.components(separatedBy: "```text\n").count - 1
    #expect((4...12).contains(screens))
  }

  @Test func aCourseOfOnesOwnLiesInAFolder() throws {
    let folder = try Folder()
    try Data("title: mine\nsteps:\n  - note: {}\n    say: a\n".utf8)
      .write(to: URL(filePath: folder.path("mine.yaml")))
    let course = folder.path("course.yaml")
    try Data("title: My course\nlessons:\n  - mine.yaml\n  - { lesson: slack, minutes: 3 }\n".utf8)
      .write(to: URL(filePath: course))
    let page = try Page(try exported(course))
    #expect(page.lessons.map(\.id) == ["mine", "slack"])
    let listed = try Program.run("lessons", "--course", course)
    #expect(listed.text.contains("mine.yaml") && listed.text.contains("(3 min"))
    try Data("title: c\nlessons: [slak]\n".utf8).write(to: URL(filePath: course))
    let wrong = try Program.run("lessons", "--course", course)
    #expect(wrong.status == 2 && wrong.errors.contains("2:11: there is no lesson 'slak'"))
    #expect(wrong.errors.contains("did you mean 'slack'"))
    try Data("title: c\nlessons: [../x.yaml]\n".utf8).write(to: URL(filePath: course))
    #expect(
      try Program.run("lessons", "--course", course).errors.contains("must lie in the folder"))
  }
}
