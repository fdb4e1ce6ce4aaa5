import Foundation
import KernelLog
import Narration
import RawGadget
import Simulation
import Testing

/// Captures that began late, or that tell less than they seem to, as scenarios.
@Suite struct CaptureCaseTests {
  static func script(_ file: String, address: UInt8? = nil) throws -> Script {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "KernelLogTests/Data/cases/\(file)")
    let capture = try Capture(reading: Array(Data(contentsOf: path)))
    return try #require(CaptureScene.script(capture, address: address))
  }

  static func calls(_ script: Script) -> [RawIoctl] {
    script.steps.compactMap { step in
      if case .ioctl(let call) = step.action { call.request.call } else { nil }
    }
  }

  /// A capture begun in mid-session lacks the configuration: one is made of the traffic, and the traffic played.
  @Test func aGapIsNoRefusal() throws {
    let script = try Self.script("mid-session.pcapng")
    let calls = Self.calls(script)
    #expect(!calls.contains(.ep0Stall) || calls.contains(.epEnable))
    #expect(calls.contains(.configure))
    #expect(calls.contains(.epWrite) || calls.contains(.epRead))
    #expect(script.about.contains("assumed"))
  }

  @Test func eightBytesOnEndpointZeroAreNoLowSpeed() throws {
    let script = try Self.script("full-speed-8.pcapng", address: 22)
    let calls = Self.calls(script)
    #expect(calls.count { $0 == .epEnable } >= 2)
    #expect(calls.contains(.epWrite))
    let says = script.steps.map(\.say).joined(separator: "\n")
    #expect(says.contains("A full-speed device, concluded from"))
    #expect(!says.contains("no endpoint like"))
  }
}
