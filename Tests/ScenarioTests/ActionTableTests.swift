import Foundation
import Narration
import RawGadget
import Simulation
import Support
import Testing
import Text
import Usercopy

@testable import Scenario

/// The table of actions against everything that goes by it.
struct ActionTableTests {
  /// An action of each word with every field set, as a step of a file.
  static let full: [ActionWord: String] = [
    .alloc: "{ cache: c, size: 8, as: a, zero: true, bytes: hi, at: 3 }", .free: "a",
    .call:
      "{ function: f, locals: { b: 16, s: { init: members, layout: 'struct s { int a; char b; };' } }, "
      + "saved: [rbx] }", .return: "{}",
    .vmalloc: "{ as: v, size: 0x2000 }", .pages: "{ as: p, order: 2, compound: true }",
    .user: "{ as: u, length: 4, read-only: true, fill: 7 }",
    .image: "{ as: i, section: bss, size: 4, offset: 64, data: ff 00 }",
    .module: "{ as: m, section: rodata, size: 4, fill: 9 }", .kmap: "{ as: k, local: true }",
    .task: "{ name: t, stack: 4096 }", .run: "t", .write: "{ to: a, offset: -3, bytes: x }",
    .copy:
      "{ entry: check_object_size, to: 0x10, offset: 1, length: 2, user: u, constant: true, "
      + "object-size: 9, direction: from_user }",
    .era: "rfc-v2", .note: "{}", .open: "{ as: d, nonblocking: true }", .close: "d",
    .ioctl:
      "{ request: EP_WRITE, file: d, thread: t, ep: 3, flags: 1, data: 01 02, length: 5000000, "
      + "readable: 9, writable: 8, pointer: read-only, waits: false }",
    .host: "{ claim: 1, thread: h, waits: false, when: lp0, after: 5 }", .wait: "5", .signal: "t",
    .signalRestart: "t",
    .gadgetfs: "{ device: 01, configuration: 02, high-speed: 03, thread: t, waits: false }",
    .gadgetfsRead: "{ length: 3, thread: t, waits: false }",
    .gadgetfsWrite: "{ data: 01, thread: t, waits: false }",
    .gadgetfsStall: "{ thread: t, waits: false }",
  ]

  /// The same for the host's actions.
  static let host: [HostWord: String] = [
    .open: "{}", .close: "{}", .claim: "1", .release: "2", .detach: "3",
    .bulk: "{ endpoint: 0x02, data: 01, length: 9, timeout: 7 }",
    .control:
      "{ type: 0x21, request: 9, value: 0x0200, index: 1, length: 2, data: 01 02, timeout: 7 }",
    .submit: "{ as: s, type: interrupt, endpoint: 0x81, flags: 1, data: 01, length: 3 }",
    .reap: "10", .discard: "s", .clearHalt: "0x81", .resetEndpoint: "0x02", .reset: "{}",
    .usbtest: "\"1-4, 9\"",
    .setConfiguration: "1", .setInterface: "{ interface: 1, alternate: 2 }",
    .sysfsWrite: "{ file: authorized, value: 1 }",
    .node: "{ name: lp0, do: write, data: 01 }",
  ]

  static let steps: [String] =
    ActionWord.allCases.compactMap { word in full[word].map { "\(word.rawValue): \($0)" } }
    + HostWord.allCases.compactMap { word in host[word].map { "host: { \(word.rawValue): \($0) }" }
    }

  static func read(_ step: String) throws -> Action {
    let script = try ScenarioReader.parse(
      "title: t\nsteps:\n  - \(step)\n", file: "t.yaml", id: "t")
    return try #require(script.steps.first).action
  }

  @Test func everyWordHasAnExample() {
    for word in ActionWord.allCases where Self.full[word] == nil {
      Issue.record("ActionTableTests has no example of \(word.rawValue)")
    }
    for word in HostWord.allCases where Self.host[word] == nil {
      Issue.record("ActionTableTests has no example of host: \(word.rawValue)")
    }
  }

  /// What is read, written and read again is the same, and its fields make it again.
  @Test(arguments: steps)
  func readWrittenAndReadAgain(_ step: String) throws {
    let action = try Self.read(step)
    let written = ActionWriter.step(action)
    #expect(try Self.read("\(written.word): \(written.value)") == action, "\(written)")
    guard case .host(let call) = action else {
      #expect(try action.word.make(action.values) == action)
      return
    }
    #expect(try ActionWord.host(call.action.word, call.action.values, action.values) == action)
  }

  /// Every field of an example comes back in what is written, so none is forgotten on the way.
  @Test func everyFieldIsWritten() throws {
    // Written as another field of the same bytes.
    let others: Set = [
      "text", "fill", "bytes", "data", "from", "cache", "size", "fields", "layout",
    ]
    for word in ActionWord.allCases where word != .ioctl {
      guard let example = Self.full[word] else { continue }
      let names = Set(word.shape.fields.map(\.name)).subtracting(others)
      let action = try Self.read("\(word.rawValue): \(example)")
      #expect(names.subtracting(action.values.pairs.map(\.name)) == [], "\(word.rawValue)")
    }
    for request in RawIoctl.allCases {
      let fields = Action.Ioctl.fields(of: .call(request))
      #expect(Set(fields.map(\.name)).count == fields.count, "\(request.shortName)")
    }
  }

  /// A field that is left out holds what the table says.
  @Test func whatIsLeftOutIsWhatTheTableSays() throws {
    for word in ActionWord.allCases where word != .host {
      guard case .fields(let fields) = word.shape else { continue }
      let needed = [
        ActionWord.copy: "from: a, length: 1", .alloc: "size: 1, as: a",
        .ioctl: "request: EP0_READ",
      ]
      let required =
        needed[word]
        ?? fields.filter(\.isRequired).map { "\($0.name): \(Self.sample($0.kind))" }
        .joined(separator: ", ")
      let plain = try Self.read("\(word.rawValue): { \(required) }")
      let own: [Field] =
        word == .ioctl ? Action.Ioctl.fields(of: .call(.ep0Read)) : fields
      for field in own {
        guard let usual = field.usual else { continue }
        let more = required.isEmpty ? "" : ", "
        let said = try Self.read("\(word.rawValue): { \(required)\(more)\(field.name): \(usual) }")
        if word == .copy, field.name == "user" { continue }
        #expect(said == plain, "\(word.rawValue) \(field.name)")
      }
    }
  }

  private static func sample(_ kind: FieldKind) -> String {
    switch kind {
    case .number: "1"
    case .hex: "01"
    case .word(let words): words.first ?? ""
    default: "x"
    }
  }

  /// Bytes that are no text are written so that they come back.
  @Test func bytesThatAreNoTextSurvive() throws {
    let action = Action.write(place: .named("a"), offset: 0, bytes: [0, 0xff, 0x80])
    let written = ActionWriter.step(action)
    #expect(try Self.read("\(written.word): \(written.value)") == action)
  }

  /// RECORD=1 writes the page anew.
  @Test(arguments: ["StepReference", "CallReference"])
  func theReferenceIsPrintedFromTheTable(_ name: String) throws {
    let text = name == "StepReference" ? StepReference.text : CallReference.text
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Inspector/Inspector.docc/\(name).md")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try text.write(to: page, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: page, encoding: .utf8)
    let found = difference(written, text)
    #expect(found == nil, "swift test --filter theReference, with RECORD=1, prints it anew")
  }

  @Test(arguments: [
    ("copy: { entry: copy_to_user, from: a, length: 1, constant: maybe }", "4:64"),
    ("host: { bulk: { endpoint: 300 } }", "4:31"),
    ("ioctl: { request: EP_READ, ep: 70000 }", "4:36"),
    ("host: { control: { type: 0x80 } }", "4:22"),
  ])
  func mistakesHaveTheirPlace(_ step: String, _ place: String) throws {
    do throws(Diagnostic) {
      _ = try ScenarioReader.parse(
        "title: t\n\nsteps:\n  - \(step)\n", file: "t.yaml", id: "t")
      Issue.record("\(step) was read")
    } catch {
      #expect("\(error.line):\(error.column)" == place, "\(error)")
    }
  }
}
