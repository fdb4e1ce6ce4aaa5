public import Grid
public import KernelLog
public import Simulation

/// What comes in: from the terminal, or from what an effect asked for.
public enum Message: Sendable {
  case key(Key)
  case mouse(Mouse)
  case resize(width: Int, height: Int)
  /// A scenario that was asked for.
  case opened(Script)
  /// The slab caches that were asked for.
  case caches(CacheListing)
  /// Something that could not be done, or was.
  case told(String, isError: Bool)
  /// The time asked for by `wakeAfter` has passed.
  case tick
}

/// What the world outside is asked to do.
public enum Effect: Sendable, Hashable {
  case quit
  /// The same; what was done by hand is not to be kept.
  case quitWithoutKeeping
  /// Load the lesson of that id and answer with `.opened`.
  case openLesson(String)
  /// Read the slab caches and answer with `.caches`.
  case readCaches
  /// Write the scenario to a file, named or chosen by the program; `insists` where the file is one that others wrote
  /// or protected.
  case save(fileName: String?, insists: Bool)
  /// Put the screen's text on the clipboard.
  case copyScreen
  /// Draw with the theme of that name from now on.
  case useTheme(String)
  /// Let the running program make its next call.
  case letProgramGo
}
