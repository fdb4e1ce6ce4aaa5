import Foundation
import KernelLog
import Narration
import Testing
import USB

/// Public captures and what a packet analyser reads in them.
@Suite struct CaptureCaseTests {
  static func bytes(_ file: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Sample.directory.appending(path: "cases/\(file)")))
  }

  /// The capture of a file; pieces of any size change nothing.
  static func capture(_ file: String) throws -> Capture {
    let bytes = try bytes(file)
    let whole = try Capture(reading: bytes)
    for size in [1, 7, 100, 4096] {
      var reader = CaptureReader()
      var start = 0
      while start < bytes.count {
        try reader.read(bytes[start..<min(bytes.count, start + size)])
        start += size
      }
      #expect(try reader.finish() == whole, "\(file) in pieces of \(size)")
    }
    return whole
  }

  @Test func usbmonTextMayBeQuoted() throws {
    let capture = try Self.capture("usbmon-quoted.txt")
    #expect(capture.devices.map { "\($0.bus):\($0.address)" } == ["1:7", "3:4"])
    #expect(capture.devices.allSatisfy { $0.controls.count == 1 && $0.controls[0].status == 0 })
  }

  @Test func aMarkInFrontOfTheTextIsNoPartOfIt() throws {
    let first = try #require(try Self.capture("usbmon-bom.txt").devices.first?.controls.first)
    #expect(first.setup == SetupPacket(0xA1, 3, value: 0, index: 5, length: 16))
    #expect(first.status == -2)
  }

  @Test func aFileCutShortIsReadToItsEnd() throws {
    let capture = try Self.capture("truncated.pcapng")
    let events = capture.devices.flatMap(\.exchanges).map {
      ($0.submitted == nil ? 0 : 1) + ($0.completed == nil ? 0 : 1)
    }
    #expect(events.reduce(0, +) == 46)
    #expect(capture.cutOffset != nil)
    #expect(CaptureWords.text(capture).contains("The file ends inside a packet"))
  }

  @Test func capturesOfWindowsAreRead() throws {
    let device = try #require(try Self.capture("usbpcap.pcapng").devices.first)
    #expect(device.controls.count == 3 && device.controls.allSatisfy { $0.status == 0 })
    #expect(device.controls[0].data.starts(with: [0x12, 0x01, 0x00, 0x02]))
    #expect(device.controls[1].data.count == 84)
    #expect(device.controls[2].setup?.bRequest == 9)
  }

  /// Tokens, data and handshakes of a bus are put together to what was asked and answered.
  @Test(arguments: [UInt32(288), 293, 294, 295])
  func packetsOfABusBecomeTransfers(link: UInt32) throws {
    let packets: [[UInt8]] = [
      [0xA5, 0x12, 0x34], [0x2D, 0x05, 0x00],
      [0xC3, 0x80, 0x06, 0x00, 0x01, 0x00, 0x00, 0x12, 0x00, 0xE0, 0xF4], [0xD2],
      [0x69, 0x05, 0x00], [0x5A], [0x69, 0x05, 0x00], [0x4B, 1, 2, 3, 0, 0], [0xD2],
      [0xE1, 0x05, 0x00], [0x4B, 0, 0], [0xD2],
      [0x69, 0x85, 0x00], [0xC3, 9, 8, 0, 0], [0xD2],
      [0xE1, 0x05, 0x01], [0xC3, 7, 0, 0], [0x1E],
    ]
    var file: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0]
    file += [UInt8](repeating: 0, count: 8) + [0xFF, 0xFF, 0, 0, UInt8(link & 0xFF), 1, 0, 0]
    for packet in packets {
      file += [1, 0, 0, 0, 5, 0, 0, 0, UInt8(packet.count), 0, 0, 0, UInt8(packet.count), 0, 0, 0]
      file += packet
    }
    let device = try #require(try Capture(reading: file).devices.first)
    #expect(device.address == 5)
    #expect(device.controls.map(\.data) == [[1, 2, 3]] && device.controls[0].status == 0)
    #expect(device.transfers.map(\.status) == [0, -32])
    #expect(device.transfers.map(\.isIn) == [true, false] && device.transfers[0].data == [9, 8])
    #expect(device.transfers.map(\.endpoint) == [1, 2])
  }
}
