import Foundation
import JSON
import Testing
import Usercopy

@testable import KernelPages

/// The script for drgn, run by python3 against a stand-in of drgn's interface.
struct ScriptTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  struct Outcome {
    var status: Int32
    var text: String
    var errors: String
  }

  /// Runs the script as it is printed.
  static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    let script = FileManager.default.temporaryDirectory.appending(
      path: "kernel-pages-\(UUID().uuidString).py")
    try ExportScript.text.write(to: script, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: script) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.path] + arguments
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "PYTHONPATH": folder.appending(path: "StandIn").path, "PYTHONDONTWRITEBYTECODE": "1",
    ].merging(environment) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, text: String(decoding: text, as: UTF8.self),
      errors: String(decoding: complaints, as: UTF8.self))
  }

  @Test func whatItWritesIsReadWithoutALie() throws {
    let done = try Self.run([
      "--cache", "dma-buf", "--task", "7", "--address", "ffff888000200040",
    ])
    #expect(done.status == 0, "\(done.errors)")
    let snapshot = try SnapshotReader.read(Array(done.text.utf8))
    #expect(snapshot.contradictions == [])
    #expect(snapshot.encoding == .xorSwab)
    #expect(snapshot.slabs.map(\.place) == ["cpu-active", "node-partial"])
    #expect(snapshot.slabs.map { $0.lists.flatMap { $0.slots ?? [] } } == [[5, 9, 2], [63, 0]])
    #expect(snapshot.slabs[0].count(.freed) == 3)
    let task = try #require(snapshot.tasks.first)
    #expect(task.canaries == [16000])
    #expect(task.frames.map(\.high) == [nil, 16000, 16064, nil])
    #expect(task.frames[1].variables.map(\.name) == ["buf"])
    #expect(task.isMagicIntact == true)
    #expect(snapshot.config.unwinder == "orc")
    #expect(snapshot.layout.maxPFN == 65_536)
    #expect(Set(snapshot.marks.map(\.type)) == ["struct task_struct", "struct cred"])
  }

  /// Flags are read by the numbers they have in that kernel: an enumeration's since 6.9, fixed ones before.
  @Test(
    arguments: [
      ([:], ["PANIC": false, "TYPESAFE_BY_RCU": false]),
      (["STANDIN_FLAGS": "0x300"], ["PANIC": true, "TYPESAFE_BY_RCU": true]),
      (["STANDIN_FLAGS": "0x100010"], ["HWCACHE_ALIGN": true, "RED_ZONE": false]),
    ] as [([String: String], [String: Bool])])
  func flagsAreTheKernelsOwn(environment: [String: String], flags: [String: Bool]) throws {
    let done = try Self.run(["--cache", "kmalloc-64"], environment: environment)
    let cache = try #require(try SnapshotReader.read(Array(done.text.utf8)).caches.first)
    for (name, isSet) in flags { #expect(cache.flags.contains(name) == isSet, "\(name)") }
    #expect(cache.fillsObjects == (environment["STANDIN_FLAGS"] == "0x100010"))
    #expect(!cache.flags.contains("OBJECT_POISON"))
  }

  @Test func whatItCannotReadItSays() throws {
    let done = try Self.run(["--cache", "nope", "--task", "9", "--address", "10", "--raw-gadget"])
    #expect(done.status == 0)
    for line in ["section rodata", "cache nope", "task 9", "0x10: no slab", "raw-gadget"] {
      #expect(done.errors.contains("not read: \(line)"), "\(done.errors)")
    }
    #expect(try SnapshotReader.read(Array(done.text.utf8)).slabs.isEmpty)
  }

  @Test(arguments: [
    (["STANDIN_VERSION": "0.0.31"], "needs drgn 0.0.33"),
    (["STANDIN_PROGRAM": "none"], "run it with drgn"),
    (["STANDIN_SYMBOLS": "none"], "no debug symbols"),
    (["STANDIN_WORD": "4"], "only kernels of 64 bit"),
  ])
  func withoutWhatItNeedsItSaysSo(environment: [String: String], words: String) throws {
    let done = try Self.run([], environment: environment)
    #expect(done.status == 1)
    #expect(done.errors.contains(words), "\(done.errors)")
  }
}
