import Conformance
import Foundation
import JSON
import Support
import Testing
import Usercopy

@testable import KernelPages
@testable import Narration
@testable import Simulation

/// Copies tried on a real page come out as Linux 6.1 answered the same copies from the same caches.
struct RecordedCopyTests {
  /// Recorded copies from kmalloc's caches of an unchanged build, by cache.
  static func recorded() throws -> [String: [JSONValue]] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "ConformanceTests/Vectors/usercopy-linux-6.1.jsonl.xz")
    let lines = try Packed.content(of: file).split(separator: UInt8(ascii: "\n"))
    let values = try lines.map { try JSONValue(parsing: $0) }.filter { value in
      value["variant"]?.string == "default" && value["region"]?["backing"]?.string == "slab"
        && value["region"]?["kind"]?.string == "kmalloc"
    }
    return Dictionary(grouping: values) { $0["region"]?["cache"]?["name"]?.string ?? "" }
  }

  @Test func aPageAnswersAsTheKernelDid() throws {
    let snapshot = try Samples.snapshot("stock-part")
    let recorded = try Self.recorded()
    var judged = 0
    for (index, slab) in snapshot.slabs.enumerated() {
      guard let cases = recorded[slab.cache],
        let script = SnapshotScene(snapshot).script(slab: index)
      else { continue }
      let kernel = try script.start().kernel
      let era = try #require(Era.named(script.era))
      #expect(era.id == "linux-6.1")
      for test in cases {
        let copy = try #require(test["copy"])
        guard ["copy", "check"].contains(copy["via"]?.string ?? "copy"),
          let slot = test["region"]?["object"]?["index"]?.int, slot < slab.objects,
          let offset = copy["offset"]?.int64, let length = copy["length"]?.uint64
        else { continue }
        let attempt = CopyAttempt(
          entry: copy["direction"]?.string == "to_user" ? .copyToUser : .copyFromUser,
          kernel: kernel.objectAddress(slab: 0, index: slot) &+ UInt64(bitPattern: offset),
          user: 0x5555_5555_0000, length: length)
        // Only copies whose first byte lies in this page.
        guard kernel.object(at: attempt.kernel) != nil else { continue }
        let outcome = kernel.judge(attempt, under: era)
        let expected = try #require(test["expect"])
        #expect(
          outcome.verdict.rawValue == expected["verdict"]?.string, "\(test["id"]?.string ?? "")")
        if let message = expected["message"]?.string {
          #expect(outcome.log.first == message, "\(test["id"]?.string ?? "")")
        }
        judged += 1
      }
    }
    #expect(judged > 200)
  }

  /// What the file does not tell is said beside the verdict that hangs on it.
  @Test func aVerdictSaysWhatItHangsOn() throws {
    let snapshot = try Samples.snapshot("stock-part")
    let kernel = try #require(SnapshotScene(snapshot).script(slab: 0)).start().kernel
    let era = try #require(Era.named("linux-6.1"))
    func facts(_ address: Address) -> [UnknownFact] {
      kernel.unknowns(
        of: CopyAttempt(entry: .copyToUser, kernel: address, user: 0x5555_5555_0000, length: 8),
        under: era)
    }
    let page = kernel.slabs[0].base
    #expect(facts(page) == [])
    let beside = page ^ 0x10_0000
    #expect(facts(beside) == [.page(beside)])
    var blind = snapshot
    let cache = try #require(blind.caches.firstIndex { $0.name == snapshot.slabs[0].cache })
    blind.caches[cache].useroffset = nil
    let other = try #require(SnapshotScene(blind).script(slab: 0)).start().kernel
    #expect(
      other.unknowns(
        of: CopyAttempt(entry: .copyToUser, kernel: page, user: 0x5555_5555_0000, length: 8),
        under: era)
        == [.window(snapshot.slabs[0].cache)])
  }
}
