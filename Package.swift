// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A room of the program: what it is for stands in its own documentation.
func room(_ name: String, _ uses: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: uses, resources: resources, swiftSettings: strict)
}

/// Tests of one room. `data` are files the tests read from beside their sources.
func tests(_ name: String, _ uses: [Target.Dependency], data: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: uses + ["Support"], exclude: data, swiftSettings: strict)
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "copyscope",
  products: [.executable(name: "copyscope", targets: ["copyscope"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncursesw5-dev"])]),
    room("Escaping"),
    room("Usercopy"),
    room("RawGadget", ["Usercopy"]),
    room("Timeline"),
    room("Simulation", ["Usercopy", "RawGadget", "Timeline"]),
    room(
      "Scenario", ["Narration", "Simulation", "RawGadget", "Usercopy", "Escaping", yams],
      resources: [.embedInCode("Lessons")]),
    room("KernelLog", ["Escaping"]),
    room("Conformance", ["Scenario", "Simulation", "Usercopy", "RawGadget", "Escaping"]),
    room("Grid"),
    room("Theme", ["Grid", yams], resources: [.embedInCode("builtin")]),
    room("Narration", ["Simulation", "RawGadget", "Usercopy", "KernelLog", "Escaping"]),
    room(
      "Inspector",
      ["Narration", "Simulation", "Timeline", "RawGadget", "Usercopy", "KernelLog", "Grid"]),
    room("Terminal", ["Grid", "Theme", "CNcurses"]),
    .target(name: "CSupervisor"),
    room("Supervisor", ["Simulation", "RawGadget", "CSupervisor"]),
    .executableTarget(
      name: "copyscope",
      dependencies: [
        "Inspector", "Terminal", "Theme", "Grid", "Scenario", "KernelLog", "Conformance",
        "Supervisor", "Narration", "Simulation", "Timeline", "RawGadget", "Usercopy", "Escaping",
        arguments,
      ], swiftSettings: strict),
    .target(name: "Support", path: "Tests/Support", swiftSettings: strict),
    .target(name: "Tidy", path: "Tests/Tidy", swiftSettings: strict),
    // A raw-gadget program for the tests to run.
    .executableTarget(
      name: "SampleGadget", path: "Tests/SampleGadget", cSettings: [.define("_GNU_SOURCE")]),
    tests("Escaping", ["Escaping"]),
    tests("Usercopy", ["Usercopy"]),
    tests("RawGadget", ["RawGadget", "Usercopy", "Conformance"], data: ["Vectors"]),
    tests("Timeline", ["Timeline"]),
    tests(
      "Scenario",
      ["Scenario", "Simulation", "Narration", "KernelLog", "RawGadget", "Usercopy", yams],
      data: ["Transcripts"]),
    tests(
      "KernelLog", ["KernelLog", "Escaping"], data: ["Data"]),
    tests(
      "Conformance", ["Conformance", "Scenario", "Simulation", "Usercopy", "RawGadget"],
      data: ["Vectors"]),
    tests("Grid", ["Grid"]),
    tests("Terminal", ["Terminal", "Theme", "Grid"]),
    tests("Theme", ["Theme", "Grid"]),
    tests(
      "Inspector",
      [
        "Inspector", "Narration", "Scenario", "Simulation", "Timeline", "Theme", "Grid", "RawGadget",
        "Usercopy", "KernelLog",
      ],
      data: ["Goldens"]),
    tests("Command", []),
    tests("Tidy", ["Tidy"]),
  ],
  swiftLanguageModes: [.v6]
)
