import Foundation
import Testing

/// What `--save` and its like do to files that are there.
@Suite struct SavingTests {
  private static let report =
    "usercopy: Kernel memory exposure attempt detected from SLUB object 'kmalloc-64' "
    + "(offset 0, size 65)!\n"

  private func save(_ folder: Folder, to path: String, before: String = "") throws
    -> Program.Outcome
  {
    let log = try folder.write("log", Self.report)
    return try Program.shell("\(before) $COPYSCOPE explain \(log) --save '\(path)'")
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func aLinkStaysALinkAndItsTargetIsReplaced() throws {
    let folder = try Folder()
    let target = try folder.write("deep/target.yaml", "old")
    for (name, destination) in [("link", "deep/target.yaml"), ("chain", "link")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path(name), withDestinationPath: destination)
    }
    #expect(try save(folder, to: folder.path("chain")).status == 0)
    for name in ["link", "chain"] {
      #expect(
        (try? FileManager.default.destinationOfSymbolicLink(atPath: folder.path(name))) != nil)
    }
    #expect(try String(contentsOfFile: target, encoding: .utf8).hasPrefix("title: "))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("new"), withDestinationPath: "deep/new.yaml")
    #expect(try save(folder, to: folder.path("new")).status == 0)
    #expect(FileManager.default.fileExists(atPath: folder.path("deep/new.yaml")))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("round"), withDestinationPath: "round")
    let round = try save(folder, to: folder.path("round"))
    #expect(round.status == 2 && round.errors.contains("symbolic links"), "\(round.errors)")
  }

  /// A link's target may have a name that is no UTF-8, and stays the one that is written.
  @Test func aTargetsNameNeedNotBeText() throws {
    let folder = try Folder()
    let log = try folder.write("log", Self.report)
    let outcome = try Program.shell(
      """
      cd '\(folder.path)' && name=$(printf 'odd\\377.yaml') && echo old > "$name" && ln -s "$name" link
      $COPYSCOPE explain '\(log)' --save link && head -n 1 "$name" && ls | wc -l
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.lines.first?.hasPrefix("title: ") == true)
    #expect(outcome.lines.dropFirst().first == "3")
  }

  /// Of many that take the same new name at once exactly one gets it whole, and each is told.
  @Test func aNewNameIsTakenOnce() throws {
    let folder = try Folder()
    let log = try folder.write("log", Self.report)
    let outcome = try Program.shell(
      """
      cd '\(folder.path)' && for i in {1..20}; do
        $COPYSCOPE explain '\(log)' --save mine.yaml 2>said$i; echo $? >status$i & done; wait
      cat status* | sort | uniq -c | wc -l; cat said*; ls -A | grep -c copyscope-
      """)
    for line in outcome.lines where line.contains("mine.yaml") {
      #expect(line.contains("made by somebody else meanwhile"), "\(line)")
    }
    #expect(outcome.text.hasSuffix("0\n"), "\(outcome.text)")
  }

  @Test func permissionsStayAsTheyWere() throws {
    let folder = try Folder()
    for mode in [0o600, 0o640, 0o664] {
      let path = try folder.write("kept.yaml", "old")
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      #expect(try save(folder, to: path).status == 0)
      #expect(try self.mode(path) == mode)
    }
    let fresh = folder.path("fresh.yaml")
    #expect(try save(folder, to: fresh, before: "umask 027;").status == 0)
    #expect(try mode(fresh) == 0o640)
  }

  /// Whatever goes wrong, the old file is whole and nothing else is left.
  @Test func whatCannotBeWrittenLeavesNothing() throws {
    let folder = try Folder()
    let path = try folder.write("there.yaml", "old")
    let log = try folder.write("log", Self.report)
    let large = try Program.shell(
      "(ulimit -f 0; $COPYSCOPE explain \(log) --save '\(path)'; echo \"status $?\") 2>&1 | cat")
    #expect(large.text.hasSuffix("there.yaml: cannot be written: File too large\nstatus 2\n"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["log", "there.yaml"])
    for (name, words) in [
      ("", "no name"), (folder.path + "/none/x.yaml", "No such file or directory"),
      (folder.path + "/", "Is a directory"), (folder.path, "no regular file"),
      ("/dev/null", "no regular file"),
    ] {
      let outcome = try save(folder, to: name)
      #expect(outcome.status == 2 && outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test func outputThatGrowsTooLargeIsAnError() throws {
    let folder = try Folder()
    let outcome = try Program.shell(
      "cd \(folder.path); ulimit -f 8; $COPYSCOPE run 1 2 3 4 5 6 7 8 --trace > out")
    #expect(outcome.status == 2)
    #expect(outcome.errors == "copyscope: standard output: File too large\n")
  }

  /// More steps than a scenario may have: what is written can be read.
  @Test func longProgramsAreSavedAsFarAsAScenarioGoes() throws {
    let folder = try Folder()
    let path = folder.path("long.yaml")
    let run = try Program.start(
      Program.path, ["gadget", "--save", path, "--", GadgetProgramTests.sample, "many"], input: [],
      environment: [:])
    #expect(run.status == 0)
    #expect(run.errors.contains("the first 2000 of "), "\(run.errors)")
    let again = try Program.run("run", path)
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.text.contains("Step 2000"))
  }
}
