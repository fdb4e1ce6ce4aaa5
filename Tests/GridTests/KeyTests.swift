import Grid
import Testing

@Suite struct KeyTests {
  @Test func namesAreReadBack() throws {
    var codes: [Key.Code] = [
      .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .tab, .backTab, .enter, .escape,
      .backspace, .delete, .insert, .function(1), .function(63), .character("é"),
    ]
    for value in UInt32(0x20)...0x7E {
      if let scalar = Unicode.Scalar(value) { codes.append(.character(scalar)) }
    }
    for code in codes {
      for bits in UInt8(0)..<8 {
        let key = Key(code, Key.Modifiers(rawValue: bits))
        #expect(try Key(parsing: key.description) == key, "\(key)")
      }
    }
  }

  @Test func formsThatTerminalsCannotTellApartAreOne() throws {
    #expect(try Key(parsing: "C-I") == Key(.tab))
    #expect(Key(.character("m"), .control) == Key(.enter))
    #expect(try Key(parsing: "S-a") == Key(.character("A")))
    #expect(try Key(parsing: "S-Tab") == Key(.backTab))
    #expect(try Key(parsing: "M-x") == Key(.character("x"), .alt))
    let tab = try Key(parsing: "tab")
    #expect(try tab == Key(parsing: "TAB"))
    #expect(try Key(parsing: "-") == Key(.character("-")))
    #expect(try Key(parsing: "C--") == Key(.character("-"), .control))
  }

  @Test func wrongNamesSuggest() {
    #expect(throws: KeyError.unknown(name: "Entr", suggestion: "Enter")) {
      try Key(parsing: "Entr")
    }
    for wrong in ["", "F0", "F64", "X-a", "\u{1B}", "C-", "S-Lefft"] {
      #expect(throws: KeyError.self, "\(wrong)") { try Key(parsing: wrong) }
    }
  }

  @Test func sequencesTypeText() throws {
    let keys = try Key.sequence(parsing: "n  Tab \":free a\" Enter \"")
    #expect(keys.count == 11)
    #expect(keys.first == Key(.character("n")) && keys.last == Key(.character("\"")))
    #expect(keys[6] == Key(.character("e")) && keys[7] == Key(.character(" ")))
    #expect(throws: KeyError.unclosedQuotation("\"abc")) { try Key.sequence(parsing: "\"abc") }
  }
}
