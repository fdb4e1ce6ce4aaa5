public import JSON
import KernelHistory
public import KernelLog

extension Report {
  /// The report as one JSON object; absent fields are null. Keys: era, direction, object, cache, detail,
  /// address, offset, size, complete, line, then line_number, byte_offset, eras (id, first, last, reason),
  /// bug_file, bug_line, release, command, call_trace.
  public var json: JSONValue {
    JSONValue([
      ("era", JSONValue(era)), ("direction", JSONValue(direction?.rawValue)),
      ("object", JSONValue(object)), ("cache", JSONValue(cache)), ("detail", JSONValue(detail)),
      ("address", JSONValue(address)), ("offset", JSONValue(offset)), ("size", JSONValue(size)),
      ("complete", .bool(complete)), ("line", .string(line)),
      ("line_number", JSONValue(lineNumber)), ("byte_offset", JSONValue(byteOffset)),
      ("eras", .array(eraGuesses.map(\.json))), ("bug_file", JSONValue(aftermath.bugFile)),
      ("bug_line", JSONValue(aftermath.bugLine)), ("release", JSONValue(aftermath.release)),
      ("command", JSONValue(aftermath.command)), ("call_trace", JSONValue(aftermath.callTrace)),
    ])
  }
}

extension EraGuess {
  fileprivate var json: JSONValue {
    JSONValue([
      ("id", JSONValue(id)), ("first", JSONValue(first?.description)),
      ("last", JSONValue(last?.description)),
      ("reason", JSONValue(reason.text)),
    ])
  }
}
