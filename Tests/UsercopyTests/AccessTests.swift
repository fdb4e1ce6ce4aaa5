import KernelHistory
import Testing
import Usercopy

/// Functions that look at user memory themselves: structures of two sizes, and values between begin and end.
struct AccessTests {
  private static func machine(_ release: KernelVersion = KernelVersion(6, 1), smap: Bool = false)
    -> (kernel: Kernel, object: Address, user: Address)
  {
    var configuration = Configuration(release: release)
    configuration.smap = smap
    var kernel = Kernel(configuration: configuration)
    kernel.addTask("task")
    let object = kernel.kmalloc(64, label: "object") ?? 0
    kernel.write([UInt8](repeating: 0x55, count: 64), at: object)
    let user = kernel.mapUser(4096)
    kernel.write([UInt8](repeating: 0x41, count: 32), at: user)
    return (kernel, object, user)
  }

  /// Every pair of sizes around the 32 bytes that the program filled and the 64 of the object.
  @Test(arguments: Era.all)
  func theSmallerSizeIsCopied(_ era: Era) {
    for theirs in [UInt64(0), 1, 31, 32, 33, 48, 63, 64, 65, 4096, 4097] {
      for ours in [UInt64(0), 1, 31, 32, 33, 48, 63, 64] {
        var (kernel, object, user) = Self.machine()
        let before = kernel
        let outcome = kernel.copy(
          CopyAttempt(
            entry: .copyStructFromUser, kernel: object, user: user, length: theirs,
            objectSize: ours), under: era)
        let common = min(theirs, ours)
        if theirs > ours, ours < 32 {
          #expect(outcome.refuser == .trailingBytes && outcome.returned?.value == -7)
          #expect(kernel.memory.read(object, count: 64) == before.memory.read(object, count: 64))
        } else if theirs > 4096 {
          #expect(outcome.verdict == .allow && outcome.returned?.value == -14)
        } else {
          #expect(outcome.verdict == .allow && outcome.returned?.value == 0)
          #expect(outcome.copied == common && outcome.filled == ours - common)
          let got = kernel.memory.read(object, count: 64)
          #expect(Array(got.prefix(Int(common))) == before.memory.read(user, count: Int(common)))
          #expect(got[Int(common)..<Int(ours)].allSatisfy { $0 == 0 })
          #expect(got[Int(ours)...].allSatisfy { $0 == 0x55 })
        }
      }
    }
  }

  /// The tail is the program's: it may not reach into the kernel, and a size of the driver's own that is too
  /// large is seen by the check only as far as it copies.
  @Test func sidesOfAStructure() {
    var (kernel, object, user) = Self.machine()
    let top = kernel.layout.userTop
    let wrong = kernel.judge(
      CopyAttempt(
        entry: .copyStructFromUser, kernel: object, user: top - 32, length: 64, objectSize: 32),
      under: .linux6_1)
    #expect(wrong.refuser == .accessOK && wrong.returned?.value == -14)
    let neighbour = kernel.kmalloc(64, label: "neighbour") ?? 0
    kernel.write([1], at: neighbour)
    let attempt = { (length: UInt64) in
      CopyAttempt(
        entry: .copyStructFromUser, kernel: object, user: user, length: length, objectSize: 128)
    }
    #expect(kernel.judge(attempt(65), under: .linux6_1).refuser == .hardenedUsercopy)
    let short = kernel.copy(attempt(16), under: .linux6_1)
    #expect(short.verdict == .allow)
    #expect(kernel.memory[neighbour] == 0)
  }

  private static func value(_ entry: EntryPoint, _ object: Address, _ user: Address) -> CopyAttempt
  {
    CopyAttempt(entry: entry, kernel: object, user: user, length: 8)
  }

  /// User memory is open between begin and end, and no longer than up to the next copy that closes it.
  @Test func smapKeepsUserMemoryClosed() {
    for closing in [EntryPoint.userAccessEnd, .copyToUser, .putUser] {
      var (kernel, object, user) = Self.machine(smap: true)
      func passes(_ entry: EntryPoint) -> Bool {
        let attempt = Self.value(entry, object, user)
        return kernel.judge(attempt, under: .linux6_1).refuser != .smap
      }
      #expect(!passes(.unsafePutUser) && !passes(.unsafeGetUser) && passes(.copyToUser))
      let begun = kernel.copy(Self.value(.userAccessBegin, object, user), under: .linux6_1)
      #expect(begun.verdict == .allow)
      #expect(passes(.unsafePutUser) && passes(.unsafeGetUser))
      _ = kernel.copy(Self.value(.unsafePutUser, object, user), under: .linux6_1)
      #expect(passes(.unsafeGetUser))
      _ = kernel.copy(Self.value(closing, object, user), under: .linux6_1)
      #expect(!passes(.unsafePutUser), "\(closing)")
    }
    let (kernel, object, user) = Self.machine()
    #expect(kernel.judge(Self.value(.unsafePutUser, object, user), under: .linux6_1).copied == 8)
  }

  /// Since 5.0 begin asks access_ok(); since 5.12 a violation of SMAP is an oops.
  @Test(arguments: [
    (Era.linux4_8, false, false), (.linux5_10, true, false), (.linux6_1, true, true),
  ])
  func releasesDiffer(_ era: Era, _ asks: Bool, _ dies: Bool) {
    var (kernel, object, user) = Self.machine(era.release, smap: true)
    let victim = kernel.kmalloc(64, label: "victim") ?? 0
    let begin = kernel.judge(Self.value(.userAccessBegin, object, victim), under: era)
    #expect((begin.refuser == .accessOK) == asks)
    let stray = kernel.judge(Self.value(.unsafePutUser, object, user), under: era)
    #expect(stray.refuser == .smap && stray.isFatal == dies)
    #expect((stray.returned?.value == -14) == !dies)
    // A page of the kernel is no user page.
    let wrong = kernel.copy(Self.value(.unsafePutUser, object, victim), under: era)
    #expect(wrong.verdict == .allow && kernel.memory[victim] == 0x55)
  }
}
