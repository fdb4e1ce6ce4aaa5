public import Usercopy

/// What is said of eras.
public enum EraWords {
  /// How the era's rules came to be known, at length and in a word or two.
  public static func provenance(_ era: Era) -> (long: String, brief: String) {
    switch era.provenance {
    case .recorded: ("recorded from running kernels", "recorded")
    case .proven: ("proven against its source, compiled", "proven by source")
    case .dated: ("known by the dates of its changes", "by its changes")
    case .proposed: ("a proposal that no kernel has", "proposal")
    }
  }
}
