import Narration
import Simulation
import Supervisor

/// What cannot be done for a program, in words.
enum TroubleWords {
  /// Why its calls on the device cannot be followed.
  static func line(_ trouble: Trouble) -> String {
    switch trouble {
    case .foreign:
      "a 32-bit program opens /dev/raw-gadget; only calls of 64-bit programs are followed: build it for "
        + "this machine's own processor"
    case .unreadable(let error):
      "the program's memory cannot be read (process_vm_readv: \(SystemError.words(error))), so its calls "
        + "cannot be followed; a container's profile or another user's program does that"
    }
  }

  /// A story that has no room for one more.
  static func line(_ fullness: Fullness) -> String {
    switch fullness {
    case .threads(let count):
      "the program is held: \(count) of its threads, those of the host among them, are in the story, which "
        + "has room for no more"
    case .files(let count):
      "the program is held: \(count) of its files are open, and the story has room for no more"
    }
  }

  /// A call of the host that has no end of its own.
  static func line(waiting call: Action.HostCall) -> String {
    "the host has waited 300 s for the program: \(EventWords.action(.host(call)))"
  }

  /// A step that does not tell what the program got.
  static func line(_ mismatch: Mismatch) -> String {
    "the last step tells of \(mismatch.told) bytes copied to the program, and it was given "
      + "\(mismatch.given): its memory changed during the call, or this is a mistake of copyscope's; the "
      + "program is stopped here"
  }

  /// What this kernel does not let be done.
  static func line(_ limit: Program.Limit) -> String {
    switch limit {
    case .signalsDisturb:
      "this kernel is older than Linux 5.19: a signal may interrupt an open or a call that would not be "
        + "interrupted otherwise, and a descriptor may be lost with it"
    case .cannotFollow(let error):
      "the program's processes cannot be traced (\(SystemError.words(error))): a signal may interrupt an "
        + "open that would not be interrupted otherwise"
    }
  }
}
