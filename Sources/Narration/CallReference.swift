import RawGadget
import USB

/// Every call of `/dev/raw-gadget` with its checks as a page of the documentation, printed from the table the
/// driver goes by.
public enum CallReference {
  /// The page, in Markdown.
  public static let text: String = {
    var lines = [
      "# Calls and their checks", "",
      "What each call of `/dev/raw-gadget` looks at, in the driver's order.", "",
      "## Overview", "",
      "The first check that fails refuses the call. Those marked *later* come up while the call does its "
        + "work. `why` in an expectation is the name; a name with `…` has an error number behind it, such "
        + "as `udc-queue:-108`. Versions of the driver leave out a few of them: `copyscope run LESSON "
        + "--drivers` shows two beside each other.", "",
      "This page is printed from the table the driver itself goes by.",
    ]
    for call in RawIoctl.allCases {
      lines += ["", "## \(call.shortName)", "", "`\(call.name)`, `\(call.entry.function)()`.", ""]
      lines += ["| check | error | meaning |", "| --- | --- | --- |"]
      lines += call.entry.checks.list.map { row($0.check, $0.errno?.name, later: false) }
      lines += call.entry.later.list.map { row($0.check, $0.errno?.name, later: true) }
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  private static func row(_ check: CallCheck, _ errno: String?, later: Bool) -> String {
    let name = (check.recorded ?? check.rawValue) + (check.passesErrorOn ? ":…" : "")
    return "| `\(name)`\(later ? ", *later*" : "") | \(errno ?? "the controller's") "
      + "| \(RefusalWords.sentence(check)) |"
  }
}
