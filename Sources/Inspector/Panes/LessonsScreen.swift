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
    let list = ListLayout.lessons(model)
    let found = list.found
    let count = model.lessons.count
    let words =
      model.search.text.isEmpty
      ? " \(count) lessons"
      : " \(found.count) of \(count) lessons have '\(model.search.text)'; Esc shows all"
    grid.put(words, x: 0, y: 1, role: .label, width: width)
    for (y, index) in list.shown {
      draw(model.lessons[index], isSelected: index == model.lessonCursor, y: y, &grid)
    }
    grid.hline(x: 0, y: model.height - 4, width: width)
    if found.contains(model.lessonCursor) {
      let about = model.lessons[model.lessonCursor].about
      for (row, line) in wrap(about, width: max(1, width - 4)).prefix(2).enumerated() {
        grid.put(line, x: 2, y: model.height - 3 + row, role: .text)
      }
    }
    ListFooter(model: model, scope: .lessons).draw(into: &grid)
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
}

/// The lowest row below a list: a message, or the keys from the key table.
struct ListFooter {
  let model: Model
  let scope: KeyScope

  func draw(into grid: inout Grid) {
    let y = model.height - 1
    if let message = model.message {
      grid.put(" " + message.text, x: 0, y: y, role: message.role, width: model.width)
      return
    }
    let hints: [([Command], String)] = [
      ([.up, .down], "choose"), ([.open], "open"), ([.search], "search"), ([.sort], "sort"),
      ([.help], "help"), ([.quit], "quit"),
    ]
    let parts = hints.compactMap { commands, word -> [Span]? in
      let keys = commands.compactMap { command in
        model.keymap.bindings(in: scope).first { $0.command == command }?.keys.first?.symbol
      }
      guard !keys.isEmpty else { return nil }
      return [Span(keys.joined(), .key, .bold), Span(" \(word)", .dim)]
    }
    grid.put(Fitting.line(parts, width: model.width - 1), x: 1, y: y)
  }
}
