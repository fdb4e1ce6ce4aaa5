import Text
import Simulation
import Usercopy

/// Writes actions as the reader takes them back.
enum ActionWriter {
  /// The step's word and what stands behind it.
  static func step(_ action: Action) -> (word: String, value: String) {
    if case .host(let call) = action {
      let own = value(call.action.values, call.action.word.shape)
      let beside = pairs(action.values, HostWord.commonFields)
      return (ActionWord.host.rawValue, ScenarioWriter.flow([(call.action.name, own)] + beside))
    }
    return (action.word.rawValue, value(action.values, action.word.shape))
  }

  private static func value(_ values: FieldValues, _ shape: FieldShape) -> String {
    switch shape {
    case .nothing: "{}"
    case .single(let field):
      values[FieldValues.single].map { text($0, field.kind) } ?? "{}"
    case .fields(let fields), .host(let fields): ScenarioWriter.flow(pairs(values, fields))
    }
  }

  private static func pairs(
    _ values: FieldValues, _ fields: [Field]
  ) -> ScenarioWriter.Pairs {
    values.pairs.map { pair in
      let kind = fields.first { $0.name == pair.name }?.kind ?? .text
      return (pair.name, text(pair.value, kind))
    }
  }

  /// A local as its size, or with what else is known of it.
  private static func local(_ local: Action.Local) -> String {
    guard let values = StructureFields.values(local) else { return String(local.size ?? 0) }
    return ScenarioWriter.flow(pairs(values, StructureFields.local(most: .max)))
  }

  private static func text(_ value: FieldValue, _ kind: FieldKind) -> String {
    switch value {
    case .text(let text): return ScenarioWriter.scalar(text)
    case .number(let number):
      if case .number(_, let digits) = kind, digits > 0 { return "0x" + number.hex(width: digits) }
      return String(number)
    case .signed(let number): return String(number)
    case .truth(let truth): return String(truth)
    case .place(let place): return ScenarioWriter.scalar(place.spelling)
    case .bytes(let bytes):
      return kind == .content
        ? ScenarioWriter.scalar(String(decoding: bytes, as: UTF8.self))
        : "\"" + bytes.map { $0.hex(width: 2) }.joined(separator: " ") + "\""
    case .locals(let locals):
      return ScenarioWriter.flow(locals.map { (ScenarioWriter.scalar($0.name), local($0)) })
    case .structure(let structure):
      if let text = structure.text { return ScenarioWriter.scalar(text) }
      let members = structure.members.map { member in
        ScenarioWriter.flow(pairs(StructureFields.values(member), StructureFields.member))
      }
      return "[\(members.joined(separator: ", "))]"
    case .numbers(let numbers): return ScenarioWriter.scalar(NumberList.text(numbers))
    case .texts(let texts):
      return "[\(texts.map(ScenarioWriter.scalar).joined(separator: ", "))]"
    }
  }
}
