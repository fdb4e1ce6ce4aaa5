/// A choice of how a real kernel was built or booted, which its verdicts can hang on.
public enum BuildFact: String, Sendable, Hashable, CaseIterable {
  /// It checks copies at all (`CONFIG_HARDENED_USERCOPY`, `hardened_usercopy=`).
  case checks = "hardened-usercopy"
  /// A copy outside the window only warns (`CONFIG_HARDENED_USERCOPY_FALLBACK`, 4.16 to 5.15).
  case fallback = "usercopy-fallback"
  /// Frames are chained by saved pointers (`CONFIG_FRAME_POINTER`).
  case framePointer = "frame-pointer"
  /// Which release it is.
  case release
  /// Where its code lies.
  case text

  /// A machine where the choice is the other one; nil where there are more than two.
  func turned(_ configuration: Configuration) -> Configuration? {
    var other = configuration
    switch self {
    case .checks: other.hardenedUsercopy.toggle()
    case .fallback: other.usercopyFallback.toggle()
    case .framePointer: other.framePointer.toggle()
    case .release, .text: return nil
    }
    return other
  }
}
