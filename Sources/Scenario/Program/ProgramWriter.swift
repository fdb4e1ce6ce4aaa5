public import Simulation
import RawGadget

/// Writes what the device does in a scenario as a plain C program for a real `/dev/raw-gadget`.
///
/// Each thread of the story is a thread of the program; the steps take turns, so that the calls are made in
/// the order of the story. What the host does is left to the host.
public enum ProgramWriter {
  /// The program, or nil where no step is a call of a raw-gadget program.
  public static func text(_ script: Script) -> String? {
    let calls = script.steps.enumerated().compactMap { index, step in
      CallStep(step.action, number: index + 1)
    }
    guard calls.contains(where: { $0.isCall }) else { return nil }
    let threads = names(calls)
    let files = Set(calls.compactMap(\.file)).sorted()
    var parts = [head(script), ProgramText.start]
    parts.append(files.map { "static int \(identifier("file", $0)) = -1;" }.joined(separator: "\n"))
    if threads.count > 1 || calls.contains(where: { $0.signalled != nil }) {
      parts.append(
        threads.map { "static pthread_t \(identifier("id", $0));" }.joined(separator: "\n"))
    }
    for thread in threads { parts.append(function(thread, calls, of: calls.count)) }
    parts.append(main(threads))
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func head(_ script: Script) -> String {
    """
    /*
     * \(comment(script.title)): the device's side, as copyscope wrote it.
     *
     *   cc -o gadget gadget.c -lpthread
     */
    """
  }

  /// The threads, the first of them `main`.
  private static func names(_ calls: [CallStep]) -> [String] {
    var names = ["main"]
    for call in calls where !names.contains(call.thread) { names.append(call.thread) }
    return names
  }

  private static func function(_ thread: String, _ calls: [CallStep], of count: Int) -> String {
    var lines = ["static void *\(identifier("run", thread))(void *nothing) {"]
    // Turns are counted over the calls, whatever stands between them in the story.
    for (turn, call) in calls.enumerated() where call.thread == thread {
      lines.append("  begin(\(turn), \(call.returns ? 1 : 0)); /* step \(call.number) */")
      lines += call.statements.map { "  " + $0 }
      lines.append("  end(\(turn), \(call.returns ? 1 : 0));")
    }
    return (lines + ["  return nothing;", "}"]).joined(separator: "\n")
  }

  private static func main(_ threads: [String]) -> String {
    var lines = ["int main(void) {", "  signal(SIGUSR1, on_signal);"]
    for thread in threads.dropFirst() {
      lines.append(
        "  pthread_create(&\(identifier("id", thread)), NULL, \(identifier("run", thread)), NULL);")
    }
    if threads.count > 1 { lines.append("  \(identifier("id", "main")) = pthread_self();") }
    lines.append("  \(identifier("run", "main"))(NULL);")
    return (lines + ["  return 0;", "}"]).joined(separator: "\n")
  }

  /// A name of C's for a name of the scenario's; different ones stay different.
  static func identifier(_ kind: String, _ name: String) -> String {
    kind + "_"
      + name.unicodeScalars.map { scalar in
        let isPlain =
          scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        return isPlain ? String(scalar) : "_\(String(scalar.value, radix: 16))_"
      }.joined()
  }

  /// Text inside a comment of C.
  static func comment(_ text: String) -> String {
    String(
      text.unicodeScalars.map { $0 == "*" || $0 == "\\" || $0.value < 0x20 ? " " : Character($0) })
  }
}
