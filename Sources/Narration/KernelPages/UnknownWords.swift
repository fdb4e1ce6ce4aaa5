public import Usercopy

/// What a verdict hangs on and is not known, in words.
public enum UnknownWords {
  /// One line a fact.
  public static func lines(_ facts: [UnknownFact], _ kernel: Kernel) -> [String] {
    facts.map { fact in
      switch fact {
      case .page(let address):
        "not known: what lies at \(ValueWords.address(address, kernel.configuration.wordSize)); "
          + "the verdict is as if the page served nothing"
      case .window(let cache):
        "not known: which bytes of \(cache) may be copied; the verdict is as if all could"
      }
    }
  }
}
