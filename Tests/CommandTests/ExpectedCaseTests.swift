import Foundation
import Testing

/// Inputs people had trouble with, and what the program has to say of each: one test a file.
@Suite struct ExpectedCaseTests {
  static func path(_ file: String) -> String {
    Program.root.appending(path: "Tests/KernelLogTests/Data/cases/\(file)").path
  }

  static func text(_ file: String) throws -> String {
    let run = try Program.run("explain", path(file))
    #expect(run.status == 0 && run.errors.isEmpty)
    return run.text
  }

  static func json(_ file: String) throws -> [String: Any] {
    let run = try Program.run("explain", path(file), "--format", "json")
    let reports = (run.json as? [String: Any])?["reports"] as? [[String: Any]]
    #expect(run.status == 0 && reports?.count == 1)
    return try #require(reports?.first)
  }

  /// The scenario of a capture.
  static func scenario(_ file: String, _ more: String...) throws -> String {
    let folder = try Folder()
    let saved = folder.path("device.yaml")
    let run = try Program.start(
      Program.path, ["capture", path(file), "--save", saved] + more, input: [], environment: [:])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try Program.run("run", saved).status == 0)
    return try String(contentsOfFile: saved, encoding: .utf8)
  }

  @Test func fusionGuess() throws {
    let text = try Self.text("fusion-guess.log")
    #expect(text.contains("kfio_copy_from_user+0x1c, module iomemory_vsl"))
    #expect(text.contains("Neither the line nor the name tells"))
    let verdicts = try #require(text.split(separator: "\n").first { $0.contains("rfc-v1 ") })
    #expect(verdicts.contains("assumed: ") && verdicts.contains("at least 3960 bytes"))
    for era in ["rfc-v1", "rfc-v2", "rfc-v3", "linux-4.8"] {
      #expect(verdicts.contains("\(era) allow"))
    }
  }

  @Test func taskStructARM() throws {
    let text = try Self.text("task_struct-arm.log")
    #expect(text.contains("linux-4.8 allow") && text.contains("arch/arm/kernel/ptrace.c:590"))
    #expect(
      (try Self.json("task_struct-arm.log")["object_size"] as? [String: Any]).map {
        ($0["least"] as? Int ?? 0) > 212
      } == true)
  }

  @Test func cacheNodePage() throws {
    let text = try Self.text("cachenode-page.log")
    #expect(text.contains("a whole page is copied") && !text.contains("window does not"))
    let causes = try Self.json("cachenode-page.log")["causes"] as? [[String: Any]]
    #expect(causes?.first?["kind"] as? String == "mistaken-page")
  }

  @Test func powerPCWithoutTheMessage() throws {
    let report = try Self.json("ppc-no-message-line.log")
    #expect((report["copier"] as? [String: Any])?["function"] as? String == "dtl_file_read")
    #expect(report["release"] as? String == "6.10.0-rc3" && report["direction"] is NSNull)
    #expect(report["complete"] as? Bool == false)
    #expect(try Self.text("ppc-no-message-line.log").contains("Ask for the line before 'cut here'"))
  }

  @Test func overflow120Of32767() throws {
    let run = try Program.run("explain", Self.path("overflow-120-32767.log"), "--format", "json")
    let all = try #require(run.json as? [String: Any])
    #expect((all["reports"] as? [Any])?.isEmpty == true)
    let found = try #require((all["neighbours"] as? [[String: Any]])?.first)
    #expect(found["kind"] as? String == "copy-size" && found["object_size"] as? Int == 120)
    #expect(found["size"] as? Int == 32767)
    let caller = found["caller"] as? [String: Any]
    #expect(caller?["function"] as? String == "fastrpc_device_ioctl")
    #expect(caller?["module"] as? String == "frpc_adsprpc")
    let text = try Self.text("overflow-120-32767.log")
    #expect(text.contains("check_copy_size()") && text.contains("No usercopy report found."))
    let lesson = try #require(found["lesson"] as? String)
    #expect(try Program.run("run", lesson).status == 0)
  }

  @Test func quoteGlued() throws {
    let trace = try Self.json("quote-glued.log")["call_trace"] as? [String]
    #expect(trace?.contains("io_openat2_prep") == true)
  }

  @Test func commitWithoutHead() throws {
    let trace = try Self.json("commit-noheader-trace.log")["call_trace"] as? [String] ?? []
    #expect(Set(["put_cmsg", "sock_recv_errqueue", "packet_recvmsg"]).isSubset(of: trace))
  }

  @Test func commandWithSpace() throws {
    #expect(try Self.json("comm-with-space.log")["command"] as? String == "Web Content")
  }

  @Test func stackInside() throws {
    let text = try Self.text("stack-inside.log")
    #expect(text.contains("0x3dc0") && text.contains("crosses a frame's border"))
    let picture = try Program.run(
      "explain", Self.path("stack-inside.log"), "--save", "report.yaml")
    #expect(picture.status == 0, "\(picture.errors)")
  }

  /// Of a 32-bit kernel: an offset that wraps at 2^32, `kmap()`, a wrapped range, a red zone of eight bytes.
  @Test func reportsOf32Bit() throws {
    let text = try Self.text("report32.log")
    #expect(text.contains("It starts 18 bytes above the stack pointer, in a running frame."))
    #expect(!text.contains("below the stack pointer"))
    for place in ["process stack", "kmap, offset 8", "wrapped address, offset 0", "left red zone"] {
      #expect(text.contains(place))
    }
    let run = try Program.run("explain", Self.path("report32.log"), "--format", "json")
    let reports = (run.json as? [String: Any])?["reports"] as? [[String: Any]] ?? []
    #expect(reports.map { $0["size"] as? Int } == [54, 4096, 256, 1])
  }

  @Test func riscVKernelText() throws {
    let report = try Self.json("riscv-kernel-text.log")
    let causes = report["causes"] as? [[String: Any]]
    #expect(causes?.first?["kind"] as? String == "known-false-positive")
    #expect((report["architecture"] as? [String: Any])?["name"] as? String == "riscv")
    #expect(try Self.text("riscv-kernel-text.log").contains("init memory"))
  }

  static func devices(_ file: String) throws -> [[String: Any]] {
    let run = try Program.run("capture", path(file), "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    return try #require((run.json as? [String: Any])?["devices"] as? [[String: Any]])
  }

  @Test func usbmonQuoted() throws {
    let devices = try Self.devices("usbmon-quoted.txt")
    let names = devices.map { "\($0["bus"] as? Int ?? 0):\($0["address"] as? Int ?? 0)" }
    #expect(names == ["1:7", "3:4"])
    for device in devices {
      let controls = try #require(device["controls"] as? [[String: Any]])
      #expect(controls.count == 1 && controls[0]["bRequest"] as? Int == 6)
    }
  }

  @Test func usbmonBOM() throws {
    let first = try #require(
      (Self.devices("usbmon-bom.txt").first?["controls"] as? [[String: Any]])?.first)
    #expect(first["bmRequestType"] as? Int == 0xA1 && first["bRequest"] as? Int == 3)
    #expect(first["wIndex"] as? Int == 5 && first["wLength"] as? Int == 16)
    #expect(first["status"] as? Int == -2)
  }

  @Test func slabinfoTunables() throws {
    let folder = try Folder()
    let saved = folder.path("page.yaml")
    let run = try Program.run(
      "caches", "--from", Self.path("slabinfo-slab-tunables.txt"), "--match", "size-64", "--save",
      saved)
    #expect(run.status == 0, "\(run.errors)")
    let text = try String(contentsOfFile: saved, encoding: .utf8)
    #expect(text.contains("allocator: slab,") && !text.contains("Exactly the bytes"))
    #expect(text.contains("assumed"))
  }

  @Test func truncatedCapture() throws {
    let run = try Program.run("capture", Self.path("truncated.pcapng"))
    #expect(run.status == 0 && run.text.contains("23 URBs"))
    #expect(run.text.contains("The file ends inside a packet"))
  }

  @Test func usbPcap() throws {
    let text = try Program.run("capture", Self.path("usbpcap.pcapng")).text
    #expect(text.contains("12010002000000086d042bc5031201020001"))
  }

  /// Nothing of the device stalled; its configuration is made of its traffic, which is played.
  @Test func midSession() throws {
    let text = try Self.scenario("mid-session.pcapng")
    #expect(!text.contains("EP0_STALL") && text.contains("EP_ENABLE"))
    #expect(text.contains("one is assumed") && text.contains("EP_WRITE"))
  }

  @Test func fullSpeed8() throws {
    let text = try Self.scenario("full-speed-8.pcapng", "--device", "1:22")
    #expect(text.contains("speed: 2") && text.contains("A full-speed device, concluded from"))
    for endpoint in ["07 05 81", "07 05 01"] {
      #expect(text.contains("EP_ENABLE, descriptor: \"\(endpoint)"))
    }
    #expect(text.contains("EP_WRITE") && !text.contains("no endpoint like"))
  }
}
