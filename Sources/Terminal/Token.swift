/// What curses reads: a scalar, or a key that the terminal's description names.
enum Token: Hashable {
  case scalar(UInt32)
  case named(String)
}
