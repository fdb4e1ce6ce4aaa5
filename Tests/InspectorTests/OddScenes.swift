import Scenario
import Simulation

/// Scenes that no lesson has: other allocators, eras and processors, copies in, slots that were used before, locals
/// across calls, error paths, pages and areas. What their bytes come to was counted by hand.
enum OddScenes {
  /// How many there are, whether they can be read or not.
  static var count: Int { texts.count }

  static let all: [TellingTests.Scene?] = texts.map { text in
    let lines = text.yaml.split(separator: "\n").map { "- \($0)" }.joined(separator: "\n")
    let source = "title: \(text.name)\nkernel: {\(text.kernel)}\nsteps:\n\(lines)\n"
    guard let script = try? ScenarioReader.read(source, file: "odd.yaml", id: "odd") else {
      return nil
    }
    return TellingTests.Scene(
      name: text.name, script: script, step: script.steps.count, own: text.own,
      leaked: text.leaked, harmed: text.harmed, cleared: text.cleared, untouched: text.untouched)
  }

  private struct Text {
    var name: String
    var kernel: String
    /// A step a line; the last one is the copy.
    var yaml: String
    var own: UInt64 = 0
    var leaked: UInt64 = 0
    var harmed: UInt64 = 0
    var cleared: UInt64 = 0
    var untouched: UInt64 = 0
  }

  private static let secret = String(repeating: "secret! ", count: 8)

  private static let texts: [Text] = [
    Text(
      name: "a slot used again, SLAB on 32 bit",
      kernel: "era: linux-6.1, allocator: slab, arch: x86_32",
      yaml: """
        alloc: {size: 64, as: old, bytes: "\(secret)"}
        free: old
        alloc: {size: 60, as: new, bytes: hello}
        copy: {entry: copy_to_user, from: new, length: 60}
        """, own: 5, leaked: 55),
    Text(
      name: "a slot used again, SLUB on 32 bit with its pointer in the middle",
      kernel: "era: linux-6.1, allocator: slub, arch: x86_32",
      yaml: """
        alloc: {size: 64, as: old, bytes: "\(secret)"}
        free: old
        alloc: {size: 64, as: new}
        copy: {entry: copy_to_user, from: new, length: 64}
        """, leaked: 64),
    Text(
      name: "padding behind a local of five bytes", kernel: "era: linux-6.1, arch: x86_32",
      yaml: """
        call: {function: f, locals: {buf: 5}}
        write: {to: buf, bytes: abcde}
        copy: {entry: copy_to_user, from: buf, length: 8}
        """, own: 5, leaked: 3),
    Text(
      name: "a copy in over the next local", kernel: "era: rfc-v1, arch: x86_64",
      yaml: """
        call: {function: f, locals: {admin: 8, buf: 16}}
        copy: {entry: copy_from_user, to: buf, length: 24}
        """, own: 16, harmed: 8),
    Text(
      name: "what came in over a local goes out", kernel: "era: linux-5.10, arch: x86_64",
      yaml: """
        call: {function: f, locals: {admin: 8, buf: 16}}
        copy: {entry: copy_from_user, to: buf, length: 24}
        copy: {entry: copy_to_user, from: admin, length: 8}
        """, leaked: 8),
    Text(
      name: "behind a string", kernel: "era: rfc-v1, allocator: slub, arch: x86_64",
      yaml: """
        alloc: {size: 16, as: old, bytes: "sixteen secrets!"}
        free: old
        alloc: {size: 16, as: new}
        user: {as: name, length: 64, bytes: "ab\\0"}
        copy: {entry: strncpy_from_user, to: new, user: name, length: 16}
        copy: {entry: copy_to_user, from: new, length: 16}
        """, own: 3, leaked: 13),
    Text(
      name: "an error path clears the neighbour", kernel: "era: rfc-v1, arch: x86_64",
      yaml: """
        alloc: {size: 32, as: mine}
        alloc: {size: 32, as: yours, bytes: important}
        user: {as: page, length: 4096}
        copy: {entry: copy_from_user_nocheck, to: mine, length: 64, user: 0x555555561ff0}
        """, own: 16, harmed: 32, cleared: 48),
    Text(
      name: "pages given back", kernel: "era: linux-6.1, arch: x86_64",
      yaml: """
        alloc: {size: 9000, as: big, bytes: top secret}
        free: big
        copy: {entry: copy_to_user, from: big, length: 64}
        """, leaked: 64),
    Text(
      name: "from in front of a page", kernel: "era: rfc-v1, arch: x86_64",
      yaml: """
        pages: {as: a, order: 0}
        pages: {as: b, order: 0}
        copy: {entry: copy_to_user, from: b, offset: -8, length: 16}
        """, own: 8, leaked: 8),
    Text(
      name: "/dev/mem goes on to the next page", kernel: "era: pax, arch: x86_64",
      yaml: """
        pages: {as: a, order: 0}
        pages: {as: b, order: 0}
        copy: {entry: read_mem, from: a, length: 8192}
        """, own: 4096, leaked: 4096),
    Text(
      name: "a copy into a freed object", kernel: "era: rfc-v3, arch: x86_64",
      yaml: """
        alloc: {size: 64, as: o}
        free: o
        copy: {entry: copy_from_user, to: o, length: 64}
        """, harmed: 64),
    Text(
      name: "a copy into another task's local", kernel: "era: linux-4.8, arch: x86_64",
      yaml: """
        task: {name: victim, stack: 8192}
        run: victim
        call: {function: g, locals: {pw: 32}}
        run: demo
        call: {function: f, locals: {buf: 16}}
        copy: {entry: copy_from_user, to: pw, length: 32}
        """, harmed: 32),
    Text(
      name: "a user pointer into the kernel is read", kernel: "era: linux-6.1, arch: x86_64",
      yaml: """
        alloc: {size: 64, as: mine}
        alloc: {size: 64, as: yours, bytes: "secret"}
        copy: {entry: __get_user, to: mine, length: 8, user: yours}
        """, own: 8, leaked: 8),
    Text(
      name: "the rest of an area's page, and then nothing", kernel: "era: linux-6.1, arch: x86_64",
      yaml: """
        vmalloc: {as: v, size: 100}
        copy: {entry: copy_to_user, from: v, length: 8192}
        """, own: 100, leaked: 3996, untouched: 4096),
  ]
}
