import Scenario
import Simulation
import Testing
import Usercopy

/// Structures declared in scenarios: laid out as a C compiler does it, or as `pahole` says.
struct StructureTests {
  static let sixtyFour = Configuration()
  static let thirtyTwo = Configuration(architecture: .x86_32)

  static func layout(
    _ text: String, _ configuration: Configuration = sixtyFour
  ) throws -> [String] {
    let layout = try StructureFields.structure(text, of: "layout").layout(configuration)
    return layout.fields.map { "\($0.name) \($0.offset) \($0.size)" } + ["= \(layout.size)"]
  }

  /// What `gcc -m64` and `gcc -m32` make of them.
  @Test(
    arguments: [
      ("struct s { char a; int b; char c; };", ["a 0 1", "b 4 4", "c 8 1", "= 12"], nil),
      ("struct s { u8 a; u64 b; };", ["a 0 1", "b 8 8", "= 16"], ["a 0 1", "b 4 8", "= 12"]),
      (
        "struct s { char a; void *p; long l; };", ["a 0 1", "p 8 8", "l 16 8", "= 24"],
        ["a 0 1", "p 4 4", "l 8 4", "= 12"]
      ),
      (
        "struct s { char name[6]; short x; int y[2]; };", ["name 0 6", "x 6 2", "y 8 8", "= 16"],
        nil
      ),
      ("struct s { char a; int b; } __packed;", ["a 0 1", "b 1 4", "= 5"], nil),
      (
        "struct s { char a; int b; } __attribute__((__aligned__(16)));",
        ["a 0 1", "b 4 4", "= 16"], nil
      ),
      (
        "struct s { char a; int b __attribute__((aligned(8))); };", ["a 0 1", "b 8 4", "= 16"], nil
      ),
      (
        "struct s { unsigned a:1; unsigned b:31; unsigned c:1; char d; };",
        ["a/b 0 1", "b 1 3", "c 4 1", "d 5 1", "= 8"], nil
      ),
      (
        "struct s { int k; union { u64 id; char tag[3]; } u; };",
        ["k 0 4", "u.id/u.tag 8 3", "u.id 11 5", "= 16"],
        ["k 0 4", "u.id/u.tag 4 3", "u.id 7 5", "= 12"]
      ),
      (
        "struct s { char c; struct { char d; int e; }; char f; };",
        ["c 0 1", "d 4 1", "e 8 4", "f 12 1", "= 16"], nil
      ),
      (
        "struct s { struct { char d; short e; } part[2]; };",
        ["part[0].d 0 1", "part[0].e 2 2", "part[1].d 4 1", "part[1].e 6 2", "= 8"], nil
      ),
      (
        "struct s { int (*probe)(struct dev *, int); char *names[2]; u8 more[]; };",
        ["probe 0 8", "names 8 16", "= 24"], ["probe 0 4", "names 4 8", "= 12"]
      ),
      (
        "struct s { u8 a, b[3], *p; };", ["a 0 1", "b 1 3", "p 8 8", "= 16"],
        ["a 0 1", "b 1 3", "p 4 4", "= 8"]
      ),
      (
        "struct s { const char __user *p; unsigned long long n; };", ["p 0 8", "n 8 8", "= 16"],
        ["p 0 4", "n 4 8", "= 12"]
      ),
      ("union u { int a; char b[6]; };", ["a/b 0 4", "b 4 2", "= 8"], nil),
      ("struct s { u32 a : 4; u32 : 0; u32 b : 4; };", ["a 0 1", "b 4 1", "= 8"], nil),
      (
        "struct s { struct list_head list; enum kind kind; };",
        ["list 0 16", "kind 16 4", "= 24"], ["list 0 8", "kind 8 4", "= 12"]
      ),
    ] as [(String, [String], [String]?)])
  func membersLieWhereTheCompilerPutsThem(
    _ text: String, _ wide: [String], _ narrow: [String]?
  ) throws {
    #expect(try Self.layout(text) == wide)
    if let narrow { #expect(try Self.layout(text, Self.thirtyTwo) == narrow) }
  }

  @Test func whatPaholePrintsIsTakenAsItIs() throws {
    let text = """
      struct request {
      \tu8                         kind;                 /*     0     1 */

      \t/* XXX 3 bytes hole, try to pack */

      \tstruct foo                 foo;                  /*     4    12 */
      \tunsigned int               ready:1;              /*    16: 0  4 */
      \tunsigned int               error:9;              /*    16: 1  4 */

      \t/* XXX 22 bits hole, try to pack */

      \tunion {
      \t\tstruct list_head   list;                 /*    24    16 */
      \t\tlong unsigned int  index;                /*    24     8 */
      \t};                                               /*    24    16 */
      \t/* --- cacheline 1 boundary (64 bytes) --- */
      \tunknown_t                  tail __attribute__((__aligned__(64))); /*    64     4 */

      \t/* size: 128, cachelines: 2, members: 6 */
      \t/* sum members: 33, holes: 3, sum holes: 31 */
      \t/* forced alignments: 1 */
      } __attribute__((__aligned__(64)));
      """
    #expect(
      try Self.layout(text) == [
        "kind 0 1", "foo 4 12", "ready/error 16 1", "error 17 1", "list/index 24 8", "list 32 8",
        "tail 64 4", "= 128",
      ])
  }

  @Test(arguments: [
    ("layout: |\n          struct s {\n            u8 a;\n            foo_t b;\n          };", 7),
    ("layout: |\n          struct s {\n            u8 a;\n            u8 a;\n          };", 7),
    ("layout: |\n          struct s {\n            u8 a;", 6),
    ("layout: |\n          int a;", 5),
    ("layout: 'struct s { u8 a[N]; };'", 4),
    ("fields: [{ name: a, type: u8 }, { name: a, size: 2 }]", 4),
    ("fields: [{ name: a, type: u8 },\n          { name: b }]", 5),
    ("fields: [{ name: a, type: u8 },\n          { nam: b, size: 3 }]", 5),
    ("fields: []", 4),
    ("layout: 'struct s { u8 a; };'\n        fields: [{ name: a, type: u8 }]", 4),
    ("size: 4\n        layout: 'struct s { u8 a[5]; };'", 5),
  ])
  func mistakesNameTheirLine(_ fields: String, _ line: Int) {
    let text = "title: t\nsteps:\n  - alloc:\n        \(fields)\n        as: x\n"
    do throws(Diagnostic) {
      _ = try ScenarioReader.read(text, file: "t.yaml", id: "t")
      Issue.record("\(fields) was read")
    } catch {
      #expect(error.line == line, "\(error)")
      #expect(!error.message.isEmpty)
    }
  }

  /// A scenario's machine is a stock one of its release where nothing else is said, and is written so.
  @Test(arguments: ["rfc-v1", "linux-4.8", "linux-4.16", "linux-5.10", "linux-6.1", "linux-7.2"])
  func aScenarioPlaysOnAStockKernel(_ era: String) throws {
    func read(_ kernel: String) throws -> Configuration {
      let text = "title: t\nkernel: { era: \(era)\(kernel) }\nsteps: [{ note: {} }]\n"
      let script = try ScenarioReader.read(text, file: "t.yaml", id: "t")
      let again = try ScenarioReader.read(ScenarioWriter.text(script), file: "w.yaml", id: "t")
      #expect(again.configuration == script.configuration)
      return script.configuration
    }
    let release = try #require(Era.named(era)?.release)
    #expect(try read("") == .stock(release))
    #expect(try read(", arch: x86_32") == .stock(release, architecture: .x86_32))
    for isOn in [true, false] {
      let told = try read(
        ", frame-pointer: \(isOn), vmap-stack: \(isOn), stack-protector: \(isOn), random-stack-offset: \(isOn)"
      )
      #expect(told.framePointer == isOn && told.vmapStack == isOn)
      #expect(told.stackProtector == isOn && told.randomStackOffset == isOn)
    }
  }

  @Test func aStructureSaysHowLargeAnObjectOrLocalIs() throws {
    let script = try ScenarioReader.read(
      """
      title: t
      kernel: { era: linux-6.1, init-on-alloc: true, init-on-free: true, init-stack: pattern, stack-protector: true }
      steps:
        - alloc: { as: info, zero: true, fields: [{ name: kind, type: u8 }, { name: id, type: u32 }, { name: tag, size: 6 }] }
        - call:
            function: f
            locals:
              buf: 8
              part: { init: members, fields: [{ name: a, type: char }, { name: b, type: long }] }
        - write: { to: info.id, data: 01 02 03 04 }
        - copy: { from: part.b, length: 8 }
      """, file: "t.yaml", id: "t")
    let configuration = script.configuration
    #expect(configuration.initOnAlloc && configuration.initOnFree && configuration.stackProtector)
    #expect(configuration.stackInit == .pattern)
    let world = try Playback(script).steps[3]
    #expect(world.before.names["info"]?.size == 16)
    let kernel = world.before.kernel
    let info = try world.before.resolve(.named("info"))
    #expect(kernel.memory.read(info, count: 8) == [0, 0, 0, 0, 1, 2, 3, 4])
    let part = try #require(kernel.local(named: "part"))
    #expect(part.size == 16)
    #expect(
      kernel.memory.read(part.address, count: 16) == [0] + [UInt8](repeating: 0xaa, count: 7)
        + [UInt8](repeating: 0, count: 8))
    #expect(try world.before.resolve(.named("part.b")) == part.address + 8)
    let written = try ScenarioReader.read(
      ScenarioWriter.text(script), file: "w.yaml", id: "t")
    #expect(written.configuration == configuration)
    #expect(written.steps.map(\.action) == script.steps.map(\.action))
  }
}
