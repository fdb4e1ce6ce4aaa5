import Foundation
import Testing

/// Captures, the watch, new scenarios and the figures.
@Suite struct ToolsTests {
  static let usbmon = """
    ffff8edae8fd5840 51436059 S Ci:1:000:0 s 80 06 0100 0000 0040 64 <
    ffff8edae8fd5840 51436477 C Ci:1:000:0 0 18 = 12010002 00000040 6d0412c3 00000001 0201
    ffff8edae8fd5840 51564033 S Co:1:000:0 s 00 05 0002 0000 0000 0
    ffff8edae8fd5840 51564175 C Co:1:000:0 0 0
    ffff8edae8fd5000 51308033 S Ii:1:002:1 -115:2048 4 <
    ffff8edae8fd5000 51376057 C Ii:1:002:1 0:2048 1 = 02
    ffff8edae8fd5000 51376058 S Ii:1:002:1 -115:2048 4 <

    """

  @Test func capturesAreSummarised() throws {
    let text = try Program.run("capture", "-", input: Array(Self.usbmon.utf8))
    #expect(text.status == 0)
    #expect(
      text.text == """
        Device 1:2, 4 URBs
          known: The device is 046d:c312, release 0.00, class told by each interface.
          assumed: The capture does not show the speed; high-speed is assumed.
          GET_DESCRIPTOR device: 1 answered
          SET_ADDRESS: 1 answered
          endpoint 1 in, interrupt: 2 URBs, 1 byte, 1 without an answer
          Requests in order:
            GET_DESCRIPTOR type 80 value 0100 index 0000 length 64: 18 of 64 bytes: \
        12010002000000406d0412c3000000010201
            SET_ADDRESS type 00 value 0002 index 0000 length 0: 0 of 0 bytes
        1 device

        """)
    let json = try Program.run("capture", "-", "--format", "json", input: Array(Self.usbmon.utf8))
    let devices = try #require((json.json as? [String: Any])?["devices"] as? [[String: Any]])
    #expect(devices.count == 1 && devices[0]["address"] as? Int == 2)
    #expect(devices[0]["id"] as? String == "046d:c312" && devices[0]["urbs"] as? Int == 4)
    #expect((devices[0]["controls"] as? [Any])?.count == 2)
    let none = try Program.run("capture", "-", input: Array("no capture\n".utf8))
    #expect(none.status == 2 && none.errors.contains("neither usbmon text nor"))
  }

  @Test func lightAndDarkAreThemesAndTheOthersAreNamed() throws {
    func screen(_ theme: String) throws -> Program.Outcome {
      try Program.run("screen", "1", "--format", "ansi", "--theme", theme)
    }
    #expect(try screen("light").text == screen("paper").text)
    #expect(try screen("dark").text == screen("slate").text)
    let unknown = try screen("nosuch")
    #expect(unknown.status == 2)
    for name in ["slate", "paper", "light", "base16"] { #expect(unknown.errors.contains(name)) }
  }

  @Test func newScenariosAreWrittenOnceAndHold() throws {
    let tmux = try Tmux(width: 80, height: 24)
    let file = tmux.folder.path("mine.yaml")
    try tmux.type("$COPYSCOPE open --new mine.yaml")
    try tmux.see("My first scenario")
    try tmux.press("q")
    try tmux.see("status=0>")
    let played = try Program.run("run", file)
    #expect(played.status == 0 && played.text.contains("every expectation held"))
    let before = try String(contentsOfFile: file, encoding: .utf8)
    let again = try Program.run("open", "--new", file)
    #expect(again.status == 2 && again.errors.contains("is there already"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == before)
    #expect(try Program.run("open", "--new").status == 2)
    #expect(try Program.run("open", "--new", "/no/such/folder.yaml").status == 2)
  }

  @Test func theWatchPlaysAgainOnSaving() throws {
    let tmux = try Tmux(width: 100, height: 40)
    let file = try tmux.folder.write("mine.yaml", RunTests.good)
    try tmux.type("$COPYSCOPE run --watch mine.yaml")
    try tmux.see("every expectation held.")
    try tmux.folder.write("mine.yaml", RunTests.good.replacingOccurrences(of: "as:", with: "ass:"))
    try tmux.see("did you mean 'as'?")
    // The way editors save: another file in the old one's place.
    let next = try tmux.folder.write(
      "next", RunTests.good.replacingOccurrences(of: "length: 9", with: "length: 8"))
    rename(next, file)
    try tmux.see("EXPECTED verdict deny, got allow")
    try tmux.press("C-c")
    try tmux.see("status=130>")
    #expect(try Program.run("run", "--watch", "1", "2").status == 2)
    #expect(try Program.run("run", "--watch", "/no/such.yaml").status == 2)
  }

  @Test func figures() throws {
    let outcome = try Program.run(
      "bench", "verdict", "map", "log", "start", "--megabytes", "1", "--rounds", "1")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    for part in [
      "times the same in C", "times each of them tried in C", "a report in 1000 lines, 1 MB",
      "copyscope --version: ", "times sh -c :",
    ] {
      #expect(outcome.text.contains(part))
    }
    #expect(try Program.run("bench", "--megabytes", "0").status == 2)
    #expect(try Program.run("bench", "--rounds", "0").status == 2)
    #expect(try Program.run("bench", "speed").status == 2)
  }

  /// Every row names its baseline with the ratios, or why it has none.
  @Test func figuresForPrograms() throws {
    let outcome = try Program.run(
      "bench", "map", "log", "--megabytes", "1", "--rounds", "1", "--format", "json")
    let all = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.text.utf8)) as? [String: Any])
    #expect(outcome.status == 0 && all["version"] as? Int == 1 && all["rounds"] as? Int == 1)
    let rows = try #require(all["rows"] as? [[String: Any]])
    #expect(rows.count >= 5)
    for row in rows {
      #expect((row["against"] == nil) == (row["lack"] != nil))
      #expect((row["ratio"] as? [String: Double])?["median"] == nil || row["against"] != nil)
      #expect(row["ratio"] != nil || row["lack"] != nil)
      #expect((row["figure"] as? [String: Double])?["median"] != nil)
      #expect(row["unit"] is String)
    }
  }
}
