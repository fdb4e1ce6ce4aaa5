public import Grid

/// What a screen waits for.
public enum Input: Hashable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// The mouse was used.
  case mouse(Mouse)
  /// The terminal has another size, in columns and rows.
  case resize(width: Int, height: Int)
  /// Text was pasted; its lines end with newlines.
  case paste(String)
  /// A signal asks the program to end (SIGTERM, SIGINT, SIGHUP, SIGQUIT), or the terminal is gone (SIGHUP).
  case end(signal: Int32)
  /// C-c was typed: the terminal makes the signal SIGINT of it. One that a process sent is an `end`.
  case interrupt
  /// The terminal has told whether its background is a light one.
  case background(isLight: Bool)
  /// A descriptor that the caller waits for is ready.
  case wake(descriptor: Int32)
  /// Nothing happened within the time given.
  case tick
}
