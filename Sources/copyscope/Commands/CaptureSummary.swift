import ArgumentParser
import KernelLog
import Narration

/// `copyscope capture`: what a bus capture shows.
struct CaptureSummary: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture", abstract: "Show the devices and conversations of a USB bus capture.",
    discussion: "Reads usbmon text and pcap or pcapng captures of usbmon (link types 189 and 220).")

  @Argument(help: "The capture; '-' for standard input.")
  var file: String

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func run() throws {
    let capture = try CaptureInput.read(file)
    switch format {
    case .text: try Output.line(CaptureWords.text(capture))
    case .json: try Output.line(CaptureWords.json(capture))
    }
  }
}

/// Reads captures, their errors as bad input.
enum CaptureInput {
  static func read(_ file: String) throws -> Capture {
    let bytes = try InputFile.bytes(of: file)
    do throws(KernelLogError) { return try Capture(reading: bytes) } catch {
      throw BadInput("\(FileName.shown(file)): \(words(error))")
    }
  }

  /// What is wrong with a capture, in words.
  static func words(_ error: KernelLogError) -> String {
    switch error {
    case .unknownFormat: "is neither usbmon text nor a pcap or pcapng capture"
    case .truncated(let offset, let needed, let available):
      "ends at byte \(offset + available), where \(needed) bytes from \(offset) on belong"
    case .badLength(let offset, let value): "byte \(offset): the length \(value) cannot be true"
    case .badValue(let offset, let value): "byte \(offset): the value \(value) means nothing"
    case .unsupportedLinkType(let offset, let type):
      "byte \(offset): link type \(type) is not usbmon's (189 or 220)"
    case .unknownInterface(let offset, let index):
      "byte \(offset): interface \(index) was not described"
    case .badLine(let field): "field \(field) of a line does not fit"
    case .badHeader: "its first line is not the one expected"
    }
  }
}
