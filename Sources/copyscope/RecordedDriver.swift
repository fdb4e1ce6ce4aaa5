import Conformance
import Foundation
import JSON
import Narration
import Text
import USB

/// The files of a recording of the host's drivers: the log of a program's calls, `NAME.ioctls.jsonl`, and what
/// stands beside it under the same name.
enum RecordedDriver {
  static let ending = ".ioctls.jsonl"
  private static let limit = 64 << 20

  /// Reads a recording. Files that are not there are not compared with.
  static func read(_ path: String) throws -> DriverRecording {
    let file = URL(filePath: path)
    let name = String(file.lastPathComponent.dropLast(ending.count))
    let folder = file.deletingLastPathComponent()
    let parent = folder.appending(path: "..")
    let isNew = folder.standardizedFileURL.lastPathComponent == "6.18-driver"
    let main = isNew ? parent : folder
    var recording = DriverRecording(
      name: name, policy: isNew ? "linux-6.18-driver" : "linux-6.1", calls: try lines(path))
    let actions = main.appending(path: name + ".actions.jsonl").path
    if exists(actions) { recording.actions = try lines(actions) }
    recording.actionsAreAnotherRuns = isNew
    let log = folder.appending(path: name + ".host.log").path
    if exists(log) {
      let text = try InputFile.text(of: log, limit: limit)
      recording.log = text.split(separator: "\n").map(String.init)
    }
    let monitor = folder.appending(path: name + ".usbmon.txt").path
    if exists(monitor) {
      recording.transfers =
        UsbmonText.read(try InputFile.bytes(of: monitor, limit: limit)).transfers
    }
    let manifest = main.appending(path: "MANIFEST.json").path
    if exists(manifest) {
      let bytes = try InputFile.bytes(of: manifest, limit: limit)
      do throws(JSONError) { recording.manifest = try JSONValue(parsing: bytes)[name] } catch {
        throw BadInput.file(manifest, .notJSONAt(error))
      }
    }
    return recording
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  private static func lines(_ path: String) throws -> [JSONValue] {
    var values: [JSONValue] = []
    var number = 0
    try InputFile.lines(of: path) { line in
      number += 1
      guard line.contains(where: { $0 != UInt8(ascii: " ") }) else { return }
      do throws(JSONError) { values.append(try JSONValue(parsing: line)) } catch {
        throw BadInput.file(path, .notJSON(line: number, error))
      }
    }
    return values
  }
}
