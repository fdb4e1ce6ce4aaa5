import Foundation
import KernelLog
import Narration
import Support
import Testing

/// Messages close to usercopy's: told with their numbers and callers, and never taken for reports.
@Suite struct NeighbourTests {
  static func only(_ text: String) throws -> Neighbour {
    let found = findings(Array(text.utf8))
    #expect(found.count == 1)
    return try #require(found.first?.neighbour)
  }

  @Test func aLengthTheCompilerKnowsToBeTooLarge() throws {
    let path = Sample.directory.appending(path: "cases/overflow-120-32767.log")
    let neighbour = try Self.only(String(decoding: try Data(contentsOf: path), as: UTF8.self))
    #expect(neighbour.kind == .copySize && neighbour.lineNumber == 2)
    #expect(neighbour.objectSize == 120 && neighbour.size == 32767)
    #expect(neighbour.caller?.function == "fastrpc_device_ioctl")
    #expect(neighbour.caller?.module == "frpc_adsprpc")
    let text = NeighbourWords.lines(neighbour).joined(separator: "\n")
    #expect(text.contains("check_copy_size() refused a copy of 32767 bytes: the object has 120"))
    #expect(text.contains("fastrpc_device_ioctl+0x37f8, module frpc_adsprpc"))
  }

  /// KASAN tells of the object behind its traces.
  @Test func aCopyKASANStopped() throws {
    let neighbour = try Self.only(
      """
      BUG: KASAN: slab-out-of-bounds in _copy_to_user+0x124/0x150 lib/usercopy.c:28
      Read of size 148 at addr ffff8881cd580200 by task syz-executor.3/2910
      CPU: 0 PID: 2910 Comm: syz-executor.3 Not tainted 5.3.0-rc7+ #0
      Call Trace:
       dump_stack+0xca/0x13e lib/dump_stack.c:113
       kasan_report+0xe/0x12 mm/kasan/common.c:618
       check_memory_region+0x128/0x190 mm/kasan/generic.c:192
       _copy_to_user+0x124/0x150 lib/usercopy.c:28
       copy_to_user include/linux/uaccess.h:152 [inline]
       ld_usb_read+0x31a/0x780 drivers/usb/misc/ldusb.c:492
       vfs_read+0x1ea/0x430 fs/read_write.c:461

      Allocated by task 2900:
       save_stack+0x1b/0x80 mm/kasan/common.c:69

      The buggy address belongs to the object at ffff8881cd580200
       which belongs to the cache kmalloc-8k of size 8192
      """)
    #expect(neighbour.kind == .kasanInCopy && neighbour.finding == "slab-out-of-bounds")
    #expect(neighbour.access == .read && neighbour.size == 148)
    #expect(neighbour.address == "ffff8881cd580200" && neighbour.cache == "kmalloc-8k")
    #expect(neighbour.objectSize == 8192 && neighbour.aftermath.release == "5.3.0-rc7+")
    #expect(neighbour.caller?.place == "drivers/usb/misc/ldusb.c:492")
    #expect(neighbour.chain.map(\.function) == ["ld_usb_read", "vfs_read"])
  }

  /// KMSAN counts the bytes that nobody had written; its other findings are of no copy to user space.
  @Test func aLeakKMSANFound() throws {
    let neighbour = try Self.only(
      """
      BUG: KMSAN: kernel-infoleak in instrument_copy_to_user include/linux/instrumented.h:114 [inline]
      BUG: KMSAN: kernel-infoleak in _copy_to_user+0xbc/0x100 lib/usercopy.c:40
       instrument_copy_to_user include/linux/instrumented.h:114 [inline]
       _copy_to_user+0xbc/0x100 lib/usercopy.c:40
       do_sys_name_to_handle fs/fhandle.c:73 [inline]

      Uninit was created at:
       slab_post_alloc_hook+0x129/0xa70 mm/slab.h:768

      Bytes 18-19 of 20 are uninitialized
      Memory access of size 20 starts at ffff888128a46380
      """)
    #expect(neighbour.kind == .infoleak && neighbour.lineNumber == 1)
    #expect(neighbour.size == 20 && neighbour.unwritten == 18...19)
    #expect(neighbour.address == "ffff888128a46380")
    #expect(neighbour.caller?.function == "do_sys_name_to_handle")
    #expect(NeighbourWords.lines(neighbour)[0].hasSuffix("nobody had written: bytes 18 to 19."))
    #expect(findings(Array("BUG: KMSAN: uninit-value in tcp_ack+0x1/0x2\n".utf8)).isEmpty)
  }

  @Test func fortifiedFunctions() throws {
    let field = try Self.only(
      """
      [   44.632657] WARNING: CPU: 0 PID: 508 at net/ncsi/ncsi-cmd.c:231 ncsi_cmd_handler_oem+0xbc/0xd0
      [   44.642387] memcpy: detected field-spanning write (size 7) of single field "&cmd->mfr_id" at net/ncsi/ncsi-cmd.c:231 (size 4)
      [   44.655131] CPU: 0 PID: 508 Comm: ncsi-netlink Not tainted 6.1.0-rc5 #17
      [   44.664599]  unwind_backtrace from show_stack+0x18/0x1c
      [   44.681458]  dump_stack_lvl from __warn+0xb8/0x12c
      [   44.692370]  warn_slowpath_fmt from ncsi_cmd_handler_oem+0xbc/0xd0
      [   44.699285]  ncsi_cmd_handler_oem from ncsi_xmit_cmd+0x160/0x29c
      """)
    #expect(field.kind == .fortify && field.function == "memcpy" && field.access == .write)
    #expect(field.size == 7 && field.objectSize == 4 && field.field == "&cmd->mfr_id")
    #expect(field.place == "net/ncsi/ncsi-cmd.c:231")
    #expect(field.caller?.function == "ncsi_cmd_handler_oem")
    let panic = try Self.only("[  115.900453] detected buffer overflow in memcpy\n")
    #expect(panic.function == "memcpy" && panic.size == nil && panic.objectSize == nil)
    #expect(NeighbourWords.lines(panic)[0].contains("how many is not printed"))
    let sized = try Self.only("strnlen: detected buffer overflow: 33 byte read of buffer size 32\n")
    #expect(sized.function == "strnlen" && sized.size == 33 && sized.objectSize == 32)
    #expect(sized.access == .read)
  }

  static let fault = """
    [  50.1] BUG: unable to handle page fault for address: ADDRESS
    [  50.1] #PF: supervisor read access in kernel mode
    [  50.1] CPU: 1 PID: 77 Comm: cat Tainted: G           OE      6.5.0-14-generic #14
    [  50.1] RIP: 0010:FUNCTION+0x4a/0x70MODULE
    [  50.1] Call Trace:
    [  50.1]  ? __die+0x24/0x70
    [  50.1]  mydev_read+0x5c/0xa0 [mydev]
    [  50.1]  vfs_read+0xb1/0x320
    [  50.1] RIP: 0033:0x7f12
    """

  static func fault(_ address: String, _ function: String, _ module: String = "") -> String {
    fault.replacing("ADDRESS", with: address).replacing("FUNCTION", with: function)
      .replacing("MODULE", with: module)
  }

  @Test func faultsInCopies() throws {
    let copy = try Self.only(Self.fault("ffffc90001234000", "rep_movs_alternative"))
    #expect(copy.kind == .faultInCopy && copy.function == "rep_movs_alternative")
    #expect(copy.access == .read && copy.address == "ffffc90001234000")
    #expect(copy.caller?.function == "mydev_read" && copy.caller?.module == "mydev")
    let direct = try Self.only(Self.fault("00007ffd12345678", "babel_read", " [babel]"))
    #expect(direct.kind == .userAccess && direct.caller?.function == "babel_read")
    #expect(direct.caller?.module == "babel")
    #expect(NeighbourWords.statements(direct)[0].basis == .concluded)
    // A fault somewhere else is no copy's.
    #expect(neighbours(Self.fault("ffffc90001234000", "mydev_poll", " [mydev]")).isEmpty)
    #expect(neighbours(Self.fault("0000000000000008", "mydev_poll", " [mydev]")).isEmpty)
  }

  @Test func userMemoryWithoutACopy() throws {
    let arm = try Self.only(
      """
      [  72.1] Unable to handle kernel access to user memory outside uaccess routines at virtual address 0000aaaad5c5a2a0
      [  72.1]   CM = 0, WnR = 0
      [  72.1] pc : __memcpy+0x110/0x230
      [  72.1] Call trace:
      [  72.1]  __memcpy+0x110/0x230
      [  72.1]  ebbchar_write+0x1/0x20 [ebbchar]
      """)
    #expect(arm.kind == .userAccess && arm.address == "0000aaaad5c5a2a0" && arm.access == .read)
    let kasan = try Self.only(
      "BUG: KASAN: user-memory-access in do_dvkm_ioctl+0x1b/0x90 [dvkm]\n"
        + "Read of size 16 at addr 00007ffe00001000 by task poc/12\n")
    #expect(kasan.kind == .userAccess && kasan.function == "do_dvkm_ioctl" && kasan.size == 16)
    let old = try Self.only(
      "Internal error: Accessing user space memory outside uaccess.h routines: 96000004 [#1] SMP\n"
        + "pc : ebbchar_write+0x1/0x20 [ebbchar]\nCall trace:\n vfs_write+0x1/0x2\n")
    #expect(old.kind == .userAccess && old.address == nil)
    #expect(old.caller?.module == "ebbchar")
    let both = try Self.only(
      "Unable to handle kernel paging request at virtual address 0000aaaad5c5a2a0\n"
        + "Internal error: Accessing user space memory outside uaccess.h routines: 96000004 [#1] SMP\n"
        + "pc : ebbchar_write+0x1/0x20 [ebbchar]\nCall trace:\n vfs_write+0x1/0x2\n")
    #expect(both.kind == .userAccess && both.address == "0000aaaad5c5a2a0")
    let early = try Self.only(
      "BUG: KASan: user-memory-access on address 310000006a690d0d\n"
        + "Write of size 672 by task trinity-c7/16448\n")
    #expect(early.kind == .userAccess && early.address == "310000006a690d0d" && early.size == 672)
  }

  @Test func countsAndLists() throws {
    let count = try Self.only("[  70.1] refcount_t: underflow; use-after-free.\n")
    #expect(count.kind == .refcount && count.finding == "underflow; use-after-free")
    let list = try Self.only(
      """
      list_add corruption. prev->next should be next (ffff8b4e5a9b2f88), but was 0000000000000000. (prev=ffff8b4e5a9b2f88).
      CPU: 3 PID: 99 Comm: x Not tainted 6.1.0
      RIP: 0010:__list_add_valid+0x6a/0x90
      Call Trace:
       foo_add+0x1/0x2 [foo]
      """)
    #expect(list.kind == .list && list.function == "list_add")
    #expect(list.finding?.hasPrefix("prev->next should be next") == true)
    #expect(list.caller?.function == "foo_add")
    #expect(try Self.only("list_del corruption, ffff8b4e5a9b2f88->next is NULL\n").kind == .list)
  }

  @Test(arguments: [
    "*** buffer overflow detected ***: terminated",
    "BUG: KASAN: slab-out-of-bounds in hfsplus_strcasecmp+0x1bc/0x490",
    #"  WARN(1, "Buffer overflow detected (%d < %lu)!\n", size, count);"#,
    #"  WARN_ONCE(1, "refcount_t: saturated; leaking memory.\n");"#,
    #"  pr_err("list_add corruption. next->prev should be prev (%px)\n", prev);"#,
    "Subject: BUG: KASAN: slab-out-of-bounds in _copy_to_user",
    "the refcount_t: type is used",
    "BUG: unable to handle page fault for address: ffff888000000000",
    "list_add_tail(&a, &b); list_del(&a);", "a buffer overflow was detected (3 < 4)",
  ])
  func nothingElseIsTold(_ text: String) { #expect(findings(Array((text + "\n").utf8)) == []) }

  /// A report and its neighbours stay apart, and the report keeps its own trace.
  @Test func reportsAndNeighboursStayApart() throws {
    let text =
      "refcount_t: underflow; use-after-free.\nCall Trace:\n kobject_put+0x1/0x2\nRIP: 0033:0x1\n"
      + AftermathTests.oops + "\nBuffer overflow detected (8 < 192)!\nCall Trace:\n g+0x1/0x2 [m]\n"
    let found = findings(Array(text.utf8))
    #expect(found.map { $0.report == nil } == [true, false, true])
    #expect(found[1].report?.aftermath.copier?.function == "check_object")
    #expect(found[0].neighbour?.caller?.function == "kobject_put")
    #expect(found[2].neighbour?.caller?.module == "m")
  }

  /// Quoting, wrapping and pieces of any size change nothing.
  @Test(arguments: [1, 7, 64, 4095, 10_007])
  func piecesMakeNoDifference(size: Int) throws {
    let messages = [
      "Buffer overflow detected (120 < 32767)!", "refcount_t: underflow; use-after-free.",
      "memcpy: detected field-spanning write (size 7) of single field \"f\" at a.c:2 (size 4)",
      Self.fault("ffffc90001234000", "rep_movs_alternative"), AftermathTests.oops,
      "BUG: KASAN: slab-out-of-bounds in _copy_to_user+0x1/0x2\nRead of size 1 at addr ffff by task",
      "list_del corruption, ffff8b4e5a9b2f88->next is NULL",
    ]
    var random = Seeded(state: UInt64(size))
    var text = ""
    for round in 0..<60 {
      let message = messages.randomElement(using: &random) ?? ""
      text += round % 3 == 0 ? message.replacing("\n", with: "\n> > ") : message
      text +=
        "\n" + String(repeating: "other words\n", count: Int.random(in: 0..<90, using: &random))
    }
    let bytes = Array(text.utf8)
    let whole = findings(bytes)
    #expect(whole.count > 50)
    #expect(findings(bytes, pieces: size) == whole)
    let wrapped = "> Buffer overflow detected\n> (120 < 32767)!\n"
    #expect(neighbours(wrapped).map(\.size) == [32767])
    #expect(neighbours("Buffer overflow detected (120 &lt; 32767)!").map(\.size) == [32767])
  }

  /// What comes late is told at once, and the same findings come when a log is paused between its events.
  @Test func aPauseTellsWhatIsThere() throws {
    var scanner = ReportScanner()
    #expect(scanner.scan(Array((AftermathTests.oops + "\n").utf8)) == [])
    let told = scanner.pause()
    #expect(told.count == 1 && told[0].report?.aftermath.copier?.function == "check_object")
    #expect(scanner.scan(Array("usercopy: Kernel memory exposure attempt det".utf8)) == [])
    #expect(scanner.pause() == [])
    let rest =
      "ected from SLUB object 'a' (offset 1, size 2)!\nBuffer overflow detected (8 < 192)!\n"
    #expect(scanner.scan(Array(rest.utf8)) == [])
    let more = scanner.pause()
    #expect(more.map { $0.report?.size ?? $0.neighbour?.size } == [2, 192])
    #expect(more[0].report?.lineNumber == AftermathTests.oops.split(separator: "\n").count + 1)
    #expect(scanner.finish() == [])
  }
}
