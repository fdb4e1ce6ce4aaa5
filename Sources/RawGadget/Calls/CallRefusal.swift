public import USB

/// A call that was refused: which check refused it and with what error.
public struct CallRefusal: Error, Equatable, Sendable {
  /// The check that refused it.
  public var check: CallCheck
  /// The error the program gets.
  public var errno: Errno
  /// What is wrong with descriptors, where ``check`` is `descriptors`.
  public var fault: GadgetFSCheck?

  init(_ check: CallCheck, _ errno: Errno) {
    (self.check, self.errno) = (check, errno)
  }

  /// Descriptors written to GadgetFS are refused with EINVAL.
  init(descriptors fault: GadgetFSCheck) {
    (check, errno, self.fault) = (.descriptors, .EINVAL, fault)
  }

  /// The class recordings of the driver tell, such as `state-not-running` or `udc-queue:-108`; nil where
  /// the driver leaves no debug message.
  public var recorded: String? { check.recorded.map(detailed) }

  /// The reason as one stable word: the recorded class, else the name of the check.
  public var name: String { recorded ?? check.rawValue }

  private func detailed(_ word: String) -> String {
    if check.passesErrorOn { return "\(word):\(errno.negated)" }
    return fault.map { "\(word):\($0.text)" } ?? word
  }
}
