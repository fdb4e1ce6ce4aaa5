import UsbHost
import Grid
import RawGadget
import Scenario
import Simulation
import Support
import Testing

@testable import Inspector
import USB
import Usercopy

/// The forms of the `:` line for the gadget, the host and bytes.
struct GadgetLineTests {
  /// What a line is understood as, or the error's words.
  private func parsed(_ line: String) -> Result<Action, CommandLineError> {
    do throws(CommandLineError) { return .success(try CommandLine.parse(line)) } catch {
      return .failure(error)
    }
  }

  private func words(_ line: String) -> String {
    guard case .failure(let error) = parsed(line) else { return "" }
    return error.description
  }

  /// A call in a scenario file, `ioctl: { request: X, key: value }`, typed on the line.
  private func typed(_ flow: Substring) -> String {
    var line = "ioctl"
    var rest = flow.drop { $0 != "{" }.dropFirst()
    while let colon = rest.firstIndex(of: ":") {
      let key = rest[..<colon].filter { $0 != " " && $0 != "," }
      rest = rest[colon...].dropFirst(2)
      let isQuoted = rest.first == "\""
      if isQuoted { rest = rest.dropFirst() }
      let value = rest.prefix { isQuoted ? $0 != "\"" : $0 != "," && $0 != " " && $0 != "}" }
      rest = rest.dropFirst(value.count + (isQuoted ? 1 : 0))
      line += key == "request" ? " \(value)" : " \(key)=" + (isQuoted ? "\"\(value)\"" : value)
    }
    return line
  }

  @Test func everyCallOfTheLessonsCanBeTyped() throws {
    var count = 0
    for lesson in Lessons.all {
      let actions = try Lessons.script(lesson).steps.map(\.action).filter {
        if case .ioctl = $0 { true } else { false }
      }
      let lines = lesson.text.split(separator: "\n").filter { $0.hasPrefix("  - ioctl: {") }
      guard lines.count == actions.count else { continue }
      for (line, action) in zip(lines, actions) {
        #expect(parsed(typed(line)) == .success(action), "\(lesson.id): \(line)")
        count += 1
      }
    }
    #expect(count > 60)
  }

  @Test func formsAreUnderstood() throws {
    let lines: [(String, Action)] = [
      ("open", .open(file: "dev", nonblocking: false)),
      ("open two nonblocking", .open(file: "two", nonblocking: true)),
      ("close two", .close(file: "two")), ("wait 250", .wait(milliseconds: 250)),
      ("signal reader", .signal(thread: "reader")),
      ("signal reader restart", .signal(thread: "reader", restarts: true)),
      ("ioctl run", .ioctl(Action.Ioctl(request: .run))),
      (
        "ioctl USB_RAW_IOCTL_INIT driver=d device=d.1 speed=super",
        .ioctl(
          Action.Ioctl(request: .`init`, argument: .names(driver: "d", device: "d.1", speed: 5)))
      ),
      (
        "ioctl EP_WRITE ep=3 data=00ff10 thread=writer waits=false file=two pointer=short",
        .ioctl(
          Action.Ioctl(
            request: .epWrite, file: "two", thread: "writer",
            argument: .data(endpoint: 3, flags: 0, [0, 255, 16]), pointer: .short, waits: false))
      ),
      (
        "ioctl EP_ENABLE address=0x81 attributes=3 max-packet=0x208 interval=10",
        .ioctl(
          Action.Ioctl(
            request: .epEnable, argument: .descriptor([7, 5, 0x81, 3, 8, 2, 10, 0, 0])))
      ),
      ("host usbtest 1-3,9 12", .host(Action.HostCall(action: .usbtest(cases: [1, 2, 3, 9, 12])))),
      ("host usbtest", .host(Action.HostCall(action: .usbtest(cases: UsbtestCase.usual)))),
      ("host claim 1", .host(Action.HostCall(action: .claim(interface: 1)))),
      (
        "host control type=0x80 request=6 value=0x100 length=18 thread=other",
        .host(
          Action.HostCall(
            action: .control(
              setup: SetupPacket(0x80, 6, value: 0x100, index: 0, length: 18), data: [],
              timeout: 1000), thread: "other"))
      ),
      (
        "host bulk endpoint=0x02 text=\"two words\" waits=no",
        .host(
          Action.HostCall(
            action: .bulk(
              endpoint: 2, data: Array("two words".utf8), length: 9, timeout: 1000), waits: false))
      ),
      (
        "write key +4 hello there",
        .write(place: .named("key"), offset: 4, bytes: Array("hello there".utf8))
      ),
      ("write key -1 data=00ff", .write(place: .named("key"), offset: -1, bytes: [0, 255])),
      ("user page 4096", .user(Action.UserBuffer(name: "page", length: 4096))),
    ]
    for (line, action) in lines { #expect(parsed(line) == .success(action), "\(line)") }
    for word in HostWord.allCases {
      guard word.shape.fields.isEmpty else { continue }
      let line = "host \(word.rawValue)" + (word.shape == .nothing ? "" : " 1")
      guard case .success(.host(let call)) = parsed(line) else {
        Issue.record("\(line): \(words(line))")
        continue
      }
      #expect(call.action.word == word, "\(line)")
    }
  }

  /// Every field of every action can be typed: as a bare word or as `field=value`.
  @Test func everyFieldIsTypedLikeAnyOther() {
    let lines: [(String, Action)] = [
      (
        "alloc a 16 bytes=\"two words\" at=0x3",
        .alloc(.init(cache: nil, size: 16, name: "a", bytes: Array("two words".utf8), slot: 3))
      ),
      ("alloc b kmalloc-64 size=20", .alloc(.init(cache: "kmalloc-64", size: 20, name: "b"))),
      (
        "call f buf:64 n:8 saved=rbx,rbp",
        .call(
          .init(
            function: "f",
            locals: [.init(name: "buf", size: 64), .init(name: "n", size: 8)],
            savedRegisters: ["rbx", "rbp"]))
      ),
      ("pages p 2", .pages(name: "p", order: 2, compound: true)),
      ("pages p 2 compound=no", .pages(name: "p", order: 2, compound: false)),
      ("task t stack=4096", .task(name: "t", stack: 4096)),
      (
        "copy to a +4 12 constant=yes object-size=64",
        .copy(
          .init(
            entry: .copyToUser, place: .named("a"), offset: 4, length: 12, isConstant: true,
            objectSize: 64))
      ),
      (
        "copy from 0x1000 8 check_object_size",
        .copy(
          .init(
            entry: .checkOnly, direction: .fromUser, place: .address(0x1000), length: 8))
      ),
      ("gadgetfs-read length=0", .gadgetfs(.init(.read(length: 0)))),
      ("gadgetfs-stall thread=t", .gadgetfs(.init(.stall, thread: "t"))),
    ]
    for (line, action) in lines {
      #expect(parsed(line) == .success(action), "\(line): \(words(line))")
    }
    let words = Set(CommandLine.words + ["note", "signal-restart"])
    for word in ActionWord.allCases where !words.contains(word.rawValue) {
      Issue.record("the forms of CommandLine have no '\(word.rawValue)'")
    }
  }

  @Test func errorsSayWhatIsWrong() {
    let lines = [
      ("ioctl", "missing argument"), ("ioctl EP0_WRITTE", "did you mean 'EP0_WRITE'"),
      ("ioctl INIT length=3", "has no 'length='"), ("ioctl RUN ep=1", "there are value, file"),
      ("ioctl EP_WRITE ep=70000", "from 0 to 65535"), ("ioctl EP_WRITE ep=-1", "no number"),
      ("ioctl EP_WRITE ep=1 ep=2", "stands twice"), ("ioctl EP_WRITE data=0g", "hexadecimal"),
      ("ioctl EP_WRITE data=123", "half a byte"), ("ioctl EP_WRITE hello", "unexpected '"),
      ("ioctl EP_WRITE text=\"a", "closing quotation mark"),
      ("ioctl RUN waits=perhaps", "neither true nor false"),
      ("ioctl RUN pointer=wild", "no pointer; there are good"),
      ("ioctl INIT speed=fast", "no speed"),
      ("host", "sysfs-write"), ("host contol", "did you mean 'control'"),
      ("host control", "needs 'request='"), ("host claim", "host claim INTERFACE"),
      ("host usbtest 3-1", "from 0 to 29"), ("host usbtest 30", "from 0 to 29"),
      ("host claim 900", "from 0 to 255"), ("host open 1", "unexpected '"),
      ("host submit as=x endpoint=1 type=iso", "no type; there are bulk, interrupt"),
      ("host bulk endpoint=1 length=2000000", "to 1048576"), ("wait", "wait MILLISECONDS"),
      ("wait soon", "no number"), ("wait 99999999999999999999", "no number"),
      ("signal", "signal THREAD"), ("signal a b", "unexpected 'b'"), ("close", "close NAME"),
      ("open a b c", "unexpected '"),
      ("write key 4 x", "no offset"), ("write key +4", "missing argument"),
      ("ioclt RUN", "did you mean 'ioctl'"),
    ]
    for (line, wanted) in lines {
      #expect(words(line).contains(wanted), "\(line): \(words(line))")
    }
  }

  @Test func noLineCrashesTheParser() {
    let pieces = [
      "ioctl", "host", "write", "wait", "EP0_WRITE", "EP_ENABLE", "control", "submit", "key", "+4",
      "-9223372036854775808", "=", "data=", "ep=", "\"", "0x", "0xffffffffffffffffff", "-1", "as=",
      "length=1048576", "request=6", "endpoint=0x81", "max-packet=65535", "é=ü", "text=\"",
    ]
    var random = SplitMix(11)
    var understood = 0
    for _ in 0..<5_000 {
      let count = Int.random(in: 1...6, using: &random)
      let line = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }
      if case .success = parsed(line.joined(separator: " ")) { understood += 1 }
    }
    #expect(understood > 0)
  }

  @Test func completionKnowsCallsKeysAndValues() throws {
    let model = try Fixtures.model("gadget-keyboard", keys: "n n n n")
    func offers(_ line: String) -> [String] {
      let stem = line.last == " " ? "" : line.split(separator: " ").last.map(String.init) ?? ""
      return Completion.offers(line, stem: stem, model)
    }
    #expect(offers("io") == ["ioctl"])
    #expect(offers("ioctl ").count == RawIoctl.allCases.count)
    #expect(offers("ioctl EP0_W") == ["EP0_WRITE"])
    #expect(offers("ioctl EP0_WRITE d") == ["data="])
    #expect(offers("ioctl EP0_WRITE data=00 ").contains("flags="))
    #expect(!offers("ioctl EP0_WRITE data=00 ").contains("data="))
    #expect(offers("ioctl INIT speed=") == ["low", "full", "high", "super"].map { "speed=\($0)" })
    #expect(offers("ioctl RUN thread=") == ["thread=main"])
    #expect(offers("host cl") == ["close", "claim", "clear-halt"])
    #expect(offers("host submit type=") == ["type=bulk", "type=interrupt"])
    #expect(offers("close ") == ["dev"])
    #expect(offers("signal ") == ["main"])
    #expect(offers("ioctl NONSENSE ").isEmpty)
    let typed = try Fixtures.model("gadget-keyboard", keys: "n : \"ioctl INIT s\" Tab \"high\"")
    guard case .command(let state) = typed.mode else { throw NotTyping() }
    #expect(state.text == "ioctl INIT speed=high")
  }

  private struct NotTyping: Error {}

  @Test func aDeviceIsBroughtUpByHand() throws {
    let lines = [
      "open", "ioctl INIT speed=high", "ioctl RUN", "ioctl EVENT_FETCH", "ioctl EVENT_FETCH",
      "ioctl EP0_WRITE data=\"12 01 00 02 00 00 00 40 09 12 02 00 00 01 00 00 00 01\"",
    ]
    var model = try Fixtures.model("past-the-end")
    let start = model.session?.count ?? 0
    for line in lines {
      let quoted = line.unicodeScalars.map { Key(.character($0)) }
      for key in [Key(.character(":"))] + quoted + [Key(.enter)] {
        try Fixtures.press(key, &model)
      }
      #expect(model.message?.role != .error, "\(line): \(model.message?.text ?? "")")
    }
    #expect(model.session?.count == start + lines.count)
    let last = try #require(model.session?.world.gadget?.calls.last)
    guard case .returned(let result) = last.state else { throw NotTyping() }
    #expect(result.errno == nil)
    #expect(try #require(model.session?.copies).count == 2)
    for key in try Key.sequence(parsing: ": \"signal nobody\" Enter") {
      try Fixtures.press(key, &model)
    }
    #expect(model.message?.text.contains("no thread 'nobody'") == true)
    #expect(model.session?.count == start + lines.count)
  }

  @Test func openMeansALessonOrAFileWhereOneIsNamed() throws {
    for (line, opens) in [
      ("open slack", true), ("open 3", true), ("open ./x.yaml", true), ("open dev", false),
    ] {
      var model = try Fixtures.model("past-the-end", keys: ": \"\(line)\"")
      let effects = model.update(.key(Key(.enter)))
      #expect(effects.isEmpty != opens, "\(line)")
    }
  }
}
