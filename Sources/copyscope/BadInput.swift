import Grid
import Journal
import JSON
import KernelLog
import KernelPages
import Scenario
import Simulation
import Supervisor
import Terminal
import Theme
import Usercopy

/// Input that cannot be used: what, and where. Exit status 2. ``BadInputWords`` says what to do.
enum BadInput: Error {
  /// A file, folder or socket, by its path.
  case file(String, FileProblem)
  /// An option of the command line, by its name without the dashes.
  case option(String, OptionProblem)
  /// A place in a file, or several.
  case diagnostic(Diagnostic)
  case theme(ThemeError)
  case terminal(TerminalError)
  /// A scenario, by its name, that cannot start.
  case start(String, ActionError)
  /// A scenario, by its name, that cannot start on another version of the driver.
  case otherDriver(String)
  case program(Program.StartError)
  /// What the last step tells is not what the program was given.
  case mismatch(Mismatch)
  /// Neither a lesson nor a file; what may be meant instead.
  case noScenario(String, meant: String?)
  /// Neither a course nor a course's file; what may be meant instead.
  case unknownCourse(String, known: [String], meant: String?)
  case session(SessionProblem)
  /// No caches could be read; the folder, and what was tried.
  case noCaches(folder: String?, unread: [String])
  /// A cache whose objects' size is not known.
  case noPage(CacheInfo)
  /// No pages of a kernel are named, or too many files.
  case noKernelFile
  /// A copy that cannot be tried.
  case copy(ActionError)
  /// A piece of a real kernel's memory, by its name, that no scenario can be made of.
  case notOpened(String, why: String?)
  /// Work to go on with is none of what is left; nil where nothing is.
  case noneLeft(String?)
  /// No program behind the `--` of `gadget`.
  case noProgram
  /// A file that is to be written has no name.
  case noFileName
  /// Options that only mean something without the inspector.
  case withoutInspector
  /// What is built in cannot be read.
  case builtIn(BuiltIn)

  enum BuiltIn { case schema, commandLine, benchmark }
}

/// What a log cannot give.
enum LogProblem {
  case noReport
  /// It holds so many reports, and not the one asked for.
  case otherReports(Int)
  /// A report by its number has no picture, because it is cut off or for want of a copy.
  case noPicture(report: Int, isCutOff: Bool)
}

/// What is wrong with a file.
enum FileProblem {
  case missing
  case missingFolder
  case isFolder
  case notRegular
  case unreadable(Int32)
  case unlistable(String?)
  case unwritable(Int32)
  case unmakeable(Int32)
  case system(Int32)
  case notWritten(WholeFile.Problem)
  case existsAlready
  case notText(line: Int)
  /// Larger than that many bytes.
  case tooLarge(Int)
  /// A line longer than that many bytes.
  case longLine(Int)
  /// A folder with more files and folders than that.
  case tooMany(Int)
  case emptyFolder
  /// The command that unpacks it.
  case compressed(unpack: String)
  case noTool(String)
  /// With what the tool said.
  case notUnpacked(tool: String, said: String)
  case noCalls
  case noDevice
  case capture(KernelLogError)
  case log(LogProblem)
  case noVectors
  case notJSON(line: Int, JSONError?)
  /// A file that is one JSON value.
  case notJSONAt(JSONError)
  case notPrivate
  /// Others could put a folder into the place of the one of that path.
  case replaceable(String)
  case longForSocket
  case holdsSomething
  /// More lines than that.
  case manyLines(Int)
  /// Files of a folder that could not be read, of all in it.
  case someUnread(Int, of: Int)
  /// No description of a kernel's pages, with the line where that is known.
  case snapshot(SnapshotError)
  case journal(LeftWork.Problem)
  case hiddenCharacters
  case kept(Kept)
  /// That many files of such names are there.
  case namesTaken(Int)

  /// Why a file that is there is not written over without being asked to.
  enum Kept { case changed, notOpened, readOnly }
}

/// What is wrong with an option.
enum OptionProblem {
  /// A word that is none of those there are.
  case unknown(String, known: [String])
  case unknownEra(String)
  case unknownCache(String, near: String?)
  case unknownTheme(ThemeError, known: [String])
  case unknownHost(String, known: [String])
  case unknownDevice(String, known: [String])
  case hubWithoutBeginning(String)
  case notAddress(String)
  case notHexadecimal(String)
  case notSize(String)
  case notMoment(String)
  case notCount(Int)
  case keys(KeyError)
  case oneScenario
  case oneScenarioFile
  case fileToWrite
  /// One cache has to be named with one of these options; so many are left.
  case oneCache([String], left: Int)
  /// The stride and the order of a cache are not known.
  case unknownLayout(cache: String)
  case twoAtHighSpeed
  /// Two controllers are asked for beside names of controllers.
  case controllersNamed
  /// What cannot be a controller's name.
  case notController(String)
  /// A step that is not the host's.
  case notHostStep(file: String, step: Int)
  case file(String, Int32)
  case noSession(String)
  case nothingNamed
  case unknownTask(Int, known: [Int])
  /// Without an address.
  case noAddress
  /// The file does not tell what lies there.
  case untold(Address, why: String?)
  /// Nothing at that address can be opened.
  case noPiece(Address)
  case onePiece(left: Int)
}

/// What is wrong with a session that is followed.
enum SessionProblem {
  case noneShared
  case silent(String)
  case notOurs
  case otherVersion(Int, own: Int)
  case longLine
  /// As many follow it as may.
  case full(Int)
  case noSocket(Int32)
}

extension BadInput: CustomStringConvertible {
  var description: String { BadInputWords.line(self) }
}
