import Foundation

/// The system's words for what went wrong.
enum SystemError {
  static func words(_ number: Int32) -> String { String(cString: strerror(number)) }
}
