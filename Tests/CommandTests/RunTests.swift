import Foundation
import Testing

/// Exit statuses and messages of the commands that play scenarios.
@Suite struct RunTests {
  static let good = """
    title: A copy
    kernel: { era: rfc-v1, allocator: slub, arch: x86_64 }
    steps:
      - alloc: { cache: kmalloc-64, as: request }
      - copy: { entry: copy_to_user, from: request, offset: 56, length: 9 }
        expect: { verdict: deny, not-copied: 9 }

    """

  /// A run of `good` with one text in place of another.
  private func played(
    _ old: String = "", _ new: String = "", _ options: String...
  ) throws -> (outcome: Program.Outcome, file: String) {
    let folder = try Folder()
    let text = old.isEmpty ? Self.good : Self.good.replacingOccurrences(of: old, with: new)
    #expect(old.isEmpty || text != Self.good)
    let file = try folder.write("mine.yaml", text)
    return (
      try Program.start(Program.path, ["run", file] + options, input: [], environment: [:]), file
    )
  }

  @Test func everyLessonHolds() throws {
    let listed = try Program.run("lessons", "--format", "json")
    let lessons = try #require(listed.json as? [[String: Any]])
    #expect(lessons.count >= 30)
    let numbers = try lessons.map { String(try #require($0["number"] as? Int)) }
    let played = try Program.start(Program.path, ["run"] + numbers, input: [], environment: [:])
    #expect(played.status == 0, "\(played.errors)")
    for lesson in lessons {
      let title = try #require(lesson["title"] as? String)
      #expect(played.text.contains(title))
    }
  }

  @Test func driversStandBesideEachOther() throws {
    let text = try Program.run("run", "gadget-first-version", "--drivers").text
    #expect(text.contains("v1-2019 beside linux-6.1\n"))
    #expect(
      text.contains("  - v1 answers 24\n  - 6.1 answers EFAULT, the argument cannot be read\n"))
    let json = try Program.run("run", "gadget-first-version", "--drivers", "--format", "json").json
    let lesson = try #require((json as? [[String: Any]])?.first)
    let drivers = try #require(lesson["drivers"] as? [String: Any])
    #expect(drivers["first"] as? String == "v1-2019")
    let calls = try #require(drivers["calls"] as? [[String: Any]])
    let open = try #require(calls.first)
    #expect(open["difference"] as? String == "result")
    #expect((open["first"] as? [String: Any])?["ret"] as? Int == 0)
    #expect((open["second"] as? [String: Any])?["errno"] as? String == "EINVAL")
    let traits = try #require(open["traits"] as? [[String: Any]])
    #expect(traits.map { $0["trait"] as? String } == ["nonblocking-open"])
  }

  @Test func whatHoldsEndsWithZero() throws {
    let (outcome, _) = try played()
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.text.contains("2 steps, every expectation held."))
  }

  @Test(arguments: [
    ("not-copied: 9", "not-copied: 8", "EXPECTED not-copied 8, got 9 (line 5)"),
    ("verdict: deny", "verdict: allow", "EXPECTED verdict allow, got deny (line 5)"),
    ("length: 9", "length: 8", "EXPECTED verdict deny, got allow (line 5)"),
  ])
  func aWrongExpectationEndsWithOneAndIsNamed(
    _ old: String, _ new: String, _ said: String
  ) throws {
    let (outcome, _) = try played(old, new)
    #expect(outcome.status == 1)
    #expect(outcome.text.contains(said), "\(outcome.text)")
    #expect(outcome.text.contains("did not do what was expected: 2."))
    let (json, _) = try played(old, new, "--format", "json")
    let playback = try #require((json.json as? [[String: Any]])?.first)
    #expect(json.status == 1 && playback["held"] as? Bool == false)
  }

  @Test(arguments: [
    ("length:", "lenght:", ":5:61: ", "did you mean 'length'?"),
    ("length: 9", "length: nine", ":5:69: ", "'length' must be a number"),
    ("cache: kmalloc-64", "cache: kmaloc-64", ":4:21: ", "did you mean 'kmalloc-64'?"),
    ("from: request", "from: reqest", ":5:40: ", "did you mean 'request'?"),
    ("era: rfc-v1", "era: rfc-v0", ":2:16: ", "did you mean 'rfc-v"),
    ("- alloc:", "- allok:", ":4:5: ", "did you mean 'alloc'?"),
    ("steps:", "steps: [", ":", "is not valid YAML"),
  ])
  func mistakesAreShownWithTheirPlace(
    _ old: String, _ new: String, _ place: String, _ said: String
  ) throws {
    let (outcome, file) = try played(old, new)
    #expect(outcome.status == 2 && outcome.text.isEmpty)
    #expect(outcome.errors.hasPrefix("copyscope: \(file)\(place)"), "\(outcome.errors)")
    #expect(outcome.errors.contains(said), "\(outcome.errors)")
    #expect(outcome.errors.hasSuffix("\n") && outcome.errors.filter { $0 == "\n" }.count == 1)
  }

  @Test(arguments: [
    ["run"], ["run", "1", "--no-such-option"], ["run", "1", "--format", "xml"],
    ["run", "1", "--era", "rfc-v9"], ["run", "no-such-lesson"], ["run", "past-the-edn"],
    ["run", "/no/such/file.yaml"], ["run", "/"], ["run", "999"], ["run", ""],
    ["no-such-command", "x", "y"], ["lessons", "--format", "yaml"], ["lessons", "extra"],
    ["explain", "/no/such/log"], ["explain", "--report", "x"], ["explain", "/", "--open"],
    ["verify"], ["verify", "/no/such/vectors"], ["themes", "no-such-theme"],
    ["screen", "1", "--size", "0x0"], ["screen", "1", "--size", "80"],
    ["screen", "1", "--keys", "Entr"], ["screen", "1", "--theme", "no-such-theme"],
    ["screen", "1", "--format", "png"], ["open", "no-such-lesson"], ["open", "2"],
  ])
  func whatCannotBeUsedEndsWithTwoAndAMessage(_ arguments: [String]) throws {
    let outcome = try Program.start(Program.path, arguments, input: [], environment: [:])
    #expect(outcome.status == 2)
    #expect(outcome.text.isEmpty)
    #expect(outcome.errors.count > 10 && !outcome.errors.contains("Fatal"))
    #expect(!outcome.errors.contains("copyscope: copyscope:"))
  }

  @Test func suggestionsForLessons() throws {
    let outcome = try Program.run("run", "past-the-edn")
    #expect(outcome.errors.contains("did you mean 'past-the-end'?"))
  }

  @Test func helpOfEveryCommand() throws {
    let top = try Program.run("--help")
    #expect(top.status == 0)
    let section = try #require(top.text.components(separatedBy: "SUBCOMMANDS:").last)
    let names = section.split(separator: "\n").filter {
      $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.contains("help <sub")
    }.compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(Set(names).isSuperset(of: ["open", "run", "lessons", "explain", "verify", "screen"]))
    for name in names {
      let help = try Program.run(name, "--help")
      #expect(help.status == 0 && help.text.contains("USAGE: copyscope \(name)"), "\(name)")
      #expect(help.errors.isEmpty)
    }
    #expect(try Program.run("--version").status == 0)
  }

  @Test func otherErasDoNotAskTheExpectations() throws {
    let (outcome, _) = try played("", "", "--era", "linux-6.1", "--trace")
    #expect(outcome.status == 0 && outcome.text.contains("linux-6.1"))
  }

  @Test func aLessonIsToldInAnotherLanguage() throws {
    let german = try Program.run("run", "first-copy.de")
    #expect(german.status == 0 && german.text.contains("Eine Kopie, die passt"))
    #expect(german.text.contains("5 steps, every expectation held."))
    let folder = try Folder()
    try folder.write("mine.yaml", Self.good)
    try folder.write("mine.fr.yaml", "translates: mine.yaml\ntitle: Le mien\nsay: [un, deux]\n")
    let own = try Program.run("run", folder.path("mine.fr.yaml"))
    #expect(own.status == 0 && own.text.contains("Le mien") && own.text.contains("deux"))
    try folder.write("none.fr.yaml", "translates: nome.yaml\ntitle: a\nsay: []\n")
    let none = try Program.run("run", folder.path("none.fr.yaml"))
    #expect(none.status == 2 && none.errors.contains("is no lesson and no scenario file beside"))
  }
}
