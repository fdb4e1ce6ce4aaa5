import Grid
import Simulation
import Text
import Usercopy

/// Why a typed command cannot be understood.
struct CommandLineError: Error, Sendable, Hashable, CustomStringConvertible {
  var description: String
}

/// The `:` line's language: one action a line.
///
///     alloc NAME CACHE|SIZE     free NAME        call FUNCTION [LOCAL:SIZE …]    return
///     copy to|from PLACE [+OFFSET] LENGTH [ENTRY]      vmalloc NAME SIZE         era ID
///     put PLACE TEXT            task NAME        run TASK      pages NAME ORDER
///     write PLACE +OFFSET TEXT|data=HEX          user NAME LENGTH
///     image NAME SECTION SIZE
///     open [NAME] [nonblocking]  close NAME      ioctl REQUEST key=value …
///     host ACTION [NUMBER] key=value …           wait MILLISECONDS
///     signal THREAD [restart]
enum CommandLine {
  /// The forms, for help and messages.
  static let forms = [
    "alloc NAME CACHE|SIZE", "free NAME", "call FUNCTION LOCAL:SIZE…", "return",
    "copy to|from PLACE [+OFFSET] LENGTH [ENTRY]", "put PLACE TEXT", "vmalloc NAME SIZE",
    "write [FILE]", "write PLACE +OFFSET TEXT|data=HEX", "user NAME LENGTH",
    "pages NAME ORDER", "image NAME text|rodata|data|bss SIZE", "task NAME", "run TASK", "era ID",
    "allocator NAME", "arch NAME",
    "open LESSON", "open NAME [nonblocking] (/dev/raw-gadget)", "close NAME",
    "ioctl REQUEST key=value… (ep= data= length= waits= …)",
    "host ACTION [NUMBER] key=value… (endpoint= data= …)", "wait MILLISECONDS",
    "signal THREAD [restart]",
    "NUMBER (go to step)", "theme NAME",
    "any command's name, such as zoom",
  ]

  /// The first words of the forms.
  static let words = [
    "alloc", "allocator", "arch", "call", "close", "copy", "era", "free", "host", "image", "ioctl",
    "open",
    "pages", "put", "return", "run", "signal", "task", "theme", "user", "vmalloc", "wait", "write",
  ]

  static func parse(_ text: String) throws(CommandLineError) -> Action {
    let words = text.split(separator: " ").map(String.init)
    if let first = words.first, let most = most[first], words.count > most {
      throw tooMany(words[most], form: forms.first { $0.hasPrefix(first) } ?? first)
    }
    switch words.first {
    case "open": return try GadgetLine.open(words)
    case "close": return .close(file: try word(words, 1, "close NAME"))
    case "ioctl": return try GadgetLine.ioctl(LineFields.words(of: text))
    case "host": return try HostLine.parse(LineFields.words(of: text))
    case "wait": return try GadgetLine.wait(words)
    case "signal": return try GadgetLine.signal(words)
    default: return try memory(words, text)
    }
  }

  /// Words of the forms that have no more.
  private static let most = [
    "alloc": 3, "free": 2, "return": 1, "vmalloc": 3, "user": 3, "pages": 3, "image": 4, "task": 2,
    "run": 2, "era": 2, "close": 2, "wait": 2,
  ]

  private static func tooMany(_ word: String, form: String) -> CommandLineError {
    CommandLineError(description: "'\(word)' is too much: \(form)")
  }

  /// The forms that change memory.
  private static func memory(_ words: [String], _ text: String) throws(CommandLineError)
    -> Action
  {
    switch words.first {
    case "alloc": return try alloc(words)
    case "free": return .free(try word(words, 1, "free NAME"))
    case "call": return try call(words)
    case "return": return .return
    case "vmalloc":
      return .vmalloc(
        name: try word(words, 1, "vmalloc NAME SIZE"),
        size: try number(words, 2, "vmalloc NAME SIZE"))
    case "copy": return try copy(words)
    case "era": return .era(try era(word(words, 1, "era ID")))
    case "put": return try put(words)
    case "write": return try write(LineFields.words(of: text))
    case "user":
      return .user(
        Action.UserBuffer(
          name: try word(words, 1, "user NAME LENGTH"),
          length: try number(words, 2, "user NAME LENGTH")))
    case "task": return .task(name: try word(words, 1, "task NAME"), stack: 8192)
    case "run": return .run(task: try word(words, 1, "run TASK"))
    case "image": return try image(words)
    case "pages":
      let order = try number(words, 2, "pages NAME ORDER")
      guard order <= 10 else { throw CommandLineError(description: "the order is 0 to 10") }
      return .pages(
        name: try word(words, 1, "pages NAME ORDER"), order: Int(order), compound: true)
    default:
      throw CommandLineError(
        description: "unknown command '\(words.first ?? "")'"
          + (Nearest.word(to: words.first ?? "", among: Self.words).map {
            "; did you mean '\($0)'?"
          }
            ?? "; Tab shows what there is"))
    }
  }

  private static func word(_ words: [String], _ index: Int, _ form: String)
    throws(CommandLineError) -> String
  {
    guard words.indices.contains(index) else {
      throw CommandLineError(description: "something is missing: \(form)")
    }
    return words[index]
  }

  private static func number(_ words: [String], _ index: Int, _ form: String)
    throws(CommandLineError) -> UInt64
  {
    let text = try word(words, index, form)
    guard let value = value(text) else {
      throw CommandLineError(description: "'\(text)' is no number: \(form)")
    }
    return value
  }

  private static func value(_ text: String) -> UInt64? {
    text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  }

  /// An era by its id, or by the kernel's tag as the screen writes it: `v6.1`.
  private static func era(_ name: String) throws(CommandLineError) -> String {
    if let era = Era.all.first(where: { [$0.id, $0.shortName].contains(name) }) {
      return era.id
    }
    if Era.named(name) != nil { return name }
    let known = Era.all.map(\.shortName)
    throw CommandLineError(
      description: "no era '\(name)'"
        + (Nearest.word(to: name, among: known).map { "; did you mean '\($0)'?" }
          ?? "; there are \(known.joined(separator: " "))"))
  }

  /// An offset with its sign, decimal or hexadecimal.
  private static func offset(_ text: String) -> Int64? {
    guard let sign = text.first, sign == "+" || sign == "-",
      let size = value(String(text.dropFirst())), let offset = Int64(exactly: size)
    else { return nil }
    return sign == "-" ? -offset : offset
  }

  private static func alloc(_ words: [String]) throws(CommandLineError) -> Action {
    let form = "alloc NAME CACHE|SIZE"
    let name = try word(words, 1, form)
    let what = try word(words, 2, form)
    if let size = value(what) {
      return .alloc(Action.Alloc(cache: nil, size: size, name: name))
    }
    return .alloc(Action.Alloc(cache: what, size: nil, name: name))
  }

  private static func image(_ words: [String]) throws(CommandLineError) -> Action {
    let form = "image NAME text|rodata|data|bss SIZE"
    let name = try word(words, 1, form)
    let text = try word(words, 2, form)
    guard let section = ImageSection(rawValue: text) else {
      throw CommandLineError(description: "'\(text)' is no section: \(form)")
    }
    return .image(
      Action.Image(name: name, section: section, size: try number(words, 3, form)))
  }

  private static func put(_ words: [String]) throws(CommandLineError) -> Action {
    let form = "put PLACE TEXT"
    let place = place(try word(words, 1, form))
    _ = try word(words, 2, form)
    let text = words[2...].joined(separator: " ")
    return .write(place: place, offset: 0, bytes: Array(text.utf8.prefix(256)))
  }

  private static func write(_ words: [String]) throws(CommandLineError) -> Action {
    let form = "write PLACE +OFFSET TEXT"
    let spot = place(try word(words, 1, form))
    let offsetText = try word(words, 2, form)
    guard let offset = offset(offsetText) else {
      throw CommandLineError(description: "'\(offsetText)' is no offset: \(form)")
    }
    let first = try word(words, 3, form)
    if first.hasPrefix("data=") {
      let fields = try LineFields(words.dropFirst(3), subject: "write", keys: ["data"])
      return .write(place: spot, offset: offset, bytes: try fields.hex("data") ?? [])
    }
    let text = words[3...].joined(separator: " ")
    return .write(place: spot, offset: offset, bytes: Array(text.utf8.prefix(256)))
  }

  private static func call(_ words: [String]) throws(CommandLineError) -> Action {
    let form = "call FUNCTION LOCAL:SIZE…"
    let function = try word(words, 1, form)
    var locals: [LocalRequest] = []
    for text in words.dropFirst(2) {
      let parts = text.split(separator: ":").map(String.init)
      guard parts.count == 2, let size = value(parts[1]), size <= 16_384 else {
        throw CommandLineError(description: "'\(text)' is no local: \(form)")
      }
      locals.append(LocalRequest(name: parts[0], size: size))
    }
    return .call(Action.Call(function: function, locals: locals))
  }

  private static func copy(_ words: [String]) throws(CommandLineError) -> Action {
    let form = "copy to|from PLACE [+OFFSET] LENGTH [ENTRY]"
    let way = try word(words, 1, form)
    guard way == "to" || way == "from" else {
      throw CommandLineError(description: "the way is 'to' user or 'from' user: \(form)")
    }
    let placeText = try word(words, 2, form)
    var index = 3
    var offset: Int64 = 0
    let third = try word(words, 3, form)
    if third.hasPrefix("+") || third.hasPrefix("-") {
      guard let given = Self.offset(third) else {
        throw CommandLineError(description: "'\(third)' is no offset: \(form)")
      }
      offset = given
      index = 4
      guard words.count > 4 else {
        throw CommandLineError(description: "no length behind the offset \(third): \(form)")
      }
    }
    guard words.count <= index + 2 else { throw tooMany(words[index + 2], form: form) }
    let length = try number(words, index, form)
    var entry: EntryPoint = way == "to" ? .copyToUser : .copyFromUser
    if words.indices.contains(index + 1) {
      guard let named = EntryPoint(rawValue: words[index + 1]) else {
        throw CommandLineError(description: "'\(words[index + 1])' is no entry point")
      }
      entry = named
    }
    let direction: CopyDirection = way == "to" ? .toUser : .fromUser
    let isBare = entry == .checkOnly
    guard isBare || entry.direction == direction else {
      throw CommandLineError(
        description: "\(entry.rawValue) does not copy \(way) the user: \(form)")
    }
    return .copy(
      Action.Copy(
        entry: entry, direction: isBare ? direction : nil, place: place(placeText), offset: offset,
        length: length))
  }

  private static func place(_ text: String) -> Place {
    if text.hasPrefix("0x"), let address = value(text) { return .address(address) }
    return Place.Spot(rawValue: text).map { .spot($0) } ?? .named(text)
  }
}
