import CNcurses
import Glibc
public import Grid
public import Theme

/// The terminal as a screen: shows frames and waits for input.
///
/// There is one owner, and however it ends (``close()``, an error thrown past it, a signal, a trap, `exit`)
/// the terminal is as it was before. A signal that asks the program to end arrives as ``Input/end(signal:)``;
/// a second one ends it at once. Job control is served inside ``next(timeout:waking:)``.
public struct Screen: ~Copyable {
  /// What the terminal can do.
  public let capabilities: Capabilities
  /// The terminal's size in columns and rows.
  public private(set) var width, height: Int

  private let handle: OpaquePointer
  private let pad: cn_window
  let rescue: Rescue
  private var painter: TerminalEncoder
  private var keyboard = Keyboard()
  private var shown: Grid?
  private var latest: Frame?
  private var cursor: Position?
  var title: String?
  private var endSignal: Rescue.Caught?
  private var hasStopped = false

  /// Opens the terminal on standard input and output.
  public init(theme: Theme, options: Options = Options()) throws(TerminalError) {
    let opened = try Screen.opened(options)
    (capabilities, rescue, handle) = opened
    pad = cn_window(window: newpad(1, 1))
    Screen.configure(pad: pad)
    painter = TerminalEncoder(theme: theme, depth: capabilities.depth)
    (width, height) = Terminal.size() ?? (80, 24)
    rescue.enterRawMode(hasColours: capabilities.depth != .none, again: false)
  }

  private static func opened(
    _ options: Options
  ) throws(TerminalError) -> (Capabilities, Rescue, OpaquePointer) {
    guard isatty(STDIN_FILENO) == 1 else { throw .notATerminal(stream: "standard input") }
    guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal(stream: "standard output") }
    let capabilities = try Capabilities(options: options)
    let rescue = try Rescue(usesMouse: options.usesMouse)
    guard let handle = cn_newterm(capabilities.name) else {
      rescue.uninstall()
      throw .unsuitableTerminal(name: capabilities.name)
    }
    return (capabilities, rescue, handle)
  }

  /// Modes of the terminal and of curses. Keys that belong to job control stay with the terminal; flow
  /// control does not, so C-s and C-q are keys. Output goes out as it is: frames need no looking through,
  /// and a line feed moves down alone.
  private static func configure(pad: cn_window) {
    cbreak()
    noecho()
    nonl()
    var modes = termios()
    if tcgetattr(STDIN_FILENO, &modes) == 0 {
      modes.c_iflag &= ~tcflag_t(IXON)
      modes.c_oflag &= ~tcflag_t(OPOST)
      modes.c_lflag &= ~tcflag_t(IEXTEN)
      tcsetattr(STDIN_FILENO, TCSANOW, &modes)
    }
    def_prog_mode()
    set_escdelay(Keyboard.patience)
    typeahead(-1)
    intrflush(pad.window, false)
    // Reading from a pad never refreshes the screen.
    keypad(pad.window, true)
    nodelay(pad.window, true)
    // The mouse is read by Keyboard, in SGR form, whatever form the description names.
    define_key(nil, KEY_MOUSE)
  }

  /// Puts the terminal back.
  public consuming func close() {}

  deinit {
    leave()
    rescue.uninstall()
    delwin(pad.window)
    delscreen(handle)
  }

  /// Changes the colours; the next frame is drawn in them.
  public mutating func use(_ theme: Theme) {
    painter.use(theme)
    shown = nil
  }

  /// Shows a frame. Nothing is written when it looks like the one before; a grid larger than the screen
  /// is cut at its right and lower edges.
  public mutating func show(_ frame: Frame) {
    latest = frame
    let grid = painter.simplified(
      capabilities.isUTF8 ? frame.grid : frame.grid.asciiFolded())
    var bytes: [UInt8] = []
    var before = shown ?? Grid(width: grid.width, height: grid.height)
    if shown == nil || before.width != grid.width || before.height != grid.height {
      bytes = painter.clear(height: height, width: width)
      before = Grid(width: grid.width, height: grid.height)
    }
    let isMoved = (frame.cursor == nil) != (cursor == nil)
    bytes += painter.paint(
      Diff(from: before, to: grid), width: width, height: height, cursor: frame.cursor)
    if isMoved { bytes += Rescue.capability(frame.cursor == nil ? "civis" : "cnorm") }
    cursor = frame.cursor
    shown = grid
    if !bytes.isEmpty { rescue.write(Screen.whole(bytes)) }
    if let title = frame.title, title != self.title { setTitle(title) }
  }

  /// A frame that a terminal gets in more than one piece, marked so that it is shown in one (mode 2026;
  /// terminals without it ignore it).
  private static func whole(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > pieceSize else { return bytes }
    return Array("\u{1B}[?2026h".utf8) + bytes + Array("\u{1B}[?2026l".utf8)
  }

  /// What Linux hands on of a write to a terminal at once.
  private static let pieceSize = 2048

  /// Draws everything again, for when something else has written to the terminal.
  public mutating func repaint() {
    shown = nil
    if let latest { show(latest) }
  }

  /// Stops the program as Ctrl-Z does and comes back with everything drawn when it is continued.
  public mutating func stop() {
    let rescue = rescue
    suspended { rescue.stop() }
  }

  /// Leaves the screen to another program for the time of `body`.
  public mutating func suspended<Result>(_ body: () -> Result) -> Result {
    leave()
    let result = body()
    reset_prog_mode()
    rescue.enterRawMode(hasColours: capabilities.depth != .none, again: true)
    cursor = nil
    repaint()
    return result
  }

  private func leave() {
    if title != nil { rescue.write(Array("\u{1B}[23;2t".utf8)) }
    rescue.restore()
  }
}

extension Screen {
  /// Waits for input. With nothing to do the program sleeps until something comes.
  ///
  /// - Parameters:
  ///   - timeout: milliseconds after which ``Input/tick`` is given; nil waits for ever.
  ///   - waking: descriptors to wait for as well; one that can be read gives ``Input/wake(descriptor:)``.
  public mutating func next(timeout: Int? = nil, waking: [Int32] = []) -> Input {
    let deadline = timeout.map { Screen.now() + max($0, 0) }
    rescue.rearm()
    while true {
      if let input = served() ?? typed() { return input }
      var waits = ([STDIN_FILENO, rescue.descriptor] + waking).map { descriptor in
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      }
      let rest = deadline.map { Int32(clamping: max($0 - Screen.now(), 0)) } ?? -1
      let ready = poll(&waits, nfds_t(waits.count), rest)
      if ready == 0, rest == 0 || deadline.map({ Screen.now() >= $0 }) == true { return .tick }
      guard ready > 0 else { continue }
      if waits[1].revents != 0 { noteSignals() }
      if waits[0].revents != 0, let input = keyboardInput(waits[0].revents) { return input }
      if endSignal == nil, let ready = waits[2...].first(where: { $0.revents != 0 }) {
        return .wake(descriptor: ready.fd)
      }
    }
  }

  /// Whether something was typed that ``next(timeout:waking:)`` has not given yet: a frame drawn now would
  /// be the past.
  public var hasTyped: Bool { cn_waiting(STDIN_FILENO) > 0 }

  /// Milliseconds of a clock that only goes forward.
  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// What standard input has; the end of a terminal that is gone.
  private mutating func keyboardInput(_ events: Int16) -> Input? {
    if let input = typed() { return input }
    let isGone = Int32(events) & (POLLHUP | POLLERR | POLLNVAL) != 0
    guard isGone || isAtEnd() else { return nil }
    return .end(signal: SIGHUP)
  }

  /// Whether standard input reads as ended although it was said to be ready.
  private func isAtEnd() -> Bool {
    Screen.isReadable(within: 0) && cn_waiting(STDIN_FILENO) == 0
  }

  /// Sorts the signals that have come.
  private mutating func noteSignals() {
    for signal in rescue.signals() {
      switch signal.number {
      case SIGTSTP: hasStopped = true
      case SIGWINCH: break
      case SIGCONT: repaint()
      default: endSignal = endSignal ?? signal
      }
    }
  }

  /// What signals ask for: the end, a stop, another size.
  private mutating func served() -> Input? {
    noteSignals()
    if let signal = endSignal {
      endSignal = nil
      return signal.input
    }
    if hasStopped {
      hasStopped = false
      stop()
      // The continuation has been served by drawing again.
      for signal in rescue.signals() where signal.asksForTheEnd { return signal.input }
    }
    return resized()
  }

  private mutating func resized() -> Input? {
    guard let size = Terminal.size(), size != (width, height) else { return nil }
    (width, height) = size
    shown = nil
    return .resize(width: width, height: height)
  }

  /// The next key, mouse event or paste that has arrived.
  private mutating func typed() -> Input? {
    while let token = Screen.token(pad, within: 0) {
      let pad = pad
      let input = keyboard.input(token) { Screen.token(pad, within: $0) }
      if case .paste = input { return .paste(pasted()) }
      if let input { return input }
    }
    return nil
  }

  /// What is pasted. Curses is not asked: it takes bytes that are no text for the end of what there is.
  /// A signal that asks for the end is not kept waiting by a paste that has none.
  private mutating func pasted() -> String {
    var paste = Paste()
    while !paste.isWhole, endSignal == nil, Screen.isReadable(within: Paste.patience) {
      noteSignals()
      var bytes = [UInt8](repeating: 0, count: paste.wanted)
      let count = read(STDIN_FILENO, &bytes, bytes.count)
      guard count > 0 || count < 0 && errno == EINTR else { break }
      for byte in bytes.prefix(max(0, count)) { paste.take(byte) }
    }
    return paste.text
  }

  /// Whether something can be read within some milliseconds.
  private static func isReadable(within milliseconds: Int32) -> Bool {
    var wait = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while true {
      let ready = poll(&wait, 1, milliseconds)
      if ready >= 0 || errno != EINTR { return ready > 0 }
    }
  }

  private static func token(
    _ pad: cn_window, within milliseconds: Int32
  ) -> Token? {
    var waits = milliseconds > 0
    while true {
      var value: wint_t = 0
      switch wget_wch(pad.window, &value) {
      case KEY_CODE_YES:
        return .named(keyname(Int32(bitPattern: value)).map { String(cString: $0) } ?? "")
      case OK: return .scalar(value)
      default:
        guard waits, isReadable(within: milliseconds) else { return nil }
        waits = false
      }
    }
  }
}
