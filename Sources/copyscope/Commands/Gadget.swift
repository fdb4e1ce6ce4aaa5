public import ArgumentParser
import CSystem
import Foundation
public import GadgetWorld
import Narration
import RawGadget
import Scenario
import Simulation
import Supervisor
import USB
import UsbHost
import Usercopy

/// `copyscope gadget`: a real program on the simulated kernel.
struct Gadget: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.gadget.rawValue,
    abstract: "Run a raw-gadget program against the simulated kernel, call by call.",
    usage: "copyscope gadget [<options>] -- <program> [<argument> ...]",
    discussion: """
      The program is run as it is. Its opens of /dev/raw-gadget and its calls on it are answered by the \
      simulated driver, controller and host; everything else it does is real. No kernel module and no \
      privilege is needed, but Linux 5.9 or later.

      Exit status: the program's own; 0 when it was ended here; 2: it cannot be run.
      """)

  @Argument(
    parsing: .postTerminator, help: "The program and its arguments, after '--'.",
    completion: .file())
  var program: [String] = []

  @Flag(help: "Open the inspector; n lets the program make its next call.")
  var open = false

  @Option(
    help: "Judge the copies of the calls by this era; linux-6.1 where config.yaml says none.",
    completion: Completion.eras)
  var era: String?

  @Option(help: "The version of the raw-gadget driver.", completion: Completion.drivers)
  var driver = DriverPolicy.linux6_1.name

  @Option(help: "The controllers' speed: full, high or super.")
  var speed: GadgetWorld.Controllers = .high

  @Flag(help: "Two high-speed controllers, dummy_udc.0 and dummy_udc.1.")
  var two = false

  @Option(
    name: .customLong("udc"),
    help: ArgumentHelp(
      "A controller's name, and that of its kind where it is another; again for more controllers.",
      discussion: "Programs for other boards run under their controller's name: 20980000.usb",
      valueName: "name[:driver]"))
  var controllers: [String] = []

  @Option(
    help: ArgumentHelp(
      "The drivers the host has: all, input (only usbhid), or names with commas.",
      valueName: "drivers"),
    completion: Completion.modules)
  var modules = "all"

  @Option(help: "End the program after that many calls.")
  var calls: Int?

  @Option(
    help: ArgumentHelp(
      "Run to a moment and end the program there; with --open, hold it there.",
      discussion: "configured, a call (EP_ENABLE), an errno (EBUSY), an event (suspend), request=9",
      valueName: "moment"))
  var until: String?

  @Option(
    help: ArgumentHelp(
      "What the host does once the device is configured.",
      discussion:
        "keyboard, printer, disk, serial and tablet do what a program does with such a device, usbtest "
        + "tests transfers, drain reads every endpoint that sends, fuzz makes odd control requests; "
        + "or a scenario file whose steps are 'host', with 'when' and 'after', and 'wait'",
      valueName: "name|file"),
    completion: Completion.hosts)
  var host: String?

  @Flag(help: "Hand standard input on to the program's terminal.")
  var tty = false

  @Option(help: "Write what the program says to this file as well.", completion: .file())
  var output: String?

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Flag(help: "Show every predicate of every check.")
  var trace = false

  @Option(help: "Write what was done to this file as a scenario.", completion: .file())
  var save: String?

  @OptionGroup var inspector: InspectorOptions

  @Flag(inversion: .prefixedNo, help: "Take the mouse.")
  var mouse = true

  func run() throws {
    let script = try script()
    let stopPoint = try stopPoint()
    let hostScript = try StopPoint("configured").flatMap { start in
      try host.map { try HostScript($0, from: start) }
    }
    if open, tty || output != nil || format == .json {
      throw BadInput.withoutInspector
    }
    let file = try output.map { try ProgramOutput($0) }
    let program: Program
    cs_close_to_others()
    do throws(Program.StartError) { program = try Program(self.program) } catch {
      throw BadInput.program(error)
    }
    if open { return try inspect(script, program, stopPoint, hostScript) }
    let play = try ProgramPlay(
      script, telling: ProgramTelling(format: format, trace: trace, output: file),
      stopPoint: stopPoint, hostScript: hostScript, typing: tty ? Typing() : nil, keeps: save != nil
    )
    try play.follow(program, calls: calls)
    if let save { try Self.save(play, as: save) }
    if let signal = play.signal { throw ExitCode(128 + signal) }
    if case .exited(let status) = program.ending, status != 0, !play.hasStopped {
      throw ExitCode(status)
    }
    if case .killed(let signal) = program.ending, !play.hasStopped {
      throw ExitCode(128 + signal)
    }
  }

  private static func save(_ play: ProgramPlay, as path: String) throws {
    let (text, steps) = ScenarioWriter.readable(play.script)
    try Output.save(text, as: path)
    guard steps < play.steps else { return }
    Output.complain(
      "copyscope: \(FileName.shown(path)): the first \(steps) of \(play.steps) steps are written; "
        + "a scenario holds no more\n")
  }

  private func stopPoint() throws -> StopPoint? {
    guard let until else { return nil }
    guard let point = StopPoint(until) else {
      throw BadInput.option("until", .notMoment(until))
    }
    return point
  }

  private func inspect(
    _ script: Script, _ program: Program, _ stopPoint: StopPoint?, _ hostScript: HostScript?
  ) throws {
    var inspection = try inspector.inspection(script)
    inspection.savePath = save
    inspection.attend(program, until: stopPoint, host: hostScript)
    try inspection.run(usesMouse: mouse)
  }

  /// The machine the program finds: a fresh one with a device controller at high speed.
  private func script() throws -> Script {
    guard let name = program.first else {
      throw BadInput.noProgram
    }
    try EraOption.check(era)
    guard let policy = DriverPolicy.named(driver) else {
      throw BadInput.option(
        "driver", .unknown(driver, known: DriverPolicy.all.map(\.name)))
    }
    if let calls, calls < 1 { throw BadInput.option("calls", .notCount(calls)) }
    let base = name.split(separator: "/").last.map(String.init) ?? name
    let identifier = String(base.prefix(64).map { $0.isLetter || $0.isNumber ? $0 : "-" })
    var script = Script(
      id: identifier, title: "\(base), call by call",
      about: "Every call a real program made on /dev/raw-gadget.",
      era: try era ?? UserFiles.config().era ?? Era.linux6_1.id)
    script.driver = policy
    script.setup = try setup()
    return script
  }

  /// The controllers and the host's drivers.
  private func setup() throws -> GadgetSetup {
    if two, speed != .high { throw BadInput.option("two", .twoAtHighSpeed) }
    if two, !controllers.isEmpty { throw BadInput.option("two", .controllersNamed) }
    var setup = GadgetSetup(controllers: two ? .two : speed)
    do throws(GadgetSetup.BadName) {
      setup.names = try GadgetSetup.names(controllers.joined(separator: ","))
    } catch {
      throw BadInput.option("udc", .notController(error.text))
    }
    do throws(UnknownModule) { setup.modules = try HostModules(modules) } catch {
      let known = HostModules.words + HostModule.allCases.map(\.rawValue)
      throw BadInput.option("modules", .unknown(error.name, known: known))
    }
    return setup
  }
}

extension GadgetWorld.Controllers: ExpressibleByArgument {
  /// Two controllers are asked for by a flag.
  public static var allValueStrings: [String] { ["full", "high", "super"] }
}
