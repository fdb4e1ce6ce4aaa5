public import Simulation
import Usercopy

/// Why an action could not be done, in words.
public enum ActionErrorWords {
  /// One line, with the names there are where that helps.
  public static func line(_ error: ActionError) -> String {
    switch error {
    case .unknownName(let name, let names): "nothing is called '\(name)'\(known(names))"
    case .unknownCache(let name, let names):
      "there is no cache '\(name)'; declare it under 'caches'\(known(names))"
    case .unknownTask(let name, let names): "there is no task '\(name)'\(known(names))"
    case .unknownEra(let name, let names): "unknown era '\(name)'\(known(names))"
    case .nameTaken(let name): "the name '\(name)' is in use"
    case .notAllocated(let name): "'\(name)' is not allocated"
    case .emptyStack: "no function is running that could return"
    case .stackFull(let function): "the stack has no room for a frame of '\(function)'"
    case .tooLarge(let name, let bytes, let limit):
      "'\(name)' is too large: \(bytes) bytes, at most \(limit)"
    case .noRoom(let name): "no memory for '\(name)'"
    case .structureTooLarge(let name, let bytes, let limit):
      "the structure in '\(name)' takes \(bytes) bytes, but there are \(limit)"
    case .contentTooLarge(let name, let bytes, let limit):
      "\(bytes) bytes are given for '\(name)', which has \(limit)"
    case .noSlot(let name, 0): "'\(name)' lies in whole pages, which have no slots; leave out 'at'"
    case .noSlot(let name, let slots): "a slab has \(slots) slots for '\(name)', from 0 on"
    case .noValue(let entry, let bytes, let sizes):
      "\(entry.rawValue) moves a value of \(sizes.map(String.init).joined(separator: ", ")) bytes, not \(bytes)"
    case .unknownFile(let name, let names): "no open file is called '\(name)'\(known(names))"
    case .unknownThread(let name, let names): "there is no thread '\(name)'\(known(names))"
    case .threadBlocked(let name): "thread '\(name)' sleeps in a call and cannot make another"
    case .neverCame(.configured): "the host has configured no device"
    case .neverCame(.node(let name)): "no driver of the host has made '\(name)'"
    case .tooMany(let things, let limit): "a scenario has at most \(limit) \(things)"
    case .movedTooMuch(let limit):
      "the copies up to here have moved more than \(limit >> 20) MiB; make them shorter"
    }
  }

  private static func known(_ names: [String]) -> String {
    names.isEmpty ? "" : " (there are: \(names.prefix(12).joined(separator: ", ")))"
  }
}
