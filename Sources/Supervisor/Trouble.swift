/// What keeps a program's calls from being followed although it runs.
public enum Trouble: Sendable, Equatable {
  /// A program for another processor mode, as 32-bit ones are, names the device.
  case foreign
  /// Its memory cannot be read, for that error number of `process_vm_readv(2)`.
  case unreadable(Int32)
}
