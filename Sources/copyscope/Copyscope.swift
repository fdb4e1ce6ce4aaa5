import ArgumentParser

/// The command line: one file a subcommand.
@main
struct Copyscope: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "copyscope",
    abstract: "See, byte by byte, which copies between kernel and user memory a kernel lets pass.",
    version: "1.0.0",
    subcommands: [Verify.self])
}
