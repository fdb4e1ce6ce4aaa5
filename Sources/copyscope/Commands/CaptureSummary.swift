import ArgumentParser
import JSON
import KernelLog
import Narration
import Scenario
import Simulation
import Terminal
import Text

/// `copyscope capture`: what a bus capture shows, and a scenario made of it.
struct CaptureSummary: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.capture.rawValue,
    abstract: "Show the devices and conversations of a USB bus capture.",
    discussion: """
      Reads usbmon text, also quoted or compressed, and pcap or pcapng captures of usbmon (link types 189 and
      220), USBPcap (249) and USB 2.0 bus analysers (288, 293 to 295). Other forms are named, with
      what to capture instead. With --open or --save a device becomes a scenario: its answers are the gadget's, the host's
      requests the host's.
      """)

  @Argument(help: "The capture; '-' for standard input.", completion: .file())
  var file: String

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Flag(help: "Open the inspector on a device's conversation.")
  var open = false

  @Option(help: "Only this device: its address, or BUS:ADDRESS.")
  var device: String?

  @Option(help: "Write the device's scenario to this file.", completion: .file())
  var save: String?

  @OptionGroup var inspector: InspectorOptions

  func run() throws {
    let capture = try CaptureInput.read(file)
    let wanted = try wantedDevice()
    if open || save != nil { return try show(capture, wanted) }
    func isWanted(_ device: Capture.Device) -> Bool {
      guard let wanted else { return true }
      return device.address == wanted.address && (wanted.bus ?? device.bus) == device.bus
    }
    guard wanted == nil || capture.devices.contains(where: isWanted) else {
      throw unknown(capture.devices.map { "\($0.bus):\($0.address)" })
    }
    switch format {
    case .text: try Output.line(CaptureWords.text(capture, where: isWanted))
    case .json: try Output.line(CaptureJSON.value(capture, where: isWanted).spacedText)
    }
  }

  private func unknown(_ known: [String]) -> BadInput {
    BadInput.option("device", .unknownDevice(device ?? "", known: known))
  }

  private func show(_ capture: Capture, _ wanted: (bus: UInt16?, address: UInt8)?) throws {
    let devices = CaptureScene.devices(capture)
    if devices.isEmpty {
      throw BadInput.file(file, .noDevice)
    }
    if let wanted,
      capture.devices.contains(where: {
        $0.address == wanted.address && (wanted.bus ?? $0.bus) == $0.bus
      }),
      !devices.contains(where: {
        $0.addresses.contains(wanted.address) && (wanted.bus ?? $0.bus) == $0.bus
      })
    {
      throw BadInput.option("device", .hubWithoutBeginning(device ?? ""))
    }
    guard let script = CaptureScene.script(capture, bus: wanted?.bus, address: wanted?.address)
    else {
      throw unknown(devices.flatMap { device in device.addresses.map { "\(device.bus):\($0)" } })
    }
    if let save { try SavedScript.write(script, as: save) }
    guard open else { return }
    var inspection = try inspector.inspection(script)
    try inspection.run(usesMouse: true)
  }

  /// What `--device` names.
  private func wantedDevice() throws -> (bus: UInt16?, address: UInt8)? {
    guard let device else { return nil }
    let parts = device.split(separator: ":", omittingEmptySubsequences: false)
    let bus = parts.count == 2 ? UInt16(parts[0]) : nil
    guard parts.count == 1 || (parts.count == 2 && bus != nil), let last = parts.last,
      let address = UInt8(last), (0...127).contains(address)
    else {
      throw BadInput.option("device", .notAddress(device))
    }
    return (bus, address)
  }
}

/// Reads captures, their errors as bad input.
enum CaptureInput {
  static func read(_ file: String) throws -> Capture {
    var reader = CaptureReader()
    do {
      try PackedFile.chunks(of: file) { chunk in try reader.read(chunk) }
      return try reader.finish()
    } catch let error as KernelLogError {
      throw BadInput.file(file, .capture(error))
    }
  }
}
