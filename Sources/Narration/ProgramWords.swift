import Text

/// A running program in words.
public enum ProgramWords {
  /// What it has written, for the story: the last lines of it; empty for nothing.
  public static func said(_ text: String) -> String {
    let lines = text.split(separator: "\n").suffix(8).joined(separator: " / ")
    return lines.isEmpty ? "" : "The program says: \(lines.suffix(400))"
  }

  /// All it has written, a line a line.
  public static func lines(_ text: String) -> [String] {
    let lead = "The program says: "
    let lines = text.split(separator: "\n").map(String.init)
    return lines.enumerated().map { index, line in
      (index == 0 ? lead : String(repeating: " ", count: lead.count)) + line
    }
  }

  /// It ended by itself.
  public static func ended(status: Int32) -> String {
    "the program ended with exit status \(status)"
  }

  /// A signal ended it.
  public static func ended(signal: Int32) -> String { "signal \(signal) ended the program" }

  /// It was ended from here after so many calls.
  public static func stopped(calls: Int) -> String {
    "the program was stopped after \(calls) calls"
  }

  /// It was ended where the user wanted.
  public static func stopped(at point: String) -> String {
    "the program was stopped at \(point)"
  }

  /// It was ended because a signal ended what follows it.
  public static func stopped(signal: Int32) -> String {
    "signal \(signal) ended the play, and the program with it"
  }

  /// It can only wait for ever.
  public static let waitsForEver =
    "the program waits for the host, and the host has nothing more to do"

  /// It was ended because the inspector was left or something else opened.
  public static let left = "the program was ended"

  /// Whether it may be ended for something else to be opened.
  public static func asks(for name: String) -> String {
    "a program runs here; the same again ends it and opens \(name)"
  }

  /// A program asked for a controller this machine has not.
  ///
  /// - Parameters:
  ///   - device: the controller's name, as the program gave it.
  ///   - driver: what the program calls its kind.
  ///   - known: the controllers there are, each with what its kind is called.
  public static func otherController(
    _ device: String, of driver: String, known: [(name: String, driver: String)]
  ) -> String {
    let (device, driver) = (Printable.text(device), Printable.text(driver))
    let there = known.map { "\($0.name) of \($0.driver)" }.joined(separator: " and ")
    let choice = device == driver ? device : "\(device):\(driver)"
    return
      "the program asks for the controller '\(device)' of '\(driver)'; here there is \(there): "
      + "--udc \(choice) gives it that name, and many programs take driver and device as arguments"
  }

  /// It reads its terminal, where nobody writes.
  public static let readsInput =
    "the program waits for input; with --tty it gets what is typed here"

  /// It ended without one.
  public static let madeNoCall = "It made no call on /dev/raw-gadget."

  /// It is between two calls.
  public static let runs = "The program runs."

  /// How it ended, as a sentence of its own.
  public static func sentence(_ words: String) -> String {
    words.prefix(1).uppercased() + words.dropFirst() + "."
  }

  /// The system does not start it.
  public static func cannotStart(_ program: String, _ cause: String) -> String {
    "\(program): \(cause)"
  }

  /// The kernel does not hand its calls on.
  public static func cannotFollow(_ program: String, _ cause: String) -> String {
    "\(program): this kernel does not let its calls be followed: \(cause); Linux 5.9 or later, "
      + "x86_64 or arm64, and seccomp are needed"
  }

  /// Somebody else follows its calls.
  public static func followedAlready(_ program: String, _ cause: String) -> String {
    "\(program): its calls are followed by another program already: \(cause)"
  }

  /// There is no terminal left for it.
  public static func noTerminal(_ cause: String) -> String {
    "no terminal can be made for the program: \(cause)"
  }

  /// There is no process left for it.
  public static func noProcess(_ cause: String) -> String {
    "no process can be made for the program: \(cause)"
  }

  /// It waits, and somebody can help it.
  public static let waits = "The program waits for the host; ':host' does something there."
}
