import Testing
import Tidy

/// What counts as one file using another.
@Suite struct CirclesTests {
  static func uses(_ texts: [String: String]) -> [String] {
    let files = texts.sorted { $0.key < $1.key }.map {
      SourceFile(path: "Sources/\($0.key).swift", text: $0.value)
    }
    return Circles.all(of: files).flatMap { room in
      room.uses.map { "\($0.user) > \($0.used): \($0.names.joined(separator: " "))" }
    }
  }

  static func pair(_ a: String, _ b: String) -> [String] { uses(["R/A": a, "R/B": b]) }

  @Test func aTypeCounts() {
    #expect(Self.pair("struct A { var b: B }", "struct B {}") == ["A.swift > B.swift: B"])
    #expect(Self.pair("extension B {}", "struct B {}") == ["A.swift > B.swift: B"])
    #expect(Self.pair("let a = [\"\\(B.self)\"]", "struct B {}") == ["A.swift > B.swift: B"])
  }

  @Test func aMemberCountsBehindADotOrInItsOwnType() {
    let b = "extension T { func move(by length: Int) {} ; var place: Int { 3 } }"
    #expect(Self.pair("func f(t: T) { t.move(by: 3) }", b) == ["A.swift > B.swift: move"])
    #expect(
      Self.pair("struct T { func f() { move(by: 3) } }", b).contains("A.swift > B.swift: move"))
    #expect(Self.pair("func f() { move(by: 3) }", b) == [])
    #expect(Self.pair("enum E { case a, b }", "let e: E = .b") == ["B.swift > A.swift: E b"])
  }

  @Test func aFunctionOfTheFileCounts() {
    #expect(Self.pair("let a = made()", "func made() -> Int { 1 }") == ["A.swift > B.swift: made"])
  }

  @Test func namesOfItsOwnDoNotCount() {
    let b = "func made() {}\nvar place = 3\nvar label = 1"
    for a in [
      "func f(place: Int) -> Int { place }", "func f() { let made = 1; print(made) }",
      "func f() { for place in 0..<3 { print(place) } }", "func f() { g { place in place } }",
      "// made()", "let s = \"made()\"", "let t = f(label: 3)", "let made = 3; let q = made",
      "struct S { func f() { if let place { print(place) } } }",
    ] {
      #expect(Self.pair(a, b) == [], "\(a)")
    }
  }

  @Test func whatIsPrivateOrDeclaredTwiceDoesNotCount() {
    #expect(Self.pair("let a = B()", "private struct B {}") == [])
    #expect(
      Self.uses([
        "R/A": "let a = x.made", "R/B": "struct B { var made = 1 }",
        "R/C": "struct C { var made = 1 }",
      ]) == [])
    #expect(
      Self.uses([
        "R/A": "import Q\nlet a = x.made", "R/B": "struct B { var made = 1 }",
        "Q/C": "struct C { var made = 1 }",
      ]) == [])
    #expect(Self.pair("let a = x.count", "struct B { var count = 1 }") == [])
  }

  @Test func circlesAreWhole() throws {
    let files = [
      ("R/A", "struct A { var b: B }"), ("R/B", "struct B { var c: C }"),
      ("R/C", "struct C { var a: [A] }"), ("R/D", "struct D { var a: A }"),
      ("R/E", "struct E { var f: F }"), ("R/F", "struct F { var e: [E] }"), ("Q/A", "struct A {}"),
    ].map { SourceFile(path: "Sources/\($0.0).swift", text: $0.1) }
    let rooms = Circles.all(of: files)
    #expect(rooms.map(\.room) == ["Q", "R"])
    #expect(rooms.map(\.largest) == [1, 3])
    #expect(rooms[1].circles == [["A.swift", "B.swift", "C.swift"], ["E.swift", "F.swift"]])
  }

  @Test func bodiesAreMeasured() {
    let text = """
      struct S {
        func f(
          _ g: () -> Int = { 3 }
        ) {
          if true { print("}") }
        }
        var p: Int {
          3
        }
      }
      """
    let bodies = SourceFile(path: "Sources/R/A.swift", text: text).bodies
    #expect(bodies.map(\.name) == ["f", "p"])
    #expect(bodies.map(\.lines) == [2...6, 7...9])
  }
}
