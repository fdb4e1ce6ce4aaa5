/// What differs between two values, in a line or two; nil when they are equal. Of texts it is the first
/// line, of lists the first element, of values the first part that is not the same: a failing
/// expectation prints this instead of both values.
public func difference<Value: Equatable>(_ got: Value, _ wanted: Value) -> String? {
  guard got != wanted else { return nil }
  if let got = got as? String, let wanted = wanted as? String {
    return difference(ofLines: got, wanted)
  }
  return difference(ofParts: got, wanted, path: "") ?? "equal in every part, but not equal"
}

/// The first line that differs.
private func difference(ofLines got: String, _ wanted: String) -> String {
  let got = got.split(separator: "\n", omittingEmptySubsequences: false)
  let wanted = wanted.split(separator: "\n", omittingEmptySubsequences: false)
  for number in 0..<max(got.count, wanted.count) {
    let now = number < got.count ? brief("\(got[number])") : "(no line)"
    let then = number < wanted.count ? brief("\(wanted[number])") : "(no line)"
    if number >= got.count || number >= wanted.count || got[number] != wanted[number] {
      return "line \(number + 1)\n  got:    \(now)\n  wanted: \(then)"
    }
  }
  return "the lines are equal, their ends are not"
}

/// The first part that differs, by its path.
private func difference(ofParts got: Any, _ wanted: Any, path: String) -> String? {
  let (now, then) = (Mirror(reflecting: got), Mirror(reflecting: wanted))
  let (parts, others) = (Array(now.children), Array(then.children))
  let isList = now.displayStyle == .collection
  if parts.isEmpty || now.displayStyle == .set || now.displayStyle == .dictionary
    || parts.count != others.count && !isList || parts.first?.label != others.first?.label
  {
    let (got, wanted) = ("\(got)", "\(wanted)")
    if got == wanted { return nil }
    return "\(path.isEmpty ? "" : path + ": ")\(brief(got)), wanted \(brief(wanted))"
  }
  for (number, (part, other)) in zip(parts, others).enumerated() {
    let step = isList ? "[\(number)]" : "." + (part.label ?? "\(number)")
    if let found = difference(ofParts: part.value, other.value, path: path + step) {
      return found
    }
  }
  guard parts.count != others.count else { return nil }
  let more = (parts.count > others.count ? parts : others)[min(parts.count, others.count)].value
  return """
    \(path).count: \(parts.count), wanted \(others.count); \
    the first \(parts.count > others.count ? "too many" : "missing"): \(brief("\(more)"))
    """
}

/// A text that fits on two lines.
private func brief(_ text: String) -> String {
  text.count <= 160 ? text : "\(text.prefix(157))…"
}
