import Foundation
import Testing

/// What a shell completes, the manual pages and the version.
@Suite struct ShellTests {
  /// What bash offers for the last word of a line.
  private func offered(_ words: String..., in folder: Folder? = nil) throws -> [Substring] {
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    return try Program.shell(
      """
      cd '\(folder?.path ?? "/")' && eval "$($COPYSCOPE --generate-completion-script bash)"
      COMP_WORDS=("$COPYSCOPE" \(quoted)); COMP_CWORD=\(words.count)
      COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
      _copyscope "$COPYSCOPE" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    ).lines.filter { !$0.isEmpty }
  }

  @Test func bashOffersLessonsAndFiles() throws {
    let folder = try Folder()
    for name in ["paper-trail.yaml", "page.txt", "p x.yaml", "pages/a.yaml"] {
      try folder.write(name, "title: x\n")
    }
    // What is carried out as a command would leave a file.
    try folder.write("p$(touch gone).yaml", "title: x\n")
    let lessons = try offered("open", "p", in: folder)
    #expect(lessons.contains("past-the-end") && lessons.contains("paper-trail.yaml"))
    #expect(lessons.contains("pages") && !lessons.contains("page.txt"))
    #expect(!lessons.contains { $0.contains("$") })
    #expect(!FileManager.default.fileExists(atPath: folder.path("gone")))
    #expect(try offered("explain", "pa", in: folder).contains("page.txt"))
    #expect(try offered("run", "pages/", in: folder).contains("pages/a.yaml"))
  }

  /// A name with a blank is one word, and goes on from the half of it that was typed with a backslash.
  @Test func bashKeepsNamesWithBlanksWhole() throws {
    let folder = try Folder()
    for name in ["my lesson.yaml", "my other/part one.yaml"] {
      try folder.write(name, "title: x\n")
    }
    #expect(try offered("open", "my", in: folder) == ["my lesson.yaml", "my other"])
    #expect(try offered("run", #"my\ l"#, in: folder) == ["my lesson.yaml"])
    #expect(try offered("run", #"my\ other/p"#, in: folder) == ["my other/part one.yaml"])
  }

  @Test func bashOffersCourses() throws {
    #expect(try offered("open", "--course", "one") == ["one-hour"])
    #expect(try offered("lessons", "--course", "usb") == ["usb-gadget"])
    #expect(try offered("export", "kernel-m") == ["kernel-memory"])
  }

  @Test func bashOffersThemesErasAndHostScripts() throws {
    #expect(try offered("open", "--theme", "pap") == ["paper"])
    let eras = try offered("run", "--era", "linux-4")
    #expect(eras.contains("linux-4.8") && eras.contains("linux-4.16"))
    #expect(try offered("gadget", "--host", "dr") == ["drain"])
  }

  @Test func bashOffersTheCachesOfTheFolderNamed() throws {
    let folder = try Folder()
    try folder.write("slab/kmalloc-64/object_size", "64\n")
    let direct = try Program.shell(
      "$COPYSCOPE ---completion caches -- --open 4 0 copyscope caches --from '\(folder.path)' --open",
      environment: ["SAP_SHELL": "bash"])
    #expect(direct.lines.contains("kmalloc-64"), "\(direct.text)\(direct.errors)")
  }

  /// For each shell there is a script, and it asks the program for what it cannot know.
  @Test(arguments: ["bash", "zsh", "fish"])
  func everyShellHasAScript(_ shell: String) throws {
    let script = try Program.run("--generate-completion-script", shell)
    #expect(script.status == 0 && script.text.contains("---completion"))
    #expect(script.text.contains("linux-6.12"))
  }

  @Test func manualPagesHaveEveryCommandOptionActionAndKey() throws {
    let program = try Program.run("manual", "copyscope")
    let help = try Program.run("--help").text
    let commands = help.matches(of: /\n  ([a-z]+)(?: \(default\))? {2,}/).map { String($0.1) }
    #expect(commands.count > 10)
    for command in commands {
      #expect(program.text.contains("\n.SS \"\(command)\"\n"), "\(command)")
      let own = try Program.run("help", command).text
      for option in own.matches(of: /\n  (--[a-z-]+)/) {
        let name = option.1.replacing("-", with: "\\-")
        #expect(program.text.contains("\\fB\(name)"), "\(command) \(option.1)")
      }
    }
    let scenario = try Program.run("manual", "copyscope-scenario").text
    for word in ["alloc", "copy", "ioctl", "title", "useroffset", "signal\\-restart"] {
      #expect(scenario.contains("\"\(word)\"") || scenario.contains("\\fB\(word)\\fR"), "\(word)")
    }
    let keys = try Program.run("manual", "copyscope-keys").text
    let table = try #require(
      try Program.run("keys", "--format", "json").json as? [[String: Any]])
    #expect(table.count > 50)
    for row in table {
      let command = try #require(row["command"] as? String).replacing("-", with: "\\-")
      #expect(keys.contains("(\(command))"), "\(command)")
    }
  }

  /// Nothing of a page's words is taken for a command of roff.
  @Test(arguments: ["copyscope", "copyscope-scenario", "copyscope-keys"])
  func manualPagesAreRoff(_ page: String) throws {
    let text = try Program.run("manual", page).text
    let known: Set<Substring> = [".TH", ".SH", ".SS", ".PP", ".TP", ".nf", ".fi"]
    for line in text.split(separator: "\n") {
      #expect(!line.hasPrefix("'"), "\(line)")
      guard line.hasPrefix(".") else { continue }
      #expect(known.contains(line.prefix { $0 != " " }), "\(line)")
    }
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII && ($0.value >= 32 || $0 == "\n") })
  }

  @Test func theVersionIsOneAndIsInThePageOfChanges() throws {
    let said = try Program.run("--version").text
    let version = try #require(
      try /(\d+\.\d+\.\d+)(?: \(commit [0-9a-f]+\))?\n/.wholeMatch(in: said))
    let changes = try String(
      contentsOf: Program.root.appending(
        path: "Sources/Inspector/Inspector.docc/Changes.md"), encoding: .utf8)
    let newest = changes.firstMatch(of: /(?m)^## (\d+\.\d+\.\d+)$/)
    #expect(newest?.1 == version.1)
  }

  @Test func aCommandTypedWithASlipIsSuggested() throws {
    let typed = try Program.run("lessosn")
    #expect(typed.status == 2 && typed.errors.contains("did you mean 'copyscope lessons'?"))
  }

  /// Without what it needs `.ci/ready` stops before it changes anything, and says what to do.
  @Test func withoutSwiftTheTwoCommandsStopAndSayWhatToDo() throws {
    let folder = try Folder()
    for tool in ["sh", "sed", "dirname", "id", "grep", "echo"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path(tool),
        withDestinationPath: try Program.shell("command -v \(tool) | grep / || echo /bin/\(tool)")
          .text.trimmingCharacters(in: .newlines))
    }
    func ready() throws -> Program.Outcome {
      try Program.start(
        "/usr/bin/env",
        ["PATH=\(folder.path)", "/bin/sh", Program.root.appending(path: ".ci/ready").path],
        input: [], environment: [:])
    }
    let none = try ready()
    #expect(none.status == 2 && none.errors.contains("swift.org/install"))
    for (says, wanted) in [
      ("Apple Swift version 5.10.1 (swift-5.10.1-RELEASE)", "Swift 5.10 is too old"),
      ("python-swiftclient 4.2.0", "is another program"),
    ] {
      try? FileManager.default.removeItem(atPath: folder.path("swift"))
      let fake = try folder.write("swift", "#!/bin/sh\necho '\(says)'\n")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fake)
      let stopped = try ready()
      #expect(stopped.status == 2 && stopped.errors.contains(wanted), "\(stopped.errors)")
    }
  }
}
