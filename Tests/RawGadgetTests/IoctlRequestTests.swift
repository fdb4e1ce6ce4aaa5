import GadgetWorld
import RawGadget
import Testing
import USB

@Suite struct IoctlRequestTests {
  @Test func everyCallIsFoundByNameAndNumber() {
    for call in RawIoctl.allCases {
      #expect(IoctlRequest(number: call.number) == .call(call))
      #expect(IoctlRequest(call.name) == .call(call))
      #expect(IoctlRequest("0x" + String(call.number, radix: 16)) == .call(call))
      #expect(IoctlRequest(IoctlRequest.call(call).name) == .call(call))
    }
  }

  /// One bit of a call's number, its direction, size, type or place, makes another number.
  @Test func otherNumbersAreUnknownAndRefused() {
    for call in RawIoctl.allCases {
      for bit in 0..<32 {
        let request = IoctlRequest(number: call.number ^ 1 << bit)
        guard request.call == nil else { continue }
        #expect(request.number == call.number ^ 1 << bit)
        #expect(IoctlRequest(request.name) == request)
        var world = GadgetWorld(policy: .linux6_18)
        _ = world.call(0, .open(descriptor: 3, nonblocking: false))
        let made = SystemCall.ioctl(descriptor: 3, number: request.number, argument: .value(0))
        guard case .returned(let result) = world.call(0, made) else {
          Issue.record("\(request.name) sleeps")
          continue
        }
        #expect(result.refusal?.check == .unknownCall && result.errno == .EINVAL)
      }
    }
  }

  @Test(arguments: ["", "0x", "EP_SING", "0xg", "0x1ffffffff", "21859", "-0x1"])
  func otherTextIsNoRequest(_ text: String) { #expect(IoctlRequest(text) == nil) }

  @Test func theSizeIsThatOfTheNumber() {
    #expect(IoctlRequest(number: 0x5563).layout == .number)
    #expect(IoctlRequest(number: 0x4004_5662).layout == .unknown(size: 4))
    #expect(IoctlRequest(number: 0xffff_ffff).layout == .unknown(size: 0x3fff))
  }
}
