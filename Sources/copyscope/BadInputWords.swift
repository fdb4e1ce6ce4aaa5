import Foundation
import Grid
import Journal
import JSON
import KernelPages
import Narration
import Scenario
import Supervisor
import Terminal
import Text
import Theme
import Usercopy

/// What cannot be used, in words: what, where, and what to do. Nothing in them acts on a terminal.
enum BadInputWords {
  static func line(_ problem: BadInput) -> String {
    switch problem {
    case .file(let path, let problem): line(path, problem)
    case .option(let name, let problem): "--\(name): \(line(problem))"
    case .diagnostic(let diagnostic): Printable.text(diagnostic.description)
    case .theme(let error): Printable.text(error.description)
    case .terminal(let error): error.description
    case .start(let name, let error):
      "\(Printable.text(name)): cannot start: \(ActionErrorWords.line(error))"
    case .otherDriver(let name):
      "\(Printable.text(name)): the scenario cannot start on another driver"
    case .program(let error): line(error)
    case .mismatch(let mismatch): TroubleWords.line(mismatch)
    case .noScenario(let name, let meant):
      "'\(Printable.text(name))' is no lesson and no file"
        + (meant.map { "; did you mean '\($0)'?" } ?? "")
        + " ('copyscope lessons' lists the lessons)"
    case .session(let problem): line(problem)
    case .noCaches(let folder, let unread):
      "no slab caches could be read" + (folder.map { " in \(FileName.shown($0))" } ?? "")
        + (unread.isEmpty ? "" : ": " + unread.joined(separator: "; "))
    case .noPage(let cache): CacheScene.noPage(cache)
    case .noKernelFile:
      "kernel: name a file, or two of the same kernel; '--script' prints what writes them"
    case .copy(let error): "the copy cannot be made: \(ActionErrorWords.line(error))"
    case .notOpened(let name, let why):
      "\(Printable.text(name)): cannot be opened" + (why.map { ": \(Printable.text($0))" } ?? "")
    case .unknownCourse(let name, let known, let meant):
      "'\(FileName.shown(name))' is no course and no file"
        + (meant.map { "; did you mean '\($0)'?" }
          ?? "; there are: \(known.joined(separator: ", "))")
    case .noneLeft(nil): "nothing is left to go on with"
    case .noneLeft(let wanted?):
      "'\(FileName.shown(wanted))' is none of those left; 'copyscope open --resume' lists them"
    case .noProgram: "name the program behind '--': copyscope gadget -- ./keyboard"
    case .noFileName: "the file to write has no name; give it one"
    case .withoutInspector: "--tty, --output and --format are for plays without the inspector"
    case .builtIn(.schema): "the schema cannot be read"
    case .builtIn(.commandLine): "the table of the command line cannot be read"
    case .builtIn(.benchmark): "what the bench plays is not what it measures against"
    }
  }

  private static func line(_ path: String, _ problem: FileProblem) -> String {
    let name = path == "-" ? "standard input" : FileName.shown(path)
    return switch problem {
    case .missing: "\(name): no such file"
    case .missingFolder: "\(name): no such folder"
    case .isFolder: "\(name): a folder; name a file in it"
    case .notRegular: "\(name): is no regular file; name one"
    case .unreadable(let number): "\(name): cannot be read: \(SystemError.words(number))"
    case .unlistable(let reason): "\(name): cannot be listed" + (reason.map { ": \($0)" } ?? "")
    case .unwritable(let number): "\(name): cannot be written: \(SystemError.words(number))"
    case .unmakeable(let number): "\(name): cannot be made: \(SystemError.words(number))"
    case .system(let number): "\(name): \(SystemError.words(number))"
    case .notWritten(let problem): "\(name): \(problem.words)"
    case .existsAlready: "\(name): is there already; --new writes over no file"
    case .notText(let line): "\(name):\(line): is no UTF-8 text; save it as UTF-8"
    case .tooLarge(let limit):
      "\(name): larger than \(limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit >> 10) KiB"); "
        + "that is too large for this command"
    case .longLine(let limit):
      "\(name): a line is longer than \(limit >> 20) MiB; this command reads text"
    case .tooMany(let limit):
      "\(name): more than \(limit) files and folders; name a folder with fewer"
    case .emptyFolder: "\(name): a folder without files"
    case .compressed(let command):
      "\(name): is compressed; unpack it first, with '\(command)'"
    case .noTool(let tool):
      "\(name): is compressed, and there is no \(tool) here; unpack it first, with '\(tool) -dc'"
    case .notUnpacked(let tool, let said):
      "\(name): \(tool) could not unpack all of it\(said); what is shown is what it gave"
    case .noCalls:
      "\(name): no step is a call of a raw-gadget program, so there is none to write"
    case .noDevice: "\(name): shows no device, only hubs"
    case .capture(let error): "\(name): \(CaptureErrorWords.line(error))"
    case .log(let problem): "\(name): \(words(problem))"
    case .noVectors:
      "\(name): holds no vectors; a vector names its 'policy', what was done and what was expected"
    case .notJSON(let line, let error?):
      "\(name):\(line):\(error.offset + 1): \(error.reason.words); a vector is one JSON object a line"
    case .notJSON(let line, nil): "\(name):\(line): no JSON object; a vector is one a line"
    case .notJSONAt(let error):
      "\(name): byte \(error.offset + 1): \(error.reason.words); the whole file must be JSON"
    case .notPrivate:
      "\(name): must be a folder of your own that nobody else may enter (mode 0700); "
        + "take it away, or set XDG_RUNTIME_DIR"
    case .replaceable(let folder):
      "\(name): others could put a folder into the place of \(FileName.shown(folder)); "
        + "set XDG_RUNTIME_DIR"
    case .longForSocket: "\(name): too long for a socket; set XDG_RUNTIME_DIR"
    case .holdsSomething: "\(name): is there already; take it away or choose another name"
    case .manyLines(let limit): "\(name): has more than \(limit) lines"
    case .someUnread(let count, let all):
      "\(name): \(count) of \(all) files could not be read, or not all of them; the others were"
    case .snapshot(let error):
      "\(name)\(error.line.map { ":\($0)" } ?? ""): \(SnapshotWords.line(error)); "
        + "'copyscope kernel --script' prints the script that writes such files"
    case .journal(let problem): self.line(name, problem)
    case .hiddenCharacters: "\(name): has characters that nobody sees; :write! takes the name"
    case .kept(let reason): "\(name): \(words(reason)); ':write! \(name)' writes over it"
    case .namesTaken(let count):
      "\(name) and \(count) more are there; ':write' with another name writes"
    }
  }

  private static func words(_ problem: LogProblem) -> String {
    switch problem {
    case .noReport: "holds no usercopy report"
    case .otherReports(1): "holds 1 report; leave out --report"
    case .otherReports(let count): "holds \(count) reports; --report takes 1 to \(count)"
    case .noPicture(let report, isCutOff: true):
      "report \(report) is cut off; a picture needs its size and what it names"
    case .noPicture(let report, isCutOff: false):
      "report \(report) has no picture: no copy was found that kernels of its time answer like that"
    }
  }

  private static func words(_ reason: FileProblem.Kept) -> String {
    switch reason {
    case .changed: "was changed by somebody else since it was read"
    case .notOpened: "is there and was not opened here"
    case .readOnly: "is read-only"
    }
  }

  private static func line(_ name: String, _ problem: LeftWork.Problem) -> String {
    let (line, words) =
      switch problem {
      case .scenario(let diagnostic, let line): (line, Printable.text(diagnostic.message))
      case .machine(_, let line): (line, "its machine cannot be built")
      case .unopened(let line): (line, "is about a scenario that was not opened")
      }
    return "\(name):\(line): \(words); nothing of it was changed"
  }

  private static func line(_ problem: OptionProblem) -> String {
    switch problem {
    case .unknown(let word, let known):
      "there is no '\(FileName.shown(word))'; there are \(known.joined(separator: ", "))"
    case .unknownEra(let id):
      "unknown era '\(Printable.text(id))'; there are "
        + Era.all.map(\.id).joined(separator: ", ")
    case .unknownCache(let name, let near):
      "there is no cache '\(FileName.shown(name))'"
        + (near.map { "; did you mean '\(FileName.shown($0))'?" } ?? "")
    case .unknownTheme(let error, let known):
      "\(Printable.text(error.description)); there are \(known.joined(separator: ", ")), "
        + "or name a base16 file"
    case .unknownHost(let name, let known):
      "'\(FileName.shown(name))' is neither a file nor one of \(known.joined(separator: ", "))"
    case .unknownDevice(let name, let known):
      "the capture has no device '\(Printable.text(name))'"
        + (known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))")
    case .hubWithoutBeginning(let name):
      "'\(Printable.text(name))' is a hub whose beginning the capture lacks; it is summarised, but "
        + "makes no scenario"
    case .notAddress(let text):
      "'\(Printable.text(text))' is no address from 0 to 127, nor BUS:ADDRESS"
    case .notHexadecimal(let text): "'\(Printable.text(text))' is no hexadecimal number"
    case .notSize(let text): "'\(Printable.text(text))' is not COLUMNSxROWS, such as 120x36"
    case .notMoment(let text):
      "'\(FileName.shown(text))' is no moment; there are configured, calls such as EP_ENABLE, "
        + "errnos such as EBUSY, events such as suspend, and request=9"
    case .notCount(let count): "\(count) is not a number from 1 on"
    case .keys(let error): Printable.text(error.description)
    case .oneScenario: "name one scenario"
    case .oneScenarioFile: "name one scenario file that there is"
    case .fileToWrite: "name the file to write"
    case .oneCache(let options, let left):
      "name one cache with \(options.joined(separator: " or ")); this leaves \(left)"
    case .unknownLayout(let cache):
      "the stride and the order of \(Printable.text(cache)) are not known"
    case .twoAtHighSpeed: "two controllers are at high speed"
    case .controllersNamed: "there are as many controllers as --udc names"
    case .notController(let text):
      "'\(Printable.text(text))' is no controller's name, or is there twice or one too many"
    case .notHostStep(let file, let step):
      "\(FileName.shown(file)): step \(step) is not the host's; only 'host' and 'wait' "
        + "steps can stand there"
    case .file(let path, let number): "\(FileName.shown(path)): \(SystemError.words(number))"
    case .noSession(let name):
      "there is no '\(Printable.text(name))'; 'copyscope follow --list' lists them"
    case .nothingNamed: "name what to throw away, by number or name"
    case .unknownTask(let pid, let known):
      "there is no task \(pid)"
        + (known.isEmpty ? "" : "; there are \(known.map(String.init).joined(separator: ", "))")
    case .noAddress: "say from where with --address"
    case .untold(let address, let why?):
      "what lies at 0x\(address.hex()) cannot be judged: \(why)"
    case .untold(let address, nil):
      "the file does not tell what lies at 0x\(address.hex()); no verdict can be given"
    case .noPiece(let address):
      "no slab and no stack in the file can be opened at 0x\(address.hex())"
    case .onePiece(let left):
      "name one piece with --address, --cache or --task; this leaves \(left)"
    }
  }

  private static func line(_ problem: SessionProblem) -> String {
    switch problem {
    case .noneShared: "no inspector is shared; open one with 'copyscope open --share' first"
    case .silent(let name):
      "session \(Printable.text(name)) does not answer; go on with it, or end it, where it runs"
    case .notOurs: "the session sends something else than copyscope does"
    case .otherVersion(let said, let own):
      "the session speaks version \(said), this program version \(own); "
        + "use the same copyscope for both"
    case .full(let count): "\(count) follow this session already; end one of them first"
    case .longLine: "the session sends a line that is too long"
    case .noSocket(let number): "socket: \(SystemError.words(number))"
    }
  }

  /// Why a program cannot be followed.
  private static func line(_ error: Program.StartError) -> String {
    let cause = SystemError.words(error.number)
    return switch error.stage {
    case .execution: ProgramWords.cannotStart(error.program, cause)
    case .filter where error.number == EBUSY:
      ProgramWords.followedAlready(error.program, cause)
    case .filter: ProgramWords.cannotFollow(error.program, cause)
    case .terminal: ProgramWords.noTerminal(cause)
    case .process: ProgramWords.noProcess(cause)
    }
  }
}
