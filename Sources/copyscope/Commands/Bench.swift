import ArgumentParser
import Foundation
import KernelLog
import Scenario
import Simulation
import Timeline
import Usercopy

/// `copyscope bench`: how fast the parts are, all measured in this one run.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.bench.rawValue,
    abstract: "Measure verdicts, the map, the timeline and the log reader.",
    discussion: "Figures of a debug build say little; build with -c release.")

  @Option(help: "Megabytes of generated log to scan.")
  var megabytes = 64

  func validate() throws {
    guard (1...1024).contains(megabytes) else {
      throw ValidationError("--megabytes must be from 1 to 1024")
    }
  }

  func run() throws {
    let script = try ScenarioSource.load("past-the-end")
    let playback = try ScenarioSource.play(script, era: nil, named: "past-the-end")
    guard let step = playback.steps.first(where: { $0.script.action.isCopy }),
      case .copy(let request) = step.script.action
    else { throw BadInput.builtIn(.benchmark) }
    try verdicts(step.before, request)
    try map(step.before, request)
    try seek(script)
    try scan()
  }

  private func verdicts(_ world: World, _ request: Action.Copy) throws {
    guard let attempt = try? world.attempt(request) else { return }
    let count = 20_000
    func nanoseconds(recording: Bool) -> Double {
      let time = Self.seconds {
        for index in 0..<count {
          var tried = attempt
          tried.length = UInt64(index & 127) + 1
          Self.keep(world.kernel.judge(tried, under: world.era, recording: recording))
        }
      }
      return time * 1e9 / Double(count)
    }
    let plain = nanoseconds(recording: false)
    let traced = nanoseconds(recording: true)
    try Output.line(
      "verdict: \(Int(plain)) ns without the trace, \(Int(traced)) ns with it "
        + "(\(Self.ratio(traced, plain)) times)")
  }

  /// Every start of a page with every length up to the page's.
  private func map(_ world: World, _ request: Action.Copy) throws {
    guard let attempt = try? world.attempt(request) else { return }
    var judge = Judge(world.kernel, under: world.era, varying: attempt)
    let page = attempt.kernel & ~(Memory.pageSize - 1)
    let (starts, lengths) = (UInt64(256), UInt64(64))
    let time = Self.seconds {
      for start in 0..<starts {
        for length in 1...lengths {
          Self.keep(
            judge.ruling(
              start: page + start * (Memory.pageSize / starts),
              length: length * (Memory.pageSize / lengths)))
        }
      }
    }
    try Output.line(
      "map of a page, \(starts) starts x \(lengths) lengths: \(Self.milliseconds(time))")
  }

  private func seek(_ script: Script) throws {
    guard let start = try? script.start() else { return }
    var timeline = Timeline<World, Action, Event>(start: start) { World.step($0, $1) }
    let actions = script.steps.map(\.action)
    let setup = actions.filter { !$0.isCopy }
    let copies = actions.filter(\.isCopy)
    let count = 10_000
    let recording = Self.seconds {
      for action in setup { timeline.record(action) }
      for index in 0..<count { timeline.record(copies[index % copies.count]) }
    }
    let seeks = 500
    let seeking = Self.seconds {
      for index in 0..<seeks { timeline.seek((index &* 7_919) % count) }
    }
    try Output.line(
      "timeline: \(Int(recording * 1e9 / Double(count))) ns a recorded copy, "
        + "\(Int(seeking * 1e6 / Double(seeks))) us a seek among \(count) steps")
  }

  private func scan() throws {
    let log = Self.log(bytes: megabytes << 20)
    let path = NSTemporaryDirectory() + "copyscope-bench-\(getpid()).log"
    try Output.save(log.text, as: path)
    defer { unlink(path) }
    var scanner = ReportScanner()
    var found = 0
    let scanning = try Self.seconds {
      try InputFile.chunks(of: path) { chunk in
        found += chunk.withUnsafeBytes { scanner.scan($0) }.count { $0.report != nil }
      }
      found += scanner.finish().count { $0.report != nil }
    }
    let speed = Int(Double(megabytes) / max(scanning, 1e-9))
    var line = "log: \(megabytes) MB in \(Self.milliseconds(scanning)), \(speed) MB/s, "
    line += "\(found) of \(log.reports) reports"
    if let grep = Self.grep(path) {
      line += "; grep -c takes \(Self.milliseconds(grep)) (\(Self.ratio(scanning, grep)) times)"
    }
    try Output.line(line)
  }

  /// Lines of a kernel log with a report in every thousandth.
  private static func log(bytes: Int) -> (text: String, reports: Int) {
    let line = "[  123.456789] eth0: link becomes ready, 1000 Mbps full duplex, flow control off\n"
    let report =
      "[  124.000001] usercopy: Kernel memory exposure attempt detected from SLUB object "
      + "'kmalloc-64' (offset 56, size 150)!\n"
    let block = String(repeating: line, count: 999) + report
    let count = max(1, bytes / block.utf8.count)
    return (String(repeating: block, count: count), count)
  }

  /// Seconds `grep -c` takes for the same words; nil where there is none.
  private static func grep(_ path: String) -> Double? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["grep", "-c", "-a", "usercopy", path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    var isDone = false
    let time = seconds {
      isDone = (try? process.run()) != nil
      if isDone { process.waitUntilExit() }
    }
    return isDone && process.terminationStatus == 0 ? time : nil
  }

  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let time = try clock.measure(body).components
    return Double(time.seconds) + Double(time.attoseconds) / 1e18
  }

  /// Keeps a result from being left out as unused.
  @inline(never) private static func keep<Value>(_ value: Value) {}

  private static func milliseconds(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10_000).rounded())
    return "\(tenths / 10).\(tenths % 10) ms"
  }

  private static func ratio(_ first: Double, _ second: Double) -> String {
    let tenths = Int((first / max(second, 1e-12) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension Action {
  /// Whether it is a copy.
  fileprivate var isCopy: Bool { if case .copy = self { true } else { false } }
}
