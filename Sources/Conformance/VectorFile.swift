public import JSON
import Usercopy

/// One line of a vector file, replayed.
public struct VectorResult: Sendable {
  /// The name of the vector in its file.
  public var id: String
  /// The group of vectors it is counted in.
  public var group: String
  /// The policy it names: an era, or a version of the driver.
  public var policy: String
  /// What differed; empty when the line passed.
  public var mismatches: [Mismatch]

  /// Nothing differed.
  public var passed: Bool { mismatches.isEmpty }
}

/// Replays vector lines of every kind, told apart by their `policy`.
public enum VectorFile {
  /// Replays one line. Lines that are no vectors come back as a mismatch that says why.
  public static func replay(_ line: some Sequence<UInt8>) -> VectorResult {
    let vector: JSONValue
    do { vector = try JSONValue(parsing: line) } catch {
      return VectorResult(
        id: "?", group: "?", policy: "?",
        mismatches: [
          Mismatch(
            place: "byte \(error.offset)", expected: "one JSON object a line",
            got: "\(error.reason)")
        ])
    }
    return replay(vector)
  }

  /// Whether a line tells of something that was done and what came of it: a copy, a run of a kernel's own test, a
  /// session of the gadget. Descriptions of caches and the like are no vectors.
  public static func isVector(_ line: JSONValue) -> Bool {
    line["policy"] != nil || line["hcd"] != nil || UsercopyLKDTMReplay.recognises(line)
      || UsercopyVerdictReplay.recognises(line)
  }

  /// Replays one vector.
  public static func replay(_ vector: JSONValue) -> VectorResult {
    var result = VectorResult(
      id: vector["id"]?.string ?? "?", group: vector["group"]?.string ?? "?",
      policy: vector["policy"]?.string ?? "?", mismatches: [])
    if vector["hcd"] != nil {
      result.mismatches = GadgetReplay.check(vector)
    } else if UsercopyLKDTMReplay.recognises(vector) {
      result = UsercopyLKDTMReplay.replay(vector)
    } else if UsercopyVerdictReplay.recognises(vector) {
      result = UsercopyVerdictReplay.replay(vector)
    } else if Era.policy(result.policy)?.family == .linux {
      do throws(UsercopyHardenedReplay.Failure) {
        result.mismatches = try UsercopyHardenedReplay.check(vector)
      } catch { result.mismatches = [incomplete("\(error)")] }
    } else {
      do throws(UsercopyRFCReplay.Failure) {
        result.mismatches = try UsercopyRFCReplay.check(vector)
      } catch { result.mismatches = [incomplete("\(error)")] }
    }
    return result
  }

  private static func incomplete(_ why: String) -> Mismatch {
    Mismatch(place: "vector", expected: "a complete vector", got: why)
  }
}

extension VectorResult {
  /// Replays a recording of the host's drivers.
  public init(_ recording: DriverRecording) {
    self.init(
      id: recording.name, group: "drivers", policy: recording.policy,
      mismatches: DriverReplay.check(recording))
  }
}
