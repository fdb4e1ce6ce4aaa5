public import JSON
public import KernelLog

extension Neighbour {
  /// The message as one JSON object; absent fields are null. Keys: kind, finding, function, access, size,
  /// object_size, unwritten (first and last byte), cache, field, place, address, line, line_number, byte_offset, basis (what these rest on), caller and
  /// frames (as in reports), release, command, pid, taint, statements (basis and text) and lesson.
  public var json: JSONValue {
    let isConcluded = kind == .userAccess && finding == nil
    return JSONValue([
      ("kind", .string(kind.rawValue)), ("finding", JSONValue(finding)),
      ("function", JSONValue(function)), ("access", JSONValue(access?.rawValue)),
      ("size", JSONValue(size)), ("object_size", JSONValue(objectSize)),
      (
        "unwritten",
        unwritten.map { .array([JSONValue($0.lowerBound), JSONValue($0.upperBound)]) } ?? .null
      ),
      ("cache", JSONValue(cache)), ("field", JSONValue(field)), ("place", JSONValue(place)),
      ("address", JSONValue(address)), ("line", .string(line)),
      ("line_number", JSONValue(lineNumber)), ("byte_offset", JSONValue(byteOffset)),
      ("basis", .string((isConcluded ? Basis.concluded : .known).rawValue)), ("caller", callerJSON),
      ("frames", .array(aftermath.frames.map { $0.json(isForeign: nil) })),
      ("release", JSONValue(aftermath.release)), ("command", JSONValue(aftermath.command)),
      ("pid", JSONValue(aftermath.pid)), ("taint", JSONValue(aftermath.taint)),
      ("statements", .array(NeighbourWords.statements(self).map(\.json))),
      ("lesson", .string(NeighbourWords.lesson(self))),
    ])
  }

  private var callerJSON: JSONValue {
    guard let caller else { return .null }
    return caller.json(
      isForeign: caller.module.map { aftermath.foreignModules.contains($0) } ?? false)
  }
}
