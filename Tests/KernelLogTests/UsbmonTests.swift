import KernelLog
import Support
import Testing

@Suite struct UsbmonTests {
  @Test func everyRecordedLineIsReproduced() {
    #expect(Fixture.usbmon.count > 100)
    for (name, text) in Fixture.usbmon {
      let contents = UsbmonText.read(Array(text.utf8))
      #expect(contents.badLines == [], "\(name)")
      let lines = text.split(separator: "\n").map(String.init)
      #expect(difference(contents.transfers.map(UsbmonText.line), lines) == nil, "\(name)")
    }
  }

  @Test(arguments: [
    "d5ea89a0 3575914555 S Ci:1:001:0 s a3 00 0000 0003 0004 4 <",
    "dd65f0e8 4128379752 S Bo:1:005:2 -115 31 = 55534243 5e000000 00000000 00000600 00000000",
    "ffff8800 10 S Zi:3:004:1 -115:1:0 8 -18:0:192 -18:192:192 1536 <",
    "ffff8800 10 C Zi:3:004:1 0:1:1604:2 8 0:0:192 -71:192:0 1536 = 0011",
    "ffff8800 10 S Co:1:001:0 Z __ __ ____ ____ ____ 2 >", "ffff8800 10 E Bi:1:001:2 -19 0",
    "ffff8800 10 C Ii:0:127:15 0:2048 3 = 010203",
  ])
  func otherFormsAreReproduced(_ line: String) throws {
    let transfer = try UsbmonText.transfer(Array(line.utf8)[...])
    #expect(UsbmonText.line(transfer) == line)
  }

  @Test func fieldsAreWhatTheySay() throws {
    let line = "ffff88 1080524027 S Ci:2:013:0 s a3 06 0102 0304 0004 4 <"
    let transfer = try UsbmonText.transfer(Array(line.utf8)[...])
    #expect(transfer.tag == 0xFFFF88 && transfer.timestamp == 1_080_524_027)
    #expect(transfer.bus == 2 && transfer.device == 13 && transfer.endpoint == 0)
    #expect(transfer.event == .submission && transfer.kind == .control && transfer.isIn)
    let packet = SetupPacket(
      bmRequestType: 0xA3, bRequest: 6, wValue: 0x102, wIndex: 0x304, wLength: 4)
    #expect(transfer.setup == .packet(packet))
    #expect(transfer.status == nil && transfer.length == 4)
    #expect(transfer.payload == .missing(UInt8(ascii: "<")))
  }

  @Test func badLinesAreNamedAndSkipped() {
    let text = """
      ffff88 1 S Ci:2:013:0 s a3 06 0102 0304 0004 4 <
      nonsense

      ffff88 2 X Ci:2:013:0 0 0
      ffff88 2 C Ci:2:300:0 0 0
      ffff88 2 C Ci:2:013:0 0 4 = 010
      ffff88 3 C Ci:2:013:0 0 4 = 01020304 extra
      ffff88 4 C Ci:2:013:0 0 4 = 01020304
      ffff88 99999999999999999999999 C Ci:2:013:0 0 0
      """
    let contents = UsbmonText.read(Array(text.utf8))
    #expect(contents.transfers.map(\.timestamp) == [1, 4])
    #expect(contents.badLines.map(\.number) == [2, 4, 5, 6, 7, 9])
    #expect(contents.badLines[1].error == .badLine(field: 3))
  }

  @Test func capturesOfAllFormatsAgree() throws {
    for (name, text) in Fixture.usbmon {
      let transfers = UsbmonText.read(Array(text.utf8)).transfers
      if transfers.isEmpty { continue }
      let expected = Capture(transfers)
      for isBigEndian in [false, true] {
        for size in [48, 64] {
          for format in CaptureWriter.Format.allCases {
            var writer = CaptureWriter(isBigEndian: isBigEndian, headerSize: size)
            let file = writer.file(transfers, format)
            #expect(try Capture(reading: file) == expected, "\(name) \(format)")
            if size == 64 { #expect(try CaptureFile.read(file) == transfers, "\(name) \(format)") }
          }
        }
      }
      #expect(try Capture(reading: Array(text.utf8)) == expected)
    }
  }

  @Test func isochronousSurvivesTheBinaryForm() throws {
    let lines = [
      "ffff8800 10 S Zi:3:004:1 -115:1:0 2 -18:0:192 -18:192:192 384 <",
      "ffff8800 10 C Zi:3:004:1 0:1:1604:1 2 0:0:192 -71:192:0 192 = 0011",
    ]
    let transfers = UsbmonText.read(Array(lines.joined(separator: "\n").utf8)).transfers
    for isBigEndian in [false, true] {
      var writer = CaptureWriter(isBigEndian: isBigEndian, headerSize: 64)
      #expect(try CaptureFile.read(writer.file(transfers, .pcapng)) == transfers)
    }
  }

  @Test func captureOfAnEnumeration() throws {
    let keyboard = try #require(
      Fixture.usbmon.first { $0.name == "keyboard-linux-6.1.usbmon.txt" })
    let capture = try Capture(reading: Array(keyboard.text.utf8))
    #expect(capture.devices.map(\.address) == [1, 2])
    let device = try #require(capture.devices.last)
    let descriptors = device.controls.filter { $0.setup?.bRequest == 6 && $0.status == 0 }
    #expect(descriptors.contains { $0.setup?.wValue == 0x100 && $0.data.starts(with: [18, 1]) })
    #expect(device.controls.contains { $0.address == 0 && $0.setup?.bRequest == 5 })
    #expect(device.transfers.contains { $0.kind == .interrupt && $0.isIn && $0.actual == 8 })
    #expect(!device.controls.contains { $0.completed == nil })
  }

  @Test func pendingAndHalfSeenURBsStay() {
    let text = """
      a1 10 C Bi:1:002:1 0 2 = 0102
      a2 20 S Bi:1:002:1 -115 512 <
      a3 30 S Bo:1:002:2 -115 40 = 0001
      a3 40 E Bo:1:002:2 -19 0
      """
    let exchanges = Capture(UsbmonText.read(Array(text.utf8)).transfers).devices[0].exchanges
    #expect(exchanges.map(\.submitted) == [nil, 20, 30])
    #expect(exchanges.map(\.status) == [0, nil, -19])
    #expect(exchanges.map(\.data) == [[1, 2], [], [0, 1]])
    #expect(exchanges.map(\.isDataCut) == [false, false, true])
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func hostileFilesGiveErrors(seed: UInt64) throws {
    var random = Seeded(state: seed)
    let text = try #require(Fixture.usbmon.first?.text)
    let transfers = Array(UsbmonText.read(Array(text.utf8)).transfers.prefix(12))
    for format in CaptureWriter.Format.allCases {
      var writer = CaptureWriter(isBigEndian: seed % 2 == 1, headerSize: seed % 4 < 2 ? 48 : 64)
      let file = writer.file(transfers, format)
      for length in stride(from: 0, to: file.count, by: 7) {
        let cut = Array(file[..<length])
        do {
          let read = try CaptureFile.read(cut)
          #expect(read.count < transfers.count)
        } catch .truncated(let offset, let needed, let available) {
          #expect(available == max(0, length - offset) && needed > available)
        } catch {
          #expect(length < 4 && error == .unknownFormat)
        }
      }
      for _ in 0..<300 {
        var broken = file
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          broken[Int.random(in: 0..<broken.count, using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
        _ = try? Capture(reading: broken)
      }
    }
    for (_, text) in Fixture.usbmon.prefix(4) {
      var bytes = Array(text.utf8)
      for _ in 0..<200 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      let contents = UsbmonText.read(bytes)
      let again = contents.transfers.map(UsbmonText.line).joined(separator: "\n")
      #expect(UsbmonText.read(Array(again.utf8)).badLines == [])
    }
  }

  @Test func otherFilesAreRefused() {
    #expect(throws: KernelLogError.unknownFormat) { try Capture(reading: []) }
    #expect(throws: KernelLogError.unknownFormat) { try CaptureFile.read([1, 2, 3, 4, 5]) }
    var writer = CaptureWriter(isBigEndian: false, headerSize: 64)
    var ethernet = writer.file([], .pcap)
    ethernet[20] = 1
    #expect(throws: KernelLogError.unsupportedLinkType(offset: 20, type: 1)) {
      try CaptureFile.read(ethernet)
    }
  }
}
