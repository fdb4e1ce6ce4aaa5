import Testing

/// Everything there is to show and to practise is in a lesson and in an exercise.
struct CoverageTableTests {
  private func missing(from table: [CoverageTable.Fact: [String]]) -> [String] {
    CoverageTable.all.filter { table[$0] == nil }.map(\.description)
  }

  @Test func everythingIsInALesson() {
    let missing = missing(from: CoverageTable.shown)
    #expect(missing.isEmpty, "in no lesson: \(missing.joined(separator: ", "))")
  }

  @Test func everythingIsInAnExercise() {
    let missing = missing(from: CoverageTable.practised)
    #expect(missing.isEmpty, "in no exercise: \(missing.joined(separator: ", "))")
  }

  /// The table itself: without a lesson that alone shows something, that is missing.
  @Test func leavingALessonOutIsSeen() {
    let alone = CoverageTable.all.compactMap { fact -> String? in
      let places = Set(CoverageTable.shown[fact] ?? [])
      return places.count == 1 ? places.first : nil
    }
    #expect(Set(alone).count > 5)
    for lesson in Set(alone) {
      let rest = CoverageTable.shown.compactMapValues { places in
        let others = places.filter { $0 != lesson }
        return others.isEmpty ? nil : others
      }
      #expect(missing(from: rest).count > missing(from: CoverageTable.shown).count, "\(lesson)")
    }
  }
}
