// swift-tools-version: 6.2
import PackageDescription

/// What searches for faults is built only when asked for (.ci/nightly): `walk`, or `fuzz` with the toolchain's libFuzzer
/// in everything.
let hunt = Context.environment["COPYSCOPE_HUNT"]
let sanitizers = ["-sanitize=fuzzer,address", "-parse-as-library"]

let strict: [SwiftSetting] =
  [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (hunt == "fuzz" ? [.unsafeFlags(sanitizers)] : [])

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
    room("Timeline"),
    room("Usercopy", ["KernelHistory", "Text", "Timeline"]),
    room("USB", ["Text"]),
    room("DummyUDC", ["USB"]),
    room("UsbHost", ["USB"]),
    room("RawGadget", ["Usercopy", "USB", "Text"]),
    room("GadgetWorld", ["RawGadget", "DummyUDC", "UsbHost", "USB", "Timeline"]),
    room(
      "Simulation",
      [
        "Usercopy", "KernelHistory", "GadgetWorld", "RawGadget", "UsbHost", "USB", "Timeline",
        "Text",
      ]),
    room(
      "Scenario",
      [
        "Narration", "Simulation", "GadgetWorld", "RawGadget", "UsbHost", "USB",
        "Usercopy", "KernelHistory", "JSON", "Text",
        yams,
      ],
      resources: [
        .embedInCode("Lessons"), .embedInCode("Courses"), .embedInCode("Translations"),
      ]),
    room("KernelLog", ["KernelHistory", "USB", "Text"]),
    room(
      "KernelPages", ["Usercopy", "JSON", "Text"],
      resources: [.embedInCode("Script")]),
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
        "KernelLog", "KernelPages", "KernelHistory", "JSON", "Text",
      ]),
    room(
      "Inspector",
      [
        "Narration", "KernelPages", "Simulation", "Timeline", "GadgetWorld", "RawGadget", "UsbHost",
        "DummyUDC",
        "USB", "Usercopy", "KernelLog", "Grid",
        "Text",
      ]),
    room("Journal", ["Inspector", "Scenario", "Simulation", "JSON"]),
    room("Terminal", ["Grid", "Theme", "Text", "CNcurses"]),
    .target(name: "CSupervisor"),
    .target(name: "CSystem"),
    // The checks in C, for `copyscope bench` to measure against.
    .target(name: "CChecks"),
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
        "Inspector", "Journal", "Terminal", "Theme", "Grid", "Scenario", "KernelLog", "Conformance",
        "Supervisor", "CSystem", "CChecks", "Narration", "KernelPages", "Simulation", "Timeline",
        "GadgetWorld",
        "RawGadget", "UsbHost",
        "DummyUDC", "USB", "Usercopy", "JSON", "Text", "CVersion",
        arguments,
      ], swiftSettings: strict),
    .target(name: "Support", path: "Tests/Support", swiftSettings: strict),
    .target(name: "Tidy", path: "Tests/Tidy", swiftSettings: strict),
    .target(
      name: "Laws",
      dependencies: [
        "Simulation", "GadgetWorld", "RawGadget", "UsbHost", "USB", "Usercopy", "Support",
      ], path: "Tests/Laws", swiftSettings: strict),
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
        "Laws",
      ], data: ["Vectors"]),
    tests("Timeline", ["Timeline"]),
    tests(
      "Scenario",
      [
        "Scenario", "Simulation", "Narration", "KernelLog", "GadgetWorld", "RawGadget", "UsbHost",
        "USB", "Usercopy",
        "KernelHistory", "JSON", "Text", "Laws", yams,
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
        "Inspector", "KernelPages", "Narration", "Scenario", "Simulation", "Timeline", "Theme",
        "Grid",
        "DummyUDC", "JSON", "RawGadget", "UsbHost", "USB", "Usercopy", "KernelLog",
      ],
      data: ["Goldens"]),
    tests(
      "KernelPages",
      [
        "KernelPages", "Narration", "Scenario", "Conformance", "Simulation", "Usercopy",
        "KernelHistory", "JSON", "Text",
      ], data: ["Data", "StandIn"]),
    tests("Journal", ["Journal", "Inspector", "Scenario", "Simulation", "Usercopy", "Grid"]),
    tests("Supervisor", ["Supervisor", "CSupervisor"]),
    tests("Command", []),
    tests("Tidy", ["Tidy"]),
  ],
  swiftLanguageModes: [.v6]
)

let hunted: [Target.Dependency] = [
  "Conformance", "Journal", "Inspector", "Theme", "Grid", "Scenario", "KernelLog", "Narration",
  "Simulation", "RawGadget", "GadgetWorld", "UsbHost", "USB", "Usercopy", "JSON", "Text",
]
if hunt == "fuzz" {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: hunted, path: "Tests/Fuzz", exclude: ["Corpus"],
      swiftSettings: strict, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]))
} else if hunt != nil {
  package.targets.append(
    .executableTarget(
      name: "Walk", dependencies: hunted + ["Laws", "Support"], path: "Tests/Walk",
      swiftSettings: strict))
}
