import Grid
import Text

/// The list of lessons: the first thing a newcomer sees.
struct LessonsScreen {
  let model: Model

  /// Columns of the list.
  private var listWidth: Int {
    ListLayout.isWide(model) ? min(64, model.width / 2) : model.width
  }

  func draw(into grid: inout Grid) {
    grid.put(
      [
        Span(" copyscope ", .title, .bold),
        Span(" which copies to and from user memory a kernel lets pass, and why", .dim),
      ],
      x: 0, y: 0, width: model.width)
    let list = ListLayout.lessons(model)
    let count = model.lessonList.items.count
    let words =
      model.search.text.isEmpty
      ? " \(count) lessons" + (model.lessonList.shorter.isEmpty ? "" : "; ")
        + model.lessonList.shorter
      : model.keymap.telling(
        " \(list.found.count) of \(count) lessons have '\(model.search.text)'",
        [.cancel: "shows all"], in: .lessons)
    grid.put(words, x: 0, y: 1, role: .label, width: model.width)
    // What a lesson's figures count.
    let solved = "solved"
    grid.put(
      solved, x: max(0, listWidth - 2 - TextWidth.of(solved)), y: list.top - 1, role: .label)
    for (y, line) in list.visible {
      switch line {
      case .heading(let title):
        grid.put(title, x: 3, y: y, role: .heading, attributes: .bold, width: listWidth - 4)
      case .row(let index):
        draw(
          model.lessonList.items[index], isSelected: index == model.lessonList.cursor, y: y, &grid)
      }
    }
    let selected = list.found.contains(list.cursor) ? model.lessonList.items[list.cursor] : nil
    if ListLayout.isWide(model) {
      beside(selected, list, &grid)
    } else {
      below(selected, list, &grid)
    }
    ListFooter(model: model, scope: .lessons).draw(into: &grid)
  }

  private func draw(_ lesson: LessonItem, isSelected: Bool, y: Int, _ grid: inout Grid) {
    let number = String(lesson.number)
    let pad = String(repeating: " ", count: max(0, 3 - number.count))
    grid.put(
      [
        Span(isSelected ? " ▸" : "  ", .accent, .bold), Span("\(pad)\(number)  ", .dim),
        Span(" \(lesson.title) ", .text),
      ], x: 0, y: y, width: listWidth)
    let facts = Self.facts(lesson)
    let start = listWidth - TextWidth.of(facts) - 2
    if start > 8 + TextWidth.of(lesson.title) {
      grid.put(facts, x: start, y: y, role: .dim)
    }
    guard isSelected else { return }
    grid.paint(Rect(x: 2, y: y, width: listWidth - 3, height: 1), role: .selection)
  }

  /// Minutes, whether it was seen, exercises solved: `5 min  ✔  1/2`.
  private static func facts(_ lesson: LessonItem) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - TextWidth.of(text))) + text
    }
    let minutes = lesson.minutes > 0 ? "\(lesson.minutes) min" : ""
    let seen = lesson.seen == 0 ? " " : lesson.seen >= lesson.steps ? "✔" : "…"
    let solved = lesson.exercises > 0 ? "\(lesson.solved)/\(lesson.exercises)" : ""
    return padded(minutes, 6) + "  \(seen) " + padded(solved, 4)
  }

  /// The same in a sentence.
  private static func told(_ lesson: LessonItem) -> String {
    guard lesson.minutes > 0 else { return "" }
    func count(_ number: Int, _ word: String) -> String {
      "\(number) \(word)\(number == 1 ? "" : "s")"
    }
    var parts = [
      "About \(count(lesson.minutes, "minute")), \(count(lesson.steps, "step"))"
        + (lesson.exercises > 0 ? ", \(count(lesson.exercises, "exercise"))." : ".")
    ]
    if lesson.seen > 0 { parts.append("Seen: \(lesson.seen) of \(lesson.steps) steps.") }
    if lesson.solved > 0 {
      parts.append("Solved: \(lesson.solved) of \(count(lesson.exercises, "exercise")).")
    }
    return parts.joined(separator: " ")
  }

  /// What the selected lesson is about, in two rows under the list.
  private func below(_ lesson: LessonItem?, _ list: ListLayout, _ grid: inout Grid) {
    let y = model.height - 4
    grid.hline(x: 0, y: y, width: model.width)
    more(list, endX: model.width - 2, y: y, &grid)
    for (row, line) in wrap(lesson?.about ?? "", width: max(1, model.width - 4)).prefix(2)
      .enumerated()
    {
      grid.put(line, x: 2, y: y + 1 + row, role: .text)
    }
  }

  /// The selected lesson at the right of the list: chapter, title, what it is about, its source.
  private func beside(_ lesson: LessonItem?, _ list: ListLayout, _ grid: inout Grid) {
    let bottom = model.height - 2
    for y in list.top..<bottom { grid.put("│", x: listWidth, y: y, role: .border) }
    grid.hline(x: 0, y: bottom, width: model.width)
    more(list, endX: listWidth - 1, y: bottom, &grid)
    guard let lesson else { return }
    let width = min(76, model.width - listWidth - 6)
    let parts: [(String, Role, Attributes)] = [
      (lesson.title, .title, .bold), (lesson.about, .text, []),
      (Self.told(lesson), .text, []),
      (lesson.source.isEmpty ? "" : "Source: \(lesson.source)", .dim, []),
    ]
    var y = list.top
    for (text, role, attributes) in parts where !text.isEmpty {
      for line in wrap(text, width: max(1, width)) where y < bottom {
        grid.put(line, x: listWidth + 3, y: y, role: role, attributes: attributes, width: width)
        y += 1
      }
      y += 1
    }
    if y < bottom {
      grid.put(
        "copyscope open \(lesson.id)", x: listWidth + 3, y: y, role: .dim, width: width)
    }
  }

  private func more(_ list: ListLayout, endX: Int, y: Int, _ grid: inout Grid) {
    guard list.below > 0 else { return }
    let words = " ↓ \(list.below) more "
    grid.put(words, x: max(0, endX - TextWidth.of(words)), y: y, role: .dim)
  }
}
