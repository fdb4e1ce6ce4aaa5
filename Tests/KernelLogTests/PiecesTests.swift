import Foundation
import KernelLog
import Support
import Testing
import USB

/// Broken inputs give the same, or the same error, whole and in pieces of any size.
@Suite struct PiecesTests {
  /// Bytes with a few changed, left out, doubled or cut off.
  static func broken(_ bytes: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 0..<12, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert([0x0A, 0x00, 0x3E, 0xFF][place % 4], at: place)
      case 3:
        let end = min(bytes.count, place + Int.random(in: 1..<200, using: &random))
        bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
      default: bytes.removeLast(min(bytes.count, place % 40))
      }
    }
    return bytes
  }

  /// The input cut at random places; small pieces and large ones.
  static func pieces(_ bytes: [UInt8], _ random: inout Seeded) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    let most = [2, 20, 300, 5000].randomElement(using: &random) ?? 2
    while start < bytes.count {
      let end = min(bytes.count, start + Int.random(in: 1...most, using: &random))
      pieces.append(bytes[start..<end])
      start = end
    }
    return pieces
  }

  static func capture(_ pieces: [ArraySlice<UInt8>]) -> Result<Capture, KernelLogError> {
    var reader = CaptureReader()
    do throws(KernelLogError) {
      for piece in pieces { try reader.read(piece) }
      return .success(try reader.finish())
    } catch {
      return .failure(error)
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func captures(seed: UInt64) throws {
    var random = Seeded(state: seed)
    for _ in 0..<12 {
      let text = try #require(Fixture.usbmon.randomElement(using: &random)).text
      let transfers = UsbmonText.read(Array(text.utf8)).transfers
      var inputs = [Array(text.utf8)]
      for format in CaptureWriter.Format.allCases {
        var writer = CaptureWriter(
          isBigEndian: Bool.random(using: &random),
          headerSize: Bool.random(using: &random) ? 64 : 48)
        inputs.append(writer.file(Array(transfers.prefix(60)), format))
      }
      for input in inputs {
        let bytes = Self.broken(input, &random)
        let whole = Self.capture([bytes[...]])
        #expect(Self.capture(Self.pieces(bytes, &random)) == whole)
      }
    }
  }

  @Test(arguments: ["mid-session.pcapng", "full-speed-8.pcapng", "usbpcap.pcapng"])
  func recordedCaptures(file: String) throws {
    var random = Seeded(state: UInt64(file.utf8.count))
    let recorded = try CaptureCaseTests.bytes(file)
    for _ in 0..<20 {
      let bytes = Self.broken(recorded, &random)
      #expect(Self.capture(Self.pieces(bytes, &random)) == Self.capture([bytes[...]]))
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func logs(seed: UInt64) throws {
    var random = Seeded(state: seed &+ 1000)
    let lines = try (KernelLogTests.Sample.all("reports") + KernelLogTests.Sample.all("synthetic"))
      .map(\.line)
    for _ in 0..<6 {
      var text = ""
      for _ in 0..<30 {
        text += (lines.randomElement(using: &random) ?? "") + "\n"
        let logs = Bool.random(using: &random) ? MoreReportTests.samples : MoreReportTests.logs
        text += (logs.randomElement(using: &random)?.text ?? "") + "\n"
        if Bool.random(using: &random) { text += "Buffer overflow detected (8 < 192)!\n" }
      }
      let bytes = Self.broken(Array(text.utf8), &random)
      var scanner = ReportScanner()
      var found: [LogFinding] = []
      for piece in Self.pieces(bytes, &random) { found += scanner.scan(Array(piece)) }
      found += scanner.finish()
      #expect(found == findings(bytes, pieces: bytes.count + 1))
    }
  }

  /// A table is read whole; broken ones lose lines, never more.
  @Test(arguments: 0..<8 as Range<UInt64>)
  func tables(seed: UInt64) throws {
    var random = Seeded(state: seed &+ 2000)
    let row = "kmalloc-64 640 640 64 64 1 : tunables 0 0 0 : slabdata 10 10 0\n"
    let table = "slabinfo - version: 2.1\n# name\n" + String(repeating: row, count: 40)
    for _ in 0..<40 {
      let bytes = Self.broken(Array(table.utf8), &random)
      guard let read = try? SlabInfo.read(bytes) else { continue }
      let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).count
      #expect(read.caches.count + read.badLines.count <= lines)
      #expect(read.badLines.allSatisfy { (1...lines).contains($0) })
    }
  }
}
