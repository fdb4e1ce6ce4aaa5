/// What a story has no room for one more of: as many are in it.
public enum Fullness: Sendable, Equatable {
  /// Threads of the program and of the host.
  case threads(Int)
  /// Open files of the device.
  case files(Int)
}
