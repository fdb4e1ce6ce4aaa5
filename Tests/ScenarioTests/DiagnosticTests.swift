import Scenario
import Simulation
import Testing

/// Every kind of mistake in a scenario, with the place and the hint it is reported with.
struct DiagnosticTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var line: Int
    var column: Int
    var says: String
    var suggestion: String?
    var testDescription: String { name }
  }

  static func mistake(
    _ name: String, _ text: String, _ line: Int, _ column: Int, _ says: String,
    _ suggestion: String? = nil
  ) -> Mistake {
    Mistake(
      name: name, text: text, line: line, column: column, says: says, suggestion: suggestion)
  }

  static let keys: [Mistake] = [
    mistake(
      "too many bytes", "title: a\nsteps:\n- alloc: {size: 8, as: a, bytes: 123456789}\n", 3, 24,
      "9 bytes are given for 'a', which has 8"),
    mistake(
      "two contents", "title: a\nsteps:\n- alloc: {size: 8, as: a, bytes: x, fill: 1}\n", 3, 43,
      "'bytes' and 'fill'"),
    mistake(
      "data and text", "title: a\nsteps:\n- ioctl: {request: EP0_WRITE, data: 00, text: x}\n", 3,
      47,
      "'data' and 'text'"),
    mistake(
      "who refuses", "title: a\nsteps:\n- note: {}\n  expect: {by: slab_acces_ok}\n", 4, 16,
      "no 'by'", "slab_access_ok"),
    mistake(
      "error", "title: a\nsteps:\n- note: {}\n  expect: {errno: EINVALL}\n", 4, 19, "no 'errno'",
      "EINVAL"),
    mistake(
      "reason", "title: a\nsteps:\n- note: {}\n  expect: {why: unkown-speed}\n", 4, 17, "no 'why'",
      "unknown-speed"),
    mistake(
      "event", "title: a\nsteps:\n- note: {}\n  expect: {event: CONECT}\n", 4, 19, "no 'event'",
      "CONNECT"),
    mistake(
      "state", "title: a\nsteps:\n- note: {}\n  expect: {state: OPEND}\n", 4, 19, "no 'state'",
      "OPENED"),
    mistake(
      "error of a copy",
      "title: a\nsteps:\n- copy: {from: user, length: 1}\n  expect: {errno: EINVAL}\n", 4, 19,
      "'errno' comes of a call on a device, not of 'copy'"),
    mistake(
      "verdict of a wait", "title: a\nsteps:\n- wait: 1\n  expect: {verdict: allow}\n", 4, 21,
      "'verdict' comes of a copy"),
    mistake("no steps", "title: a\nsteps: []\n", 1, 1, "at least one under 'steps'"),
    mistake(
      "word for fields", "title: a\nsteps:\n- open: dev\n", 3, 9, "such as { as: dev }"),
    mistake(
      "text for bytes", "title: a\nsteps:\n- ioctl: {request: EP0_WRITE, data: hello}\n", 3, 37,
      "text stands under 'text'"),
    mistake(
      "a name of the header", "title: a\nsteps:\n- ioctl: {request: EP_ENABLE, type: 2}\n", 3, 31,
      "unknown key 'type'", "attributes"),
    mistake(
      "a cache of another time",
      "title: a\nsteps:\n- alloc: {cache: kmalloc-4k, as: a}\n", 3, 18, "no cache 'kmalloc-4k'",
      "kmalloc-4096"),
    mistake(
      "top key", "title: a\nabuot: b\n", 2, 1, "unknown key 'abuot' in the scenario", "about"),
    mistake(
      "step key", "title: a\nsteps:\n- note: {}\n  sya: x\n", 4, 3, "unknown key 'sya'", "say"),
    mistake(
      "copy key", "title: a\nsteps:\n- copy: {from: user, lenght: 3}\n", 3, 22,
      "unknown key 'lenght'",
      "length"),
    mistake("kernel key", "title: a\nkernel: {alocator: slub}\n", 2, 10, "'alocator'", "allocator"),
    mistake(
      "cache key", "title: a\ncaches: [{name: x, size: 3}]\n", 2, 20,
      "unknown key 'size' in a cache"),
    mistake(
      "expectation key", "title: a\nsteps:\n- note: {}\n  expect: {verdit: deny}\n", 4, 12,
      "'verdit'",
      "verdict"),
    mistake(
      "era key", "title: a\nsteps:\n- note: {}\n  expect: {eras: {rfc-v11: deny}}\n", 4, 19,
      "unknown key 'rfc-v11'", "rfc-v1"),
    mistake(
      "holds key", "title: a\nsteps:\n- note: {}\n  expect: {holds: {at: user, txt: x}}\n", 4, 30,
      "unknown key 'txt'", "text"),
    mistake(
      "gadgetfs key", "title: a\nsteps:\n- gadgetfs-read: {lenght: 12}\n", 3, 19,
      "unknown key 'lenght'", "length"),
    mistake(
      "gadgetfs half", "title: a\nsteps:\n- gadgetfs: {device: 12 01}\n", 3, 13,
      "needs 'configuration'"),
    mistake(
      "gadgetfs bytes", "title: a\nsteps:\n- gadgetfs-write: {data: 1 2 x}\n", 3, 26,
      "hexadecimal bytes"),
    mistake(
      "clamps", "title: a\ngadget: {clamps: perhaps}\n", 2, 18, "true or false"),
    mistake("two keys alike", "title: a\ntitle: b\n", 1, 1, "given twice: title"),
    mistake("missing title", "steps: []\n", 1, 1, "needs 'title'"),
    mistake("missing length", "title: a\nsteps:\n- copy: {from: user}\n", 3, 9, "needs 'length'"),
    mistake("no action", "title: a\nsteps:\n- say: x\n", 3, 3, "a step needs one action"),
    mistake(
      "two actions", "title: a\nsteps:\n- free: x\n  run: y\n", 3, 3, "has free and run"),
    mistake("both sides", "title: a\nsteps:\n- copy: {from: a, to: b, length: 1}\n", 3, 9, "once"),
  ]

  static let values: [Mistake] = [
    mistake("list for text", "title: [a]\n", 1, 8, "must be text, not a list"),
    mistake("text for list", "title: a\nsteps: x\n", 2, 8, "must be a list"),
    mistake("text for step", "title: a\nsteps: [x]\n", 2, 9, "must be a mapping"),
    mistake(
      "word for number", "title: a\nsteps:\n- copy: {from: user, length: many}\n", 3, 30,
      "must be a number of 0 or more, such as 64 or 0x40, not 'many'"),
    mistake(
      "negative length", "title: a\nsteps:\n- copy: {from: user, length: -1}\n", 3, 30, "0 or more"),
    mistake(
      "huge length", "title: a\nsteps:\n- copy: {from: user, length: 18446744073709551616}\n", 3,
      30,
      "0 or more"),
    mistake(
      "huge offset",
      "title: a\nsteps:\n- copy: {from: user, offset: 9223372036854775808, length: 1}\n",
      3, 30, "must be a whole number"),
    mistake("word for truth", "title: a\nkernel: {debug-vm: maybe}\n", 2, 20, "true or false"),
    mistake(
      "unknown era", "title: a\nkernel: {era: rfc-1}\n", 2, 15, "unknown era 'rfc-1'", "rfc-v1"),
    mistake(
      "unknown allocator", "title: a\nkernel: {allocator: slubb}\n", 2, 21, "'slubb'", "slub"),
    mistake(
      "unknown entry", "title: a\nsteps:\n- copy: {entry: copy_to_usr, from: user, length: 1}\n", 3,
      17,
      "'copy_to_usr' is no entry", "copy_to_user"),
    mistake(
      "unknown verdict", "title: a\nsteps:\n- note: {}\n  expect: {verdict: denied}\n", 4, 21,
      "'denied' is no verdict", "deny"),
    mistake("debug letter", "title: a\nkernel: {slub-debug: ZX}\n", 2, 22, "'X' is none of"),
    mistake(
      "cache of nothing", "title: a\ncaches: [{name: x, object-size: 0}]\n", 2, 33,
      "from 1 to 1048576"),
    mistake(
      "cache twice", "title: a\ncaches: [{name: x, object-size: 8}, {name: x, object-size: 8}]\n",
      2, 44,
      "already"),
    mistake(
      "window outside",
      "title: a\ncaches: [{name: x, object-size: 8, useroffset: 4, usersize: 5}]\n", 2,
      61, "inside the object's 8 bytes"),
    mistake(
      "wrong side", "title: a\nsteps:\n- copy: {entry: copy_from_user, from: user, length: 1}\n", 3,
      39,
      "name it with 'to'"),
    mistake(
      "huge cache", "title: a\ncaches: [{name: x, object-size: 2097152}]\n", 2, 33, "1048576"),
  ]

  static let names: [Mistake] = [
    mistake(
      "unknown cache", "title: a\nsteps:\n- alloc: {cache: kmaloc-64, as: x}\n", 3, 18,
      "there is no cache 'kmaloc-64'", "kmalloc-64"),
    mistake(
      "unknown place",
      "title: a\nsteps:\n- alloc: {size: 8, as: reply}\n- copy: {from: relpy, length: 1}\n",
      4, 16, "nothing is called 'relpy'", "reply"),
    mistake(
      "unknown task", "title: a\nsteps:\n- run: dmo\n", 3, 8, "there is no task 'dmo'", "demo"),
    mistake("free twice", "title: a\nsteps:\n- free: user\n", 3, 9, "not allocated"),
    mistake(
      "name taken", "title: a\nsteps:\n- alloc: {size: 8, as: x}\n- alloc: {size: 8, as: x}\n", 4,
      24,
      "in use"),
    mistake("return from nowhere", "title: a\nsteps:\n- return: {}\n", 3, 11, "no function"),
    mistake(
      "stack full", "title: a\nsteps:\n- call: {function: f, locals: {x: 16384}}\n", 3, 9, "no room"
    ),
    mistake(
      "too large", "title: a\nsteps:\n- vmalloc: {as: x, size: 4194305}\n", 3, 12, "too large"),
  ]

  @Test(arguments: keys + values + names)
  func everyMistakeHasItsPlace(_ mistake: Mistake) throws {
    let found = Self.diagnostic(mistake.text)
    let diagnostic = try #require(found)
    #expect(diagnostic.file == "lesson.yaml")
    #expect(diagnostic.message.contains(mistake.says), "\(diagnostic)")
    #expect("\(diagnostic.line):\(diagnostic.column)" == "\(mistake.line):\(mistake.column)")
    #expect(diagnostic.suggestion == mistake.suggestion)
    #expect(diagnostic.description.hasPrefix("lesson.yaml:\(mistake.line):\(mistake.column): "))
  }

  static func diagnostic(_ text: String) -> Diagnostic? {
    do throws(Diagnostic) {
      _ = try ScenarioReader.read(text, file: "lesson.yaml", id: "lesson")
      return nil
    } catch {
      return error
    }
  }
}

/// Texts that are no scenarios at all, some of them made to hurt.
struct HostileTextTests {
  @Test(arguments: ["", " \n", "# only words\n", "---\n", "--- \n...\n"])
  func anEmptyFileSaysWhatItNeeds(text: String) {
    let diagnostic = DiagnosticTests.diagnostic(text)
    #expect(diagnostic != nil)
    #expect((1...2).contains(diagnostic?.line ?? 0))
  }

  @Test(arguments: [
    "title: [a\n", "title: 'a\n", "\ttitle: a\n", "title: a: b\n", "{", "}", "- a\nb\n",
    "%YAML 9\n",
    "title: \"\\xZZ\"\n", "*nobody\n", "\u{0}", "\u{feff}\u{7}",
  ])
  func whatIsNoYAMLIsSaidSo(text: String) {
    #expect(DiagnosticTests.diagnostic(text) != nil)
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "!!x [", "&a ["])
  func deepNestingIsRefused(opening: String) {
    let text = "title: a\nsteps:\n" + String(repeating: opening, count: 100_000)
    #expect(DiagnosticTests.diagnostic(text) != nil)
  }

  @Test func aliasesThatMultiplyAreRefusedAtOnce() throws {
    var text = "title: a\nsteps:\n- &a0 [x, x]\n"
    for level in 1...40 {
      text += "- &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
    }
    text += "- {? *a40 : 1, ? *a39 : 2}\n"
    let diagnostic = try #require(DiagnosticTests.diagnostic(text))
    #expect(diagnostic.line == 9)
    #expect(diagnostic.message.contains("aliases"))
  }

  @Test func aFewAliasesAreWelcome() throws {
    let text = """
      title: a
      steps:
      - alloc: &object {size: 8, as: x}
      - free: x
      - alloc: *object
      """
    #expect(try ScenarioReader.read(text, file: "f", id: "f").steps.count == 3)
  }

  @Test func asterisksInProseAreNoAliases() throws {
    let text = "title: a\nabout: " + String(repeating: "*very* ", count: 100) + "\n"
    // A plain scalar may not start with an asterisk, so the prose is quoted.
    let quoted =
      text.replacing("about: ", with: "about: '").dropLast(1) + "'\nsteps: [{ note: {} }]\n"
    #expect(try ScenarioReader.read(String(quoted), file: "f", id: "f").title == "a")
  }

  @Test func whatIsTooLargeIsRefusedUnread() {
    let text = "title: a\n" + String(repeating: "#", count: ScenarioReader.sizeLimit)
    #expect(DiagnosticTests.diagnostic(text)?.message.contains("larger than") == true)
    let steps = String(repeating: "- note: {}\n", count: ScenarioReader.stepLimit + 1)
    #expect(
      DiagnosticTests.diagnostic("title: a\nsteps:\n" + steps)?.message.contains("steps") == true)
  }
}
