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

/// The commit the sources are of, where whoever builds knows it: `copyscope --version` tells it.
let commit = (Context.environment["COPYSCOPE_COMMIT"] ?? "").filter(\.isHexDigit)

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
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    room("Text"),
    room("JSON", ["Text"]),
    room("KernelHistory"),
    room("Usercopy", ["KernelHistory", "Text"]),
    room("USB", ["Text"]),
    room("DummyUDC", ["USB"]),
    room("UsbHost", ["USB"]),
    room("RawGadget", ["Usercopy", "USB", "Text"]),
    room("GadgetWorld", ["RawGadget", "DummyUDC", "UsbHost", "USB"]),
    room("Timeline"),
    room(
      "Simulation",
      [
        "Usercopy", "KernelHistory", "GadgetWorld", "RawGadget", "UsbHost", "USB", "Timeline",
        "Text",
      ]),
    room(
      "Scenario",
      [
        "Narration", "Simulation", "GadgetWorld", "RawGadget", "USB",
        "Usercopy", "KernelHistory", "JSON", "Text",
        yams,
      ],
      resources: [.embedInCode("Lessons")]),
    room("KernelLog", ["KernelHistory", "USB", "Text"]),
    room(
      "Conformance",
      [
        "Scenario", "Simulation", "Usercopy", "KernelHistory", "GadgetWorld", "RawGadget",
        "UsbHost", "DummyUDC", "USB", "JSON", "Text",
      ]),
    room("Grid", ["Text"]),
    room("Theme", ["Grid", "Text", yams], resources: [.embedInCode("builtin")]),
    room(
      "Narration",
      [
        "Simulation", "GadgetWorld", "RawGadget", "UsbHost", "USB", "Usercopy",
        "KernelLog", "KernelHistory", "JSON", "Text",
      ]),
    room(
      "Inspector",
      [
        "Narration", "Simulation", "Timeline", "GadgetWorld", "RawGadget", "UsbHost", "DummyUDC",
        "USB", "Usercopy", "KernelLog", "Grid",
        "Text",
      ]),
    room("Terminal", ["Grid", "Theme", "Text", "CNcurses"]),
    .target(name: "CSupervisor"),
    .target(
      name: "CVersion",
      cSettings: commit.isEmpty ? [] : [.define("COPYSCOPE_COMMIT", to: "\"\(commit)\"")]),
    room(
      "Supervisor",
      [
        "Simulation", "GadgetWorld", "RawGadget", "UsbHost", "DummyUDC", "USB", "Usercopy",
        "CSupervisor",
      ]),
    .executableTarget(
      name: "copyscope",
      dependencies: [
        "Inspector", "Terminal", "Theme", "Grid", "Scenario", "KernelLog", "Conformance",
        "Supervisor", "Narration", "Simulation", "Timeline", "GadgetWorld", "RawGadget", "UsbHost",
        "DummyUDC", "USB", "Usercopy", "JSON", "Text", "CVersion",
        arguments,
      ], swiftSettings: strict),
    .target(name: "Support", path: "Tests/Support", swiftSettings: strict),
    .target(name: "Tidy", path: "Tests/Tidy", swiftSettings: strict),
    // A raw-gadget program for the tests to run.
    .executableTarget(
      name: "SampleGadget", path: "Tests/SampleGadget", cSettings: [.define("_GNU_SOURCE")]),
    tests("Text", ["Text"]),
    tests("JSON", ["JSON", "Text"]),
    tests("KernelHistory", ["KernelHistory"]),
    tests("Usercopy", ["Usercopy", "KernelHistory", "Text"]),
    tests(
      "RawGadget",
      [
        "GadgetWorld", "RawGadget", "UsbHost", "DummyUDC", "USB", "Usercopy", "Conformance", "JSON",
      ], data: ["Vectors"]),
    tests("Timeline", ["Timeline"]),
    tests(
      "Scenario",
      [
        "Scenario", "Simulation", "Narration", "KernelLog", "GadgetWorld", "RawGadget", "UsbHost",
        "USB", "Usercopy",
        "KernelHistory", "JSON", "Text", yams,
      ],
      data: ["Transcripts"]),
    tests(
      "KernelLog", ["KernelLog", "KernelHistory", "Narration", "USB", "JSON", "Text"],
      data: ["Data"]),
    tests(
      "Conformance",
      [
        "Conformance", "Scenario", "Simulation", "Usercopy", "KernelHistory",
        "JSON",
      ],
      data: ["Vectors"]),
    tests("Grid", ["Grid", "Text"]),
    tests("Terminal", ["Terminal", "Theme", "Grid", "Text"]),
    tests("Theme", ["Theme", "Grid"]),
    tests(
      "Inspector",
      [
        "Inspector", "Narration", "Scenario", "Simulation", "Timeline", "Theme", "Grid",
        "DummyUDC", "RawGadget", "UsbHost", "USB", "Usercopy", "KernelLog",
      ],
      data: ["Goldens"]),
    tests("Supervisor", ["Supervisor", "CSupervisor"]),
    tests("Command", []),
    tests("Tidy", ["Tidy"]),
  ],
  swiftLanguageModes: [.v6]
)
