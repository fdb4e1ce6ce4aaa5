public import Escaping
import KernelHistory

extension Report {
  /// The report as one JSON object on one line; absent fields are null. Keys: era, direction,
  /// object, cache, detail, address, offset, size, complete, line, then line_number, byte_offset,
  /// eras (id, first, last, reason), bug_file, bug_line, release, command, call_trace.
  public var json: String {
    var writer = JSONWriter()
    writer.openObject()
    writeFields(to: &writer)
    writer.closeObject()
    return writer.text
  }

  /// Writes the keys of `json` into an object that is open.
  public func writeFields(to writer: inout JSONWriter) {
    let texts: [(String, String?)] = [
      ("era", era), ("direction", direction?.rawValue), ("object", object), ("cache", cache),
      ("detail", detail), ("address", address),
    ]
    for (name, text) in texts {
      writer.key(name)
      writer.value(text)
    }
    for (name, number) in [("offset", offset), ("size", size)] {
      writer.key(name)
      writer.value(number)
    }
    writer.key("complete")
    writer.value(complete)
    writer.key("line")
    writer.value(line)
    writer.key("line_number")
    writer.value(lineNumber)
    writer.key("byte_offset")
    writer.value(byteOffset)
    writeContext(to: &writer)
  }

  private func writeContext(to writer: inout JSONWriter) {
    writer.key("eras")
    writer.openArray()
    for guess in eraGuesses {
      writer.openObject()
      let texts = [
        ("id", guess.id), ("first", guess.first?.description), ("last", guess.last?.description),
      ]
      for (name, text) in texts + [("reason", guess.reason.text)] {
        writer.key(name)
        writer.value(text)
      }
      writer.closeObject()
    }
    writer.closeArray()
    writer.key("bug_file")
    writer.value(aftermath.bugFile)
    writer.key("bug_line")
    writer.value(aftermath.bugLine)
    writer.key("release")
    writer.value(aftermath.release)
    writer.key("command")
    writer.value(aftermath.command)
    writer.key("call_trace")
    writer.openArray()
    for name in aftermath.callTrace { writer.value(name) }
    writer.closeArray()
  }
}

extension Assessment {
  /// Writes the keys object_size, object_offset, inside, outside, offset_is_derived,
  /// suspicious_size, suspicious_offset and kind into an object that is open.
  public func writeFields(to writer: inout JSONWriter) {
    let numbers = [
      ("object_size", objectSize), ("object_offset", offset), ("inside", inside),
      ("outside", outside),
    ]
    for (name, number) in numbers {
      writer.key(name)
      writer.value(number)
    }
    writer.key("offset_is_derived")
    writer.value(offsetIsDerived)
    let suspicions = [
      ("suspicious_size", suspiciousSize), ("suspicious_offset", suspiciousOffset),
    ]
    for (name, list) in suspicions {
      writer.key(name)
      writer.openArray()
      for suspicion in list { writer.value(suspicion.id) }
      writer.closeArray()
    }
    writer.key("kind")
    writer.value(kind.rawValue)
  }
}
