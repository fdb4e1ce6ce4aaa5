import Foundation
import RawGadget
@testable import Scenario
import Simulation
import Testing
import Usercopy
import Yams
import USB

/// The schema for editors against the lessons, the reader and the enums.
struct SchemaTests {
  struct NotAMapping: Error {}

  /// The schema as JSON.
  static func schema() throws -> [String: Any] {
    let json = try JSONSerialization.jsonObject(with: Data(ScenarioSchema.text.utf8))
    return try #require(json as? [String: Any])
  }

  /// Paths of keys of a file that the schema does not know, and of words no enum has.
  static func strangers(_ node: Node, _ schema: [String: Any], _ path: String = "") -> [String] {
    if let kinds = schema["anyOf"] as? [[String: Any]], schema["properties"] == nil,
      case .mapping = node, let shape = kinds.first(where: { $0["properties"] != nil })
    {
      return strangers(node, shape, path)
    }
    switch node {
    case .mapping(let mapping):
      let properties = schema["properties"] as? [String: Any] ?? [:]
      let others = schema["additionalProperties"]
      return mapping.flatMap { key, value -> [String] in
        let name = key.string ?? "?"
        if let known = properties[name] ?? (others as? [String: Any]) {
          return strangers(value, known as? [String: Any] ?? [:], path + "/" + name)
        }
        return schema.isEmpty ? [] : [path + "/" + name]
      }
    case .sequence(let sequence):
      let items = schema["items"] as? [String: Any] ?? [:]
      return sequence.enumerated().flatMap { strangers($1, items, path + "/\($0)") }
    case .scalar(let scalar):
      if node.null != nil, !takesNull(schema) { return ["\(path) is null"] }
      let forms = Self.forms(schema)
      let isNumber = node.int != nil && forms.contains { $0["type"] as? String == "integer" }
      let isFree = forms.contains { form in
        let types = form["type"] as? [String] ?? [form["type"] as? String].compactMap(\.self)
        return form["enum"] == nil && form["pattern"] == nil && types.contains("string")
      }
      let listed = forms.lazy.compactMap { $0["enum"] as? [Any] }.first
      guard !isNumber, !isFree, let words = schema["enum"] as? [Any] ?? listed else { return [] }
      let known = words.contains {
        "\($0)" == scalar.string || ($0 as? Bool)?.description == scalar.string
      }
      return known ? [] : ["\(path) = \(scalar.string)"]
    case .alias: return ["alias"]
    }
  }

  /// What a value may be, one way after the other.
  static func forms(_ schema: [String: Any]) -> [[String: Any]] {
    (schema["anyOf"] as? [[String: Any]] ?? []).flatMap { [$0] + forms($0) }
  }

  /// Whether a checker that goes by JSON's types takes an unquoted `null`.
  static func takesNull(_ schema: [String: Any]) -> Bool {
    let forms = (schema["anyOf"] as? [[String: Any]] ?? []) + [schema]
    let types = forms.flatMap { form -> [String] in
      form["type"] as? [String] ?? [form["type"] as? String].compactMap(\.self)
    }
    return types.isEmpty || types.contains("null")
  }

  static func strangers(_ text: String) throws -> [String] {
    guard let node = try Yams.compose(yaml: text) else { throw NotAMapping() }
    return strangers(node, try schema())
  }

  @Test func everyKeyOfEveryLessonIsInTheSchema() throws {
    for entry in Lessons.all { #expect(try Self.strangers(entry.text) == [], "\(entry.id)") }
  }

  @Test(arguments: [
    ("abuot: b", "/abuot"), ("kernel: {alocator: slub}", "/kernel/alocator"),
    ("kernel: {era: rfc-v9}", "/kernel/era = rfc-v9"),
    ("caches: [{name: a, size: 3}]", "/caches/0/size"),
    ("steps: [{copy: {from: a, lenght: 1}}]", "/steps/0/copy/lenght"),
    ("steps: [{copy: {entry: copy_to_usr}}]", "/steps/0/copy/entry = copy_to_usr"),
    ("steps: [{note: {}, expect: {verdit: deny}}]", "/steps/0/expect/verdit"),
    ("steps: [{note: {}, expect: {eras: {rfc: deny}}}]", "/steps/0/expect/eras/rfc"),
    ("steps: [{ioctl: {request: INT}}]", "/steps/0/ioctl/request = INT"),
    ("steps: [{host: {bluk: {}}}]", "/steps/0/host/bluk"),
    ("exercises: [{ask: a, hint: []}]", "/exercises/0/hint"),
  ])
  func misspeltKeysAndWordsAreNot(_ line: String, _ path: String) throws {
    #expect(try Self.strangers("title: a\n\(line)\n") == [path])
    var refused = false
    do throws(Diagnostic) {
      _ = try ScenarioReader.parse("title: a\n\(line)\n", file: "f", id: "f")
    } catch { refused = true }
    #expect(refused)
  }

  /// What the reader wants is required here too: at least one of two fields, or exactly one.
  @Test func exercisesNeedErasInTheSchemaToo() throws {
    let properties = try #require(try Self.schema()["properties"] as? [String: Any])
    let exercises = try #require(properties["exercises"] as? [String: Any])
    let exercise = try #require(exercises["items"] as? [String: Any])
    let choices = try #require(exercise["anyOf"] as? [[String: [String]]])
    #expect(
      choices.map { $0["required"] }
        == [["allow"], ["deny"], ["does"], ["order"], ["number"]])
    #expect(exercise["required"] as? [String] == ["ask"])
  }

  private static let opened = "{open: {as: a}, expect: {state: OPENED}}"
  private static let begun = "{ioctl: {request: INIT, file: a}, expect: {ret: 0}}"

  @Test func everyLessonIsTaken() throws {
    let checker = SchemaChecker(schema: try Self.schema())
    for entry in Lessons.all { #expect(try checker.takes(entry.text), "\(entry.id)") }
  }

  /// What an editor can see of a file alone is refused there as it is by the reader; what is right is not.
  @Test(arguments: [
    (
      "steps: [{alloc: {size: 64, as: x, FILL}}]", "fill: 1",
      ["bytes: a, fill: 1", "fill: 1, data: \"00\""]
    ),
    ("steps: [{alloc: {cache: kmalloc-64, as: x, FILL}}]", "size: 64, fill: 1", ["fill: 1"]),
    ("steps: [{user: {as: u, FILL}}]", "length: 8, fill: 1", ["fill: 1"]),
    (
      "steps: [{write: {to: stack-start, FILL}}]", "bytes: a",
      ["fill: 1", "bytes: a, data: \"00\""]
    ),
    (
      "steps: [{copy: {length: 4, FILL}}]", "from: null",
      ["to: null", "entry: copy_from_user, from: null"]
    ),
    (
      "steps: [{copy: {FILL}}]", "entry: put_user, from: stack-start, length: 8",
      ["entry: put_user, from: stack-start, length: 3"]
    ),
    ("kernel: {FILL}\nsteps: [{note: {}}]", "release: 6.1", ["release: abc", "release: v6"]),
    (
      "kernel: {layout: {FILL}}\nsteps: [{note: {}}]", "text: [1, 2]",
      ["text: [1]", "text: [1, 2, 3]"]
    ),
    ("gadget: {FILL}\nsteps: [{note: {}}]", "modules: usblp ftdi-sio", ["modules: usblpp"]),
    ("FILL", "steps: [{note: {}}]", ["steps: []", ""]),
    (
      "steps: [{copy: {from: stack-start, length: 4}, expect: {FILL}}]", "verdict: deny",
      ["errno: EINVAL", "ret: 0", "verdict: deny, blocked: true", "event: CONNECT"]
    ),
    (
      "steps: [{open: {as: a}}, {ioctl: {request: RUN, file: a}, expect: {FILL}}]", "errno: EINVAL",
      ["eras: {all: deny}", "why: state-not-runing", "why: \"\""]
    ),
    ("steps: [{open: {as: a}, expect: {FILL}}]", "ret: 0", ["verdict: deny", "returned: 3"]),
    ("steps: [{wait: 3, expect: {FILL}}]", "log: a", ["by: slab", "leaked: 4"]),
    ("steps: [{note: {}, expect: {FILL}}]", "log: a", ["ret: 0", "eras: {all: deny}"]),
    (
      "caches: [{name: a, object-size: 64, FILL}]\nsteps: [{note: {}}]", "align: 64",
      ["align: 3", "align: 2097152", "flags: [nope]"]
    ),
    (
      "kernel: {layout: {FILL}}\nsteps: [{note: {}}]", "ram: 0x40000000",
      ["ram: 0", "direct-map: 4097", "vmalloc: 1", "ram: 0x800000000000"]
    ),
    (
      "steps: [{note: {}}]\nexercises: [{ask: a, FILL}]",
      "number: most, of: {copy: {from: stack-start, length: 4}}",
      ["number: most, of: {note: {}}", "number: returned, of: {wait: 3}"]
    ),
    (
      "steps: [{note: {}}]\nexercises: [{ask: a, FILL}]",
      "order: [\(opened), \(begun), {ioctl: {request: RUN, file: a}, expect: {ret: 0}}]",
      [
        "order: [\(opened), \(begun), {ioctl: {request: RUN, file: a}}]",
        "does: RUN, configured: true, max-steps: 65",
      ]
    ),
    (
      "steps: [{note: {}}]\nexercises: [{ask: a, FILL}]",
      "number: distance, places: [null, stack-start]",
      [
        "does: RUN", "number: distance", "number: most", "order: [{note: {}}]",
        "allow: [all], does: RUN",
        "deny: [all], leaks: true", "does: RUN, configured: true, place: x",
        "allow: [all], of: {note: {}}", "allow: [all], number: distance, places: [null, null]",
      ]
    ),
  ])
  func whatTheReaderRefusesTheSchemaRefuses(_ frame: String, _ right: String, _ wrong: [String])
    throws
  {
    let checker = SchemaChecker(schema: try Self.schema())
    func file(_ part: String) -> String {
      "title: a\n"
        + frame.replacing(", FILL", with: part.isEmpty ? "" : ", \(part)")
        .replacing("FILL", with: part) + "\n"
    }
    for part in [right] + wrong {
      var isRead = true
      do throws(Diagnostic) {
        _ = try ScenarioReader.read(file(part), file: "f", id: "f")
      } catch { isRead = false }
      #expect(isRead == (part == right), "read: \(part)")
      #expect(try checker.takes(file(part)) == isRead, "schema: \(part)")
    }
  }

  @Test func everyWordOfTheEnumsIsThere() throws {
    let text = ScenarioSchema.text
    let words =
      EntryPoint.allCases.map(\.rawValue) + Era.all.map(\.id) + Verdict.allCases.map(\.rawValue)
      + RawIoctl.allCases.map(\.shortName) + Allocator.allCases.map(\.rawValue)
      + Architecture.allCases.map(\.rawValue) + ["sysfs-write", "reset-endpoint", "exercises"]
    for word in words { #expect(text.contains("\"\(word)\""), "\(word)") }
  }

  /// The page for authors names each key the reader knows; those of actions have a page of their own.
  @Test func thePageNamesEveryKey() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Inspector/Inspector.docc/WritingScenarios.md")
    let page = try String(contentsOf: file, encoding: .utf8)
    let actions = Set(ActionWord.allCases.map(\.rawValue))
    let shapes = [
      ScenarioGrammar.scenario, ScenarioGrammar.kernel, ScenarioGrammar.cache,
      ScenarioGrammar.gadget, ScenarioGrammar.exercise, ScenarioGrammar.expect,
      ScenarioGrammar.step,
    ]
    for key in Set(shapes.flatMap(\.names)).subtracting(actions).sorted() {
      #expect(page.contains("`\(key)`") || page.contains("`\(key):"), "\(key)")
    }
    for word in actions { #expect(page.contains("`\(word)`"), "\(word)") }
  }

  @Test func everythingSaysWhatItMayHold() throws {
    var open: [String] = []
    func walk(_ schema: [String: Any], _ path: String) {
      if schema["properties"] != nil, schema["additionalProperties"] as? Bool != false {
        open.append(path)
      }
      for (name, value) in schema["properties"] as? [String: Any] ?? [:] {
        walk(value as? [String: Any] ?? [:], path + "/" + name)
      }
      if let items = schema["items"] as? [String: Any] { walk(items, path + "/*") }
    }
    walk(try Self.schema(), "")
    #expect(open == [])
  }
}
