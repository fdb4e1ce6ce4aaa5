public import JSON
import KernelHistory
public import KernelLog

extension Report {
  /// The report as one JSON object; absent fields are null. Keys: era, direction, object, cache, detail,
  /// address, offset, size, complete, line, then line_number, byte_offset, eras (id, first, last, reason),
  /// bug_file, bug_line, release, command, call_trace; then basis (what all of these rest on), copier and frames
  /// (function, offset, length, module, place, inline, checker), pid, cpu, taint, hardware, and with a basis each
  /// architecture, kernel, object_size, place and causes.
  public var json: JSONValue {
    let assessment = Assessment(self)
    return JSONValue(
      [
        ("era", JSONValue(era)), ("direction", JSONValue(direction?.rawValue)),
        ("object", JSONValue(object)), ("cache", JSONValue(cache)), ("detail", JSONValue(detail)),
        ("address", JSONValue(address)), ("offset", JSONValue(offset)), ("size", JSONValue(size)),
        ("complete", .bool(complete)), ("line", .string(line)),
        ("line_number", JSONValue(lineNumber)), ("byte_offset", JSONValue(byteOffset)),
        ("eras", .array(eraGuesses.map(\.json))), ("bug_file", JSONValue(aftermath.bugFile)),
        ("bug_line", JSONValue(aftermath.bugLine)), ("release", JSONValue(aftermath.release)),
        ("command", JSONValue(aftermath.command)), ("call_trace", JSONValue(aftermath.callTrace)),
        ("basis", .string(Basis.known.rawValue)), ("copier", copier),
        ("frames", .array(aftermath.frames.map { $0.json(isForeign: nil) })),
        ("pid", JSONValue(aftermath.pid)), ("cpu", JSONValue(aftermath.cpu)),
        ("taint", JSONValue(aftermath.taint)), ("hardware", JSONValue(aftermath.hardware)),
        ("architecture", architecture), ("kernel", EraConclusion(self).json),
        ("object_size", assessment.bounds.map(\.json) ?? .null), ("place", assessment.place),
        ("causes", .array(assessment.causes.map(\.json))),
      ])
  }

  private var copier: JSONValue {
    guard let copier = aftermath.copier else { return .null }
    return copier.json(
      isForeign: copier.module.map { aftermath.foreignModules.contains($0) } ?? false,
      aftermath.traceBasis)
  }

  private var architecture: JSONValue {
    guard let machine = aftermath.machine else { return .null }
    return JSONValue([
      ("name", .string(machine.rawValue)), ("word_bits", JSONValue(machine.wordBits)),
      ("basis", .string(Basis.concluded.rawValue)),
    ])
  }
}

extension TraceFrame {
  /// The frame; with whether its module is foreign, it is told as a copier, on a basis.
  func json(isForeign: Bool?, _ basis: Basis = .known) -> JSONValue {
    var fields: [(String, JSONValue)] = [
      ("function", .string(function)), ("offset", JSONValue(offset)), ("length", JSONValue(length)),
      ("module", JSONValue(module)), ("place", JSONValue(place)), ("inline", .bool(isInline)),
      ("checker", .bool(role == .checker)),
    ]
    if let isForeign {
      fields += [("out_of_tree", .bool(isForeign)), ("basis", .string(basis.rawValue))]
    }
    return JSONValue(fields)
  }
}

extension EraConclusion {
  fileprivate var json: JSONValue {
    JSONValue([
      ("release", JSONValue(release)), ("patch", JSONValue(patch)),
      (
        "spans",
        .array(
          spans.map {
            JSONValue([
              ("first", .string($0.first.description)), ("last", JSONValue($0.last?.description)),
            ])
          })
      ),
      ("backported", .array(backported.map(\.json))), ("basis", .string(basis.rawValue)),
    ])
  }
}

extension ObjectSize {
  fileprivate var json: JSONValue {
    JSONValue([
      ("least", JSONValue(least)), ("most", JSONValue(most)), ("basis", .string(basis.rawValue)),
    ])
  }
}

extension Assessment {
  fileprivate var place: JSONValue {
    guard inside != nil || outside != nil || leastOffset != nil || stackOffset != nil else {
      return .null
    }
    return JSONValue([
      ("offset", JSONValue(offset)), ("least_offset", JSONValue(leastOffset)),
      ("inside", JSONValue(inside)), ("outside", JSONValue(outside)),
      ("stack_offset", JSONValue(stackOffset)),
      ("basis", .string(Basis.concluded.rawValue)),
    ])
  }
}

extension BugCause {
  fileprivate var json: JSONValue {
    JSONValue([
      ("kind", .string(kind.rawValue)), ("if_at_least", JSONValue(needsLeast)),
      ("if_less_than", JSONValue(needsLess)), ("basis", .string(basis.rawValue)),
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
