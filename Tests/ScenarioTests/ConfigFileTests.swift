import JSON
import Scenario
import Testing

/// The user's own settings.
struct ConfigFileTests {
  @Test func everyFieldIsRead() throws {
    let config = try ConfigFile.read(
      "theme: paper\npace: 2500\nera: linux-4.8\nsize: 80x24\nmouse: off\n", file: "config.yaml")
    #expect(config.era == "linux-4.8")
    #expect(config.theme == "paper" && config.pace == 2500 && config.size == "80x24")
    #expect(config.mouse == false)
    #expect(try ConfigFile.read("", file: "config.yaml") == ConfigFile())
  }

  @Test(arguments: [
    ("pace: soon", "'pace' must be a whole number"), ("pace: 5", "must be from 100 to 60000"),
    ("size: 80", "must be columns x rows"), ("mouse: maybe", "must be true or false"),
    ("themes: paper", "unknown key 'themes'"), ("era: linux-6.2", "unknown era 'linux-6.2'"),
    ("- theme", "must be a mapping"),
  ])
  func whatCannotBeUsedIsTold(text: String, words: String) throws {
    do throws(Diagnostic) {
      _ = try ConfigFile.read(text, file: "config.yaml")
      Issue.record("\(text) was read")
    } catch {
      #expect(error.description.contains(words) && error.line == 1, "\(error)")
    }
  }

  @Test func theSchemaNamesEveryField() throws {
    let schema = try JSONValue(parsing: ConfigFile.schema)
    for field in ["theme", "pace", "era", "size", "mouse"] {
      #expect(schema["properties"]?[field] != nil, "\(field)")
    }
  }
}
