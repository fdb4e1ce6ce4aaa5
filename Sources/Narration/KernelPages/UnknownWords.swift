public import Usercopy

/// What a verdict hangs on and is not known, in words.
public enum UnknownWords {
  /// One line a fact, with what is assumed in its place.
  public static func lines(_ facts: [UnknownFact], _ machine: Configuration) -> [String] {
    facts.map { "not known: " + line($0, machine) }
  }

  /// The same in a few words, for a verdict's own line; nil where all is known.
  public static func brief(_ facts: [UnknownFact]) -> String? {
    guard let first = facts.first else { return nil }
    return "hangs on what is not known: " + word(first)
      + (facts.count > 1 ? " and \(facts.count - 1) more" : "")
  }

  /// The sign of a verdict that hangs on something.
  public static let sign = "?"

  private static func line(_ fact: UnknownFact, _ machine: Configuration) -> String {
    switch fact {
    case .page(let address):
      "what lies at \(ValueWords.address(address, machine.wordSize)); the verdict is as if the page "
        + "served nothing"
    case .window(let cache):
      "which bytes of \(cache) may be copied; the verdict is as if all could"
    case .build(.checks):
      "whether the kernel checks copies; the verdict is as if it "
        + (machine.hardenedUsercopy ? "did" : "did not")
    case .build(.fallback):
      "whether a copy outside the window is only warned of (usercopy_fallback); the verdict is as if it "
        + (machine.usercopyFallback ? "were" : "were not")
    case .build(.framePointer):
      "whether frames are chained by saved pointers; the verdict is as if they "
        + (machine.framePointer ? "were" : "were not")
    case .build(.release): "which release it is; the verdict is that of \(machine.release)"
    case .build(.text):
      "where the kernel's code lies; the verdict is as if it lay at the usual place"
    }
  }

  private static func word(_ fact: UnknownFact) -> String {
    switch fact {
    case .page: "the page"
    case .window: "the window"
    case .build(.checks): "whether copies are checked"
    case .build(.fallback): "usercopy_fallback"
    case .build(.framePointer): "frame pointers"
    case .build(.release): "the release"
    case .build(.text): "where the code lies"
    }
  }
}
