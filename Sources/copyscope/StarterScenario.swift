import Foundation

/// The scenario a new file starts with.
enum StarterScenario {
  static let text = """
    # A scenario: a machine, and steps that are done to it one after the other.
    # 'copyscope run FILE' plays it, 'copyscope open FILE' shows it, and
    # 'copyscope run --watch FILE' plays it again whenever it is saved.
    title: My first scenario
    about: One sentence a lecturer would say.

    # Whose rules judge (copyscope run FILE --era NAME tries others), on which machine.
    kernel: { era: rfc-v1, allocator: slub, arch: x86_64 }

    # Caches of your own, beside kmalloc's. Only the bytes from useroffset on may be copied.
    caches:
      - { name: session, object-size: 96, useroffset: 16, usersize: 32 }

    steps:
      # What 'as' names can be used in later steps.
      - alloc: { cache: session, as: mine, bytes: "what the program may see" }
        say: The driver keeps a session for the program.
      - alloc: { cache: session, as: other, bytes: "what it may not" }
        say: The next session is another program's.

      # A copy that fits. 'expect' is checked each time the scenario is played.
      - copy: { entry: copy_to_user, from: mine, offset: 16, length: 32 }
        expect: { verdict: allow, copied: 32 }
        say: The program asks for what is its own.

      # One byte past the end of the object.
      - copy: { entry: copy_to_user, from: mine, offset: 16, length: 81 }
        expect: { verdict: deny, by: slab_access_ok, not-copied: 81 }
        say: 80 bytes are left from byte 16 on, so 81 are refused.

    """

  /// Writes the starter; never over a file that is there.
  static func write(to path: String) throws {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    let descriptor = open(FileName.bytes(path), flags, 0o644)
    guard descriptor >= 0 else {
      throw BadInput(
        errno == EEXIST
          ? "\(FileName.shown(path)): is there already; --new writes over no file"
          : "\(FileName.shown(path)): cannot be written: \(SystemError.words(errno))")
    }
    let problem = Output.send(Array(text.utf8), to: descriptor)
    close(descriptor)
    guard problem == 0 else {
      unlink(path)
      throw BadInput("\(FileName.shown(path)): cannot be written: \(SystemError.words(problem))")
    }
  }
}
