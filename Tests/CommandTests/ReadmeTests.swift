import Foundation
import Support
import Testing

/// What the package says of itself from outside is so.
@Suite struct ReadmeTests {
  @Test func everyThemeFileIsKnown() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Program.root.appending(path: "themes").path)
    let listed = try Program.run("themes").lines.compactMap { $0.split(separator: ":").first }
    let names = files.filter { $0.hasSuffix(".yaml") }.map { $0.dropLast(5) }
    #expect(!names.isEmpty && Set(listed).isSuperset(of: names))
  }

  /// The README's commands take only options that their tool knows.
  @Test func theReadmesCommandsAreUnderstood() throws {
    let readme = try String(contentsOf: Program.root.appending(path: "README.md"), encoding: .utf8)
    let commands = readme.matches(of: /swift (build|run|test)([^&\n`]*)/)
    #expect(commands.count > 1)
    for command in commands {
      let help = try Program.shell("swift \(command.1) --help").text
      for option in command.2.split(separator: " ") where option.hasPrefix("--") {
        #expect(help.contains(option), "swift \(command.1) does not know \(option)")
      }
    }
  }

  /// The figures of README's table of proof are those of the files they are about.
  @Test func theReadmesFiguresAreCounted() throws {
    let readme = try String(contentsOf: Program.root.appending(path: "README.md"), encoding: .utf8)
    func figure(_ pattern: Regex<(Substring, Substring)>) throws -> Int {
      let text = try #require(readme.firstMatch(of: pattern)).1
      return try #require(Int(text.replacing(",", with: "")))
    }
    func vectors(_ folder: String, _ start: String) throws -> Int {
      let path = Program.root.appending(path: "Tests/\(folder)/Vectors")
      return try FileManager.default.contentsOfDirectory(at: path, includingPropertiesForKeys: nil)
        .filter { $0.lastPathComponent.hasPrefix(start) }
        .map { try Packed.content(of: $0).count { $0 == UInt8(ascii: "\n") } }.reduce(0, +)
    }
    let copies = try vectors("ConformanceTests", "usercopy")
    let told = try figure(/more than ([0-9,]+) \|/)
    #expect(told < copies && copies < told + 1000)
    #expect(try figure(/([0-9,]+) scenarios \|/) == vectors("RawGadgetTests", "raw-gadget"))
    let list = try String(
      contentsOf: Program.root.appending(path: ".ci/mutants.txt"), encoding: .utf8)
    let mistakes = list.split(separator: "\n").count { !$0.hasPrefix("#") }
    #expect(try figure(/([0-9]+) \| `\.ci\/mutants` \|/) == mistakes)
  }

  /// A picture of the README and how the program draws it.
  struct Picture: Sendable, CustomTestStringConvertible {
    var name: String
    var lesson: String
    var keys: String
    var size = "120x36"
    var testDescription: String { name }
  }

  static let pictures: [Picture] = [
    Picture(name: "leak-and-refusal", lesson: "no-frame-pointer", keys: "n n n n n"),
    Picture(name: "frame-fence", lesson: "frame-fence", keys: "n n n n n"),
    Picture(name: "gadget", lesson: "gadget-keyboard", keys: "n n n n n n n n"),
    Picture(name: "map", lesson: "off-by-one", keys: "n n n n m"),
    Picture(name: "queue-full", lesson: "gadget-overflow", keys: "n n n n n n n", size: "112x30"),
    Picture(name: "stack-bytes", lesson: "uncleared", keys: "G", size: "100x30"),
    Picture(name: "slab-whole", lesson: "past-the-end", keys: "n n n n n > > z", size: "96x30"),
  ]

  private static let resources = "Sources/Inspector/Inspector.docc/Resources/"

  /// With RECORD=1 in the environment they are drawn anew.
  @Test(arguments: pictures)
  func thePicturesAreWhatTheProgramDraws(_ picture: Picture) throws {
    let drawn = try Program.run(
      "screen", picture.lesson, "--keys", picture.keys, "--size", picture.size, "--format", "svg")
    #expect(drawn.status == 0)
    let file = Program.root.appending(path: "\(Self.resources)\(picture.name).svg")
    if Golden.isRecording { try Data(drawn.bytes).write(to: file) }
    let kept = try String(contentsOf: file, encoding: .utf8)
    #expect(difference(drawn.text, kept) == nil, "record it with .ci/record and look at it")
  }

  @Test func everyPictureIsShownAndDrawn() throws {
    let readme = try String(contentsOf: Program.root.appending(path: "README.md"), encoding: .utf8)
    let shown = readme.matches(of: /\]\(([^)]*)\.svg\)/).map { String($0.1) }
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Program.root.appending(path: Self.resources).path)
    let names = Self.pictures.map { "\(Self.resources)\($0.name)" }
    #expect(shown.sorted() == names.sorted())
    #expect(files.sorted() == Self.pictures.map { "\($0.name).svg" }.sorted())
  }
}
