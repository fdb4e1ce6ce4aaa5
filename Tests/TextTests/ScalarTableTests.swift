import Foundation
import Testing

@testable import Text
import Text

@Suite struct ScalarTableTests {
  static var scalars: [Unicode.Scalar] { (UInt32(0)...0x10FFFF).compactMap { Unicode.Scalar($0) } }

  @Test func theTableIsInOrder() {
    let starts = ScalarTable.starts
    #expect(starts.first == 0 && ScalarTable.version.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
    for (one, next) in zip(starts, starts.dropFirst()) {
      #expect(one >> 2 < next >> 2 && one & 3 != next & 3)
    }
  }

  /// The shorter way for common scalars comes to what the table says.
  @Test func whatIsCertainIsInTheTable() {
    for scalar in Self.scalars where ScalarClass.isCertainlyNarrow(scalar.value) {
      let entry = ScalarTable.starts[ScalarClass.index(of: scalar.value)]
      #expect(entry & 3 == UInt32(ScalarClass.narrow.rawValue), "\(scalar.value)")
    }
  }

  /// What Swift's own data says of each scalar it knows, but for what the rule adds.
  @Test func theTableAgreesWithTheLibrary() {
    let merging: [ClosedRange<UInt32>] = [0x1F1E6...0x1F1FF, 0x1F3FB...0x1F3FF]
    let joining: [ClosedRange<UInt32>] = [0x1161...0x11FF, 0xD7B0...0xD7FF]
    var odd: [UInt32] = []
    for scalar in Self.scalars where scalar.properties.age != nil {
      let value = scalar.value
      let found = ScalarClass(scalar)
      let expected: [ScalarClass]
      switch scalar.properties.generalCategory {
      case _ where scalar == " ": expected = [.narrow]
      case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
        .paragraphSeparator, .spaceSeparator:
        expected = [.hidden]
      case _ where scalar.properties.isDefaultIgnorableCodePoint: expected = [.hidden]
      case _ where merging.contains { $0.contains(value) }: expected = [.hidden]
      case .nonspacingMark, .enclosingMark: expected = [.mark]
      case _ where joining.contains { $0.contains(value) }: expected = [.mark]
      default: expected = scalar.properties.isEmojiPresentation ? [.wide] : [.narrow, .wide]
      }
      if !expected.contains(found) { odd.append(value) }
    }
    #expect(odd.isEmpty, "\(odd.prefix(20).map { String($0, radix: 16) })")
  }

  @Test func scriptsOfEastAsiaAreWide() {
    for text in ["漢", "あ", "ア", "한", "Ａ", "！", "\u{1FAF7}", "\u{31350}", "\u{4DC0}", "\u{1D300}"] {
      #expect(text.unicodeScalars.allSatisfy { ScalarClass($0) == .wide }, "\(text)")
    }
    for text in ["é", "Ж", "א", "ع", "─", "☎", "…", "ﾊ"] {
      #expect(text.unicodeScalars.allSatisfy { ScalarClass($0) == .narrow }, "\(text)")
    }
  }

  @Test func marksAreNamedByRank() {
    var ranks: Set<UInt16> = []
    for scalar in Self.scalars {
      guard let mark = CombiningMark(scalar) else {
        #expect(ScalarClass(scalar) != .mark)
        continue
      }
      #expect(mark.scalar == scalar && mark.rank > 0 && mark.rank < 4096)
      ranks.insert(mark.rank)
    }
    #expect(ranks.count == CombiningMark.count && ranks.count > 2_000)
    #expect(CombiningMark(rank: 0) == nil && CombiningMark(rank: UInt16(ranks.count + 1)) == nil)
  }

  /// Where Python has data of the table's version, the table is what the script makes of it.
  @Test func theTableIsWhatTheScriptWrites() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let script = root.appending(path: ".ci/unicode-table").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, "--check"]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    // 127: no Python; 3: data of another version.
    #expect([0, 3, 127].contains(process.terminationStatus))
  }
}
