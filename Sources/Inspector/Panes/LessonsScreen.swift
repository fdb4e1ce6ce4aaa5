import Grid

/// The list of lessons: the first thing a newcomer sees.
struct LessonsScreen {
  let model: Model

  func draw(into grid: inout Grid) {
    let width = model.width
    grid.put(
      [
        Span(" copyscope ", .title, .bold),
        Span(" which copies between kernel and user memory a kernel lets pass, and why", .dim),
      ],
      x: 0, y: 0, width: width)
    let rows = max(1, model.height - ScreenLayout.listTop - 4)
    let scroll = ScreenLayout.listScroll(model)
    let found = model.foundLessons
    let count = model.lessons.count
    let words =
      model.search.text.isEmpty
      ? " \(count) lessons"
      : " \(found.count) of \(count) lessons have '\(model.search.text)'; Esc shows all"
    grid.put(words, x: 0, y: 1, role: .label, width: width)
    for row in 0..<rows {
      guard found.indices.contains(scroll + row) else { break }
      let index = found[scroll + row]
      draw(
        model.lessons[index], isSelected: index == model.lessonCursor,
        y: ScreenLayout.listTop + row, &grid)
    }
    grid.hline(x: 0, y: model.height - 4, width: width)
    if found.contains(model.lessonCursor) {
      let about = model.lessons[model.lessonCursor].about
      for (row, line) in wrap(about, width: max(1, width - 4)).prefix(2).enumerated() {
        grid.put(line, x: 2, y: model.height - 3 + row, role: .text)
      }
    }
    footer(&grid)
  }

  private func draw(_ lesson: LessonItem, isSelected: Bool, y: Int, _ grid: inout Grid) {
    let number = String(lesson.number)
    let pad = String(repeating: " ", count: max(0, 3 - number.count))
    let selected: Attributes = isSelected ? .reverse : []
    grid.put(
      [
        Span(isSelected ? " ▸" : "  ", .accent, .bold), Span("\(pad)\(number)  ", .dim),
        Span(" \(lesson.title) ", isSelected ? .selection : .text, selected),
      ], x: 0, y: y, width: model.width)
  }

  private func footer(_ grid: inout Grid) {
    if let message = model.message {
      grid.put(" " + message.text, x: 0, y: model.height - 1, role: message.role)
      return
    }
    let hints: [Span] = [
      Span(" ↑↓", .key, .bold), Span(" choose  ", .dim), Span("Enter", .key, .bold),
      Span(" open  ", .dim), Span("/", .key, .bold), Span(" search  ", .dim),
      Span("?", .key, .bold), Span(" help  ", .dim),
      Span("q", .key, .bold), Span(" quit", .dim),
    ]
    grid.put(hints, x: 0, y: model.height - 1, width: model.width)
  }
}
