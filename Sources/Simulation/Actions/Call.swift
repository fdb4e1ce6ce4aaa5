extension Action.Call {
  static let fields = [
    Field("function", .text, required: true, "the function's name"),
    Field(
      "locals", .locals(most: 16_384), "its local variables, the one at the highest address first"),
    Field("saved", .texts, "registers it saves"),
  ]

  init(_ values: FieldValues) throws(FieldProblem) {
    self.init(function: try values.needed("function", values.text("function")))
    if case .locals(let locals)? = values["locals"] { self.locals = locals }
    if case .texts(let registers)? = values["saved"] { savedRegisters = registers }
  }

  var values: FieldValues {
    FieldValues([
      "function": .text(function), "locals": locals.isEmpty ? nil : .locals(locals),
      "saved": savedRegisters.isEmpty ? nil : .texts(savedRegisters),
    ])
  }
}
