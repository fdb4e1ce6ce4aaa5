import Testing

@testable import Scenario

/// Files of keys: what is read, and how mistakes are named.
struct KeyFileTests {
  private let commands = ["next", "previous", "zoom"]

  private func problem(_ text: String) -> String {
    do throws(Diagnostic) {
      _ = try KeyFile.read(text, file: "keys.yaml", commands: commands)
      return ""
    } catch { return error.description }
  }

  @Test func keysAreReadWithTheirPlaces() throws {
    let entries = try KeyFile.read(
      "# mine\nzoom: \"Z\"\nnext: \"n Space\"\n", file: "keys.yaml", commands: commands)
    #expect(entries.map(\.command) == ["next", "zoom"])
    #expect(entries.map(\.keys) == ["n Space", "Z"])
    #expect(entries.map(\.line) == [3, 2])
  }

  @Test func anEmptyFileChangesNothing() throws {
    #expect(try KeyFile.read("", file: "keys.yaml", commands: commands).isEmpty)
    #expect(try KeyFile.read("# nothing\n", file: "keys.yaml", commands: commands).isEmpty)
  }

  @Test func mistakesNameTheirLine() {
    #expect(problem("next: n\nzom: z\n").hasPrefix("keys.yaml:2:1: "))
    #expect(problem("next: n\nzom: z\n").contains("'zoom'"))
    #expect(problem("next: [n, m]\n").hasPrefix("keys.yaml:1:"))
    #expect(problem("- next\n").hasPrefix("keys.yaml:1:1: "))
    #expect(problem("next: \"n\n").hasPrefix("keys.yaml:"))
    #expect(problem(String(repeating: "#", count: 70_000)).contains("too large"))
  }
}
