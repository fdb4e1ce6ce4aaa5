import Simulation
import Text
import Usercopy
import Yams

/// Reads one step: an action, what it should do, and what is said.
enum StepReader {
  /// Actions by the word a step starts with.
  static let actions = ActionWord.allCases.map(\.rawValue)

  static func read(_ node: Node, file: String) throws(Diagnostic) -> ScriptStep {
    let fields = try Fields(
      node, file: file, subject: "a step", known: ScenarioGrammar.step.names)
    let named = ActionWord.allCases.filter { fields.has($0.rawValue) }
    guard named.count == 1, let word = named.first, let value = fields[word.rawValue] else {
      let found =
        named.isEmpty
        ? "a step needs one action: \(actions.joined(separator: ", "))"
        : "a step has one action, this one has "
          + named.map(\.rawValue).joined(separator: " and ")
      throw Fields.diagnostic(file, node.mark, found)
    }
    var marks: [String: SourceMark] = [:]
    let action = try action(word, value, fields, &marks)
    var step = ScriptStep(
      action: action, origin: try fields.choice("origin", of: ScriptStep.Origin.self) ?? .lesson,
      say: try fields.string("say") ?? "", notes: try fields.string("notes") ?? "",
      line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
    step.marks = marks
    if let expect = fields["expect"] {
      step.expect = try ExpectationReader.read(expect, file: file)
      try ExpectationReader.check(expect, of: action, file: file)
    }
    return step
  }

  private static func action(
    _ word: ActionWord, _ node: Node, _ step: Fields, _ marks: inout [String: SourceMark]
  ) throws(Diagnostic) -> Action {
    marks["name"] = node.mark.map { SourceMark(line: $0.line, column: $0.column) }
    switch word.shape {
    case .nothing: return try made(step) { () throws(FieldProblem) in try word.make(FieldValues()) }
    case .single(let field):
      let value = try FieldReader.value(field.kind, word.rawValue, step)
      return try made(step) { () throws(FieldProblem) in
        try word.make(FieldValues(single: value))
      }
    case .fields(let known):
      let fields = try mapping(word.rawValue, node, step.file, known)
      let values = try FieldReader.values(known, fields)
      note(fields, word, &marks)
      return try made(fields) { () throws(FieldProblem) in try word.make(values) }
    case .host(let beside): return try host(node, step.file, beside)
    }
  }

  /// `host: { control: {…} }`: one action, and on which thread.
  private static func host(
    _ node: Node, _ file: String, _ beside: [Field]
  ) throws(Diagnostic) -> Action {
    let words = HostWord.allCases.map(\.rawValue)
    let fields = try Fields(
      node, file: file, subject: "'host'", known: words + beside.map(\.name))
    let named = HostWord.allCases.filter { fields.has($0.rawValue) }
    guard named.count == 1, let word = named.first, let value = fields[word.rawValue] else {
      throw Fields.diagnostic(
        file, node.mark, "'host' needs one action: \(words.joined(separator: ", "))")
    }
    var own = (values: FieldValues(), fields: fields)
    switch word.shape {
    case .nothing, .host: break
    case .single(let field):
      own.values = FieldValues(single: try FieldReader.value(field.kind, word.rawValue, fields))
    case .fields(let known):
      own.fields = try mapping(word.rawValue, value, file, known)
      own.values = try FieldReader.values(known, own.fields)
    }
    let others = try FieldReader.values(beside, fields)
    return try made(own.fields) { () throws(FieldProblem) in
      try ActionWord.host(word, own.values, others)
    }
  }

  private static func mapping(
    _ word: String, _ node: Node, _ file: String, _ known: [Field]
  ) throws(Diagnostic) -> Fields {
    try Fields(node, file: file, subject: "'\(word)'", known: known.map(\.name))
  }

  private static func made(
    _ fields: Fields, _ make: () throws(FieldProblem) -> Action
  ) throws(Diagnostic) -> Action {
    do throws(FieldProblem) { return try make() } catch {
      throw FieldReader.diagnostic(error, fields)
    }
  }

  /// Where the things stand that may turn out not to exist, or to exist already.
  private static func note(
    _ fields: Fields, _ word: ActionWord, _ marks: inout [String: SourceMark]
  ) {
    var subjects: [(subject: String, key: String)] = []
    if word == .alloc { subjects = [("cache", "size"), ("cache", "cache"), ("name", "as")] }
    if word == .copy || word == .write { subjects = [("place", "from"), ("place", "to")] }
    if word == .alloc { subjects += [("structure", "layout"), ("structure", "fields")] }
    if word == .call { subjects += [("structure", "locals")] }
    for (subject, key) in subjects where fields.has(key) {
      if let mark = fields.place(key) {
        marks[subject] = SourceMark(line: mark.line, column: mark.column)
      }
    }
  }
}
