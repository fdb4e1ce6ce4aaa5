/// What the follow protocol's reader throws.
enum BadInput: Error {
  case session(SessionProblem)
}

/// What is wrong with a session that is followed.
enum SessionProblem {
  case notOurs
  case otherVersion(Int, own: Int)
  case full(Int)
}
