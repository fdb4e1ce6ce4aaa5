import Narration
import Scenario
import Simulation
import Testing
import Usercopy

/// Exercises of the course: right answers are accepted, wrong ones refused with their reason.
struct ExerciseTests {
  /// A copy handed in, by its start, length and, where it matters, its entry point.
  struct Try: Sendable {
    var offset: Int64
    var length: UInt64
    var entry: EntryPoint?
    var constant = false
    var place: String?
    var user: Place?

    init(
      _ offset: Int64, _ length: UInt64, _ entry: EntryPoint? = nil, constant: Bool = false,
      place: String? = nil, user: Place? = nil
    ) {
      (self.offset, self.length, self.entry) = (offset, length, entry)
      (self.constant, self.place, self.user) = (constant, place, user)
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var lesson: String
    var number: Int
    var right: [Try]
    var wrong: [Try]
    var testDescription: String { "\(lesson) \(number)" }

    init(_ lesson: String, _ number: Int, right: [Try], wrong: [Try]) {
      (self.lesson, self.number, self.right, self.wrong) = (lesson, number, right, wrong)
    }
  }

  static let rows: [Row] = [
    Row(
      "first-copy", 1, right: [Try(0, 25), Try(39, 25), Try(63, 1)],
      wrong: [
        Try(0, 26), Try(40, 25), Try(0, 0), Try(-1, 5), Try(64, 5), Try(0, 25, .copyFromUser),
        Try(0, 25, .copyToUserNocheck),
        Try(0, 25, constant: true), Try(0, 25, .putUser),
      ]),
    Row(
      "first-copy", 2, right: [Try(0, 65), Try(63, 2)],
      wrong: [
        Try(0, 64), Try(63, 1), Try(64, 65), Try(0, 65, .copyFromUser),
        Try(0, 64, user: .named("secret")), Try(0, 65, constant: true),
      ]),
    Row(
      "past-the-end", 1, right: [Try(57, 8), Try(63, 2)],
      wrong: [
        Try(56, 8), Try(0, 65), Try(63, 1), Try(190, 8), Try(60, 8, .copyFromUser),
        Try(0, 8, user: .spot(.null)), Try(0, 8, user: .named("key")),
      ]),
    Row(
      "past-the-end", 2,
      right: [
        Try(0, 150, .copyToUserNocheck), Try(63, 17, .copyToUserNocheck), Try(0, 80, .readMem),
        Try(0, 80, .copyOldmemPage),
      ],
      wrong: [
        Try(0, 64, .copyToUserNocheck), Try(0, 150), Try(64, 16, .copyToUserNocheck), Try(0, 0),
        Try(0, 65, .copyToUserNocheck), Try(0, 79, .copyToUserNocheck), Try(60, 8, .putUser),
        Try(0, 150, .copyFromUserNocheck), Try(0, 80, .copyToUserNocheck, place: "secret"),
      ]),
    Row(
      "off-by-one", 1,
      right: [Try(0, 61), Try(60, 1), Try(59, 5), Try(0, 65, .strncpyFromUser)],
      wrong: [Try(0, 60), Try(0, 65), Try(61, 4, .copyToUserNocheck)]),
    Row(
      "off-by-one", 2, right: [Try(59, 1), Try(0, 1)],
      wrong: [
        Try(60, 1), Try(0, 2), Try(0, 0), Try(0, 1, .copyFromUser),
        Try(0, 1, .copyToUserNocheck), Try(0, 1, constant: true),
      ]),
    Row(
      "slack", 1, right: [Try(0, 64), Try(0, 54), Try(39, 25), Try(50, 4)],
      wrong: [
        Try(0, 40), Try(0, 65), Try(0, 53), Try(50, 3), Try(51, 13), Try(0, 64, .copyFromUser),
        Try(0, 64, .copyToUserNocheck), Try(0, 64, constant: true),
      ]),
    Row(
      "slack", 2, right: [Try(0, 40), Try(39, 1)],
      wrong: [Try(0, 41), Try(0, 0), Try(39, 2), Try(0, 40, .copyFromUser)]),
    Row(
      "slab-tail", 1, right: [Try(1000, 96, place: "last"), Try(1010, 20, place: "last")],
      wrong: [
        Try(0, 1000, place: "last"), Try(0, 1001, place: "last"), Try(1000, 0, place: "last"),
        Try(1000, 96, place: "next"), Try(1096, 20, place: "last"),
        Try(0, 1001, .copyToUserNocheck, place: "last"),
        Try(1000, 96, .copyToUserNocheck, place: "last"),
        Try(1000, 96, .copyFromUser, place: "last"),
      ]
    ),
    Row(
      "red-zone", 1,
      right: [
        Try(0, 65, .copyToUserNocheck), Try(63, 2, .copyToUserNocheck), Try(60, 8, .putUser),
        Try(0, 96, .readMem),
      ],
      wrong: [
        Try(0, 64, .copyToUserNocheck), Try(0, 65), Try(64, 8, .copyToUserNocheck),
        Try(0, 65, .copyFromUserNocheck), Try(0, 65, constant: true), Try(64, 1, .putUser),
      ]),
    Row(
      "frame-fence", 1, right: [Try(0, 32), Try(8, 24)],
      wrong: [
        Try(0, 33), Try(0, 48, .copyToUserNocheck), Try(-40, 4), Try(0, 0),
        Try(0, 32, .copyFromUser), Try(0, 32, .copyToUserNocheck), Try(0, 32, constant: true),
      ]),
    Row(
      "frame-fence", 2, right: [Try(17, 16), Try(31, 2)],
      wrong: [
        Try(16, 16), Try(0, 33), Try(31, 2, .copyToUserNocheck), Try(32, 8),
        Try(0, 16, user: .spot(.stackEnd)), Try(0, 0),
      ]),
    Row(
      "inside-the-frame", 1, right: [Try(0, 40), Try(0, 17), Try(15, 18)],
      wrong: [
        Try(0, 16), Try(0, 41), Try(16, 24), Try(0, 40, .copyToUserNocheck),
        Try(0, 40, .copyFromUser), Try(0, 40, constant: true),
      ]),
    Row(
      "struct-padding", 1, right: [Try(0, 4), Try(8, 8), Try(12, 4)],
      wrong: [Try(0, 16), Try(4, 8), Try(0, 8), Try(8, 9), Try(0, 4, .copyFromUser)]),
    Row(
      "stack-depth", 1, right: [Try(0, 32, place: "bad"), Try(0, 8, place: "room")],
      wrong: [Try(0, 32), Try(0, 48), Try(0, 0, place: "bad"), Try(-16384, 8)]),
    Row(
      "constant-sizes", 1,
      right: [Try(62, 4, constant: true), Try(61, 4, constant: true)],
      wrong: [
        Try(62, 4), Try(60, 4, constant: true), Try(62, 8, constant: true),
        Try(62, 4, .copyToUser, constant: true), Try(64, 4, constant: true),
      ]),
    Row(
      "version-two", 1,
      right: [Try(0, 150, .copyToUserUnchecked), Try(60, 8, .copyToUserUnchecked)],
      wrong: [
        Try(0, 150), Try(0, 64, .copyToUserUnchecked), Try(0, 150, .copyFromUserUnchecked),
      ]),
    Row(
      "pax-flag", 1, right: [Try(0, 17), Try(0, 64)],
      wrong: [Try(0, 65), Try(0, 0), Try(0, 17, .copyToUserNocheck), Try(64, 1)]),
    Row(
      "windows", 1, right: [Try(0, 64), Try(320, 8), Try(255, 64)],
      wrong: [Try(256, 64), Try(0, 1025), Try(1024, 1)]),
    Row(
      "windows", 2, right: [Try(256, 64), Try(300, 20)],
      wrong: [
        Try(255, 64), Try(256, 65), Try(256, 0), Try(0, 8), Try(0, 64, constant: true),
        Try(256, 64, .copyFromUser), Try(0, 64, .copyToUserNocheck), Try(0, 8, .putUser),
      ]),
    Row(
      "gadget-first-version", 1, right: [Try(0, 129), Try(127, 2), Try(64, 65)],
      wrong: [Try(0, 128), Try(127, 1), Try(128, 1), Try(0, 130), Try(0, 0)]),
    Row(
      "fallback", 1, right: [Try(4, 4), Try(0, 64)],
      wrong: [
        Try(4, 64), Try(0, 0), Try(0, 4, .copyToUserNocheck), Try(4, 4, constant: true),
        Try(4, 4, user: .named("inode")),
      ]),
    Row(
      "real-page", 1, right: [Try(0, 64), Try(1, 63)],
      wrong: [Try(0, 65), Try(0, 50), Try(64, 8), Try(0, 64, .copyFromUser)]),
    Row(
      "real-stack", 1, right: [Try(0, 136), Try(8, 150), Try(0, 184)],
      wrong: [Try(0, 128), Try(0, 185), Try(128, 8), Try(0, 192)]),
  ]

  /// A lesson read without being played.
  static func parsed(_ id: String) throws -> Script {
    let entry = try #require(Lessons.find(id))
    return try ScenarioReader.parse(entry.text, file: id, id: id)
  }

  static func exercise(_ row: Row) throws -> (exercise: Exercise, world: World) {
    let script = try LessonFiles.script(row.lesson)
    let exercise = try #require(script.exercises.dropFirst(row.number - 1).first)
    return (exercise, try world(script, after: exercise.step))
  }

  static func world(_ script: Script, after step: Int) throws -> World {
    try script.steps.prefix(step).reduce(script.start()) { World.step($0, $1.action).0 }
  }

  static func copy(_ attempt: Try, _ exercise: Exercise, _ world: World) throws -> Action.Copy {
    var copy = try #require(exercise.draft(on: world))
    (copy.offset, copy.length, copy.isConstant) = (attempt.offset, attempt.length, attempt.constant)
    if let entry = attempt.entry { copy.entry = entry }
    if let place = attempt.place { copy.place = .named(place) }
    copy.user = attempt.user
    return copy
  }

  @Test(arguments: rows)
  func rightAnswersAreAcceptedAndWrongOnesRefused(_ row: Row) throws {
    let (exercise, world) = try Self.exercise(row)
    #expect(row.right.count >= 1 && row.wrong.count >= 3)
    for attempt in row.right {
      let missing = exercise.judge(world: world, copy: try Self.copy(attempt, exercise, world))
      #expect(missing == [], "\(attempt): \(missing.map(ExerciseWords.sentence))")
    }
    for attempt in row.wrong {
      let missing = exercise.judge(world: world, copy: try Self.copy(attempt, exercise, world))
      #expect(missing != [], "\(attempt) was accepted")
    }
  }

  @Test func everyRowIsAnExercise() throws {
    for row in Self.rows {
      let script = try Self.parsed(row.lesson)
      #expect(script.exercises.indices.contains(row.number - 1), "\(row)")
    }
    #expect(Set(Self.rows.map(\.lesson)).count >= 10)
  }

  @Test(arguments: rows)
  func everyExerciseHelpsAndFits(_ row: Row) throws {
    let (exercise, world) = try Self.exercise(row)
    #expect(!exercise.hints.isEmpty)
    #expect(wrapped(exercise.ask, columns: 31).count <= 4)
    #expect(exercise.hints.allSatisfy { wrapped($0, columns: 31).count <= 4 })
    #expect(exercise.draft(on: world) != nil)
  }

  /// The judge against the bare conditions, over starts and lengths around every object's edges.
  @Test(arguments: rows)
  func theJudgeAgreesWithTheVerdicts(_ row: Row) throws {
    let (exercise, world) = try Self.exercise(row)
    let first = try #require(exercise.draft(on: world))
    let base = try world.resolve(first.place)
    let size = exercise.maxLength.map { max($0, first.length) } ?? first.length
    let edges: [Int64] = [-16, -1, 0, 1, 8, 31, 39, 40, 59, 60, 63, 64, 255, 256, 319, 320, 1000]
    let lengths = Array(0...66) + [96, 150, 1000, 1001, 0x1_0000_0040, size]
    var answers = 0
    for offset in edges {
      for length in lengths {
        for constant in [false, true] {
          var copy = first
          (copy.offset, copy.length, copy.isConstant) = (offset, length, constant)
          let verdicts = try world.verdicts(copy, recording: true)
          let start = base &+ UInt64(bitPattern: offset)
          let passes = verdicts.filter { exercise.allow.contains($0.era) }
          var expected =
            passes.allSatisfy { $0.verdict == .allow && $0.copied > 0 }
            && verdicts.allSatisfy { !exercise.deny.contains($0.era) || $0.verdict == .deny }
          if exercise.isChecked {
            expected = expected && passes.allSatisfy { !$0.gates.isEmpty }
          }
          if exercise.warns { expected = expected && passes.allSatisfy(\.usedUpWarning) }
          if !exercise.reveals.isEmpty {
            expected =
              expected
              && passes.allSatisfy { outcome in
                let bytes = (0..<outcome.copied).map { world.kernel.memory[start &+ $0] }
                return String(decoding: bytes, as: UTF8.self).contains(exercise.reveals)
              }
          }
          if let leaks = exercise.leaks {
            expected =
              expected && passes.allSatisfy { world.kernel.effect($0).told.isEmpty != leaks }
          }
          if let limit = exercise.maxLength { expected = expected && length <= limit }
          if exercise.place != nil {
            expected = expected && start >= base && offset < size0(world, first)
          }
          switch exercise.region {
          case .slab:
            expected =
              expected
              && world.kernel.classify(ByteRange(start: start, length: 1)).allSatisfy {
                $0.slab != nil
              }
          case .stack:
            let stack = world.kernel.currentStack
            expected = expected && (stack.base..<stack.end).contains(start)
          case .slabTail:
            let page = start & ~0xfff
            expected = expected && (4000..<4096).contains(start - page) && offset == 1000
          case nil: break
          }
          let missing = exercise.judge(world: world, copy: copy)
          #expect(missing.isEmpty == expected, "\(offset) \(length) \(constant): \(missing)")
          answers += missing.isEmpty ? 1 : 0
        }
      }
    }
    #expect(answers < edges.count * lengths.count * 2)
  }

  /// Bytes of the thing a draft starts at.
  private func size0(_ world: World, _ draft: Action.Copy) -> Int64 {
    guard case .named(let name) = draft.place else { return 1 }
    return Int64(world.names[name]?.size ?? world.kernel.local(named: name)?.size ?? 1)
  }

  @Test func whatDoesNotExistIsNamed() throws {
    let world = try Script(title: "t").start()
    let copy = Action.Copy(entry: .copyToUser, place: .named("nobody"), length: 1)
    let missing = Exercise(ask: "a", allow: ["rfc-v1"]).judge(world: world, copy: copy)
    let known = world.knownNames
    #expect(missing == [.impossible(.unknownName("nobody", known: known))])
  }

  @Test(arguments: [
    ("ask: a", 3, 5, "needs 'allow' or 'deny'"),
    ("{ ask: a, allow: [pax], does: copy }", 3, 5, "asks for one thing"),
    ("{ ask: a, does: copy }", 3, 21, "needs 'expect' or 'configured'"),
    ("{ ask: a, does: EP_SET_HLT, expect: { ret: 0 } }", 3, 21, "no call and no action"),
    ("{ ask: a, number: mots, of: { note: {} } }", 3, 23, "no number"),
    ("{ ask: a, number: most }", 3, 23, "needs 'of'"),
    ("{ ask: a, number: most, of: { note: {} } }", 3, 33, "number of a copy"),
    ("{ ask: a, number: distance, places: [user] }", 3, 23, "needs 'places"),
    ("{ ask: a, number: distance, places: [user, nobody] }", 3, 12, "no such number"),
    ("{ ask: a, order: [{ note: {} }] }", 3, 22, "from 3 to 9"),
    ("{ ask: a, order: [{ note: {} }, { note: {} }, { wait: 1 }] }", 3, 22, "needs 'expect'"),
    ("{ ask: a, does: copy, expect: { verdict: bug }, leaks: true }", 3, 60, "asks about a copy"),
    ("{ ask: a, allow: [pax], max-steps: 2 }", 3, 40, "belongs to 'does'"),
    (
      "{ ask: a, does: RUN, expect: { ret: 0 }, solution: [{ note: {} }] }", 3, 12,
      "its solution is not accepted"
    ),
    ("allow: [rfc-v1]", 3, 5, "needs 'ask'"),
    ("{ ask: a, allow: [rfc-1] }", 3, 23, "unknown era 'rfc-1'"),
    ("{ ask: a, allow: [rfc-v1], deny: [rfc-v1] }", 3, 38, "both"),
    ("{ ask: a, deny: [pax], leaks: true }", 3, 35, "'leaks' asks"),
    ("{ ask: a, deny: [pax], reveals: b }", 3, 37, "'reveals' asks"),
    ("{ ask: a, deny: [pax], checked: true }", 3, 37, "'checked' asks"),
    ("{ ask: a, deny: [pax], warns: true }", 3, 35, "'warns' asks"),
    ("{ ask: a, deny: [pax], direction: out }", 3, 39, "'direction' must be"),
    ("{ ask: a, allow: [all, pax] }", 3, 23, "unknown era 'all'"),
    ("{ ask: a, deny: [pax], entry: [copy_to_usr] }", 3, 36, "'copy_to_usr' is no entry"),
    ("{ ask: a, deny: [pax], place: nobody }", 3, 35, "nothing is called 'nobody'"),
    ("{ ask: a, deny: [pax], step: 2 }", 3, 34, "from 0 to 0"),
    ("{ ask: a, deny: [pax], regoin: slab }", 3, 28, "unknown key 'regoin'"),
    ("{ ask: a, deny: [pax] }", 3, 12, "nothing to copy"),
  ])
  func mistakesHaveTheirPlace(_ text: String, _ line: Int, _ column: Int, _ says: String) throws {
    let file = "title: a\nexercises:\n  - \(text)\n"
    do throws(Diagnostic) {
      _ = try ScenarioReader.read(file, file: "f.yaml", id: "f")
      Issue.record("was read")
    } catch {
      #expect(error.message.contains(says), "\(error)")
      #expect("\(error.line):\(error.column)" == "\(line):\(column)", "\(error)")
    }
  }
}
