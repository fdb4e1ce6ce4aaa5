import DummyUDC
import Conformance
import JSON
import RawGadget
import Testing
import USB

@Suite struct LayoutTests {
  private func common() throws -> JSONValue {
    try JSONValue(parsing: Fixtures.unpacked("common.json"))
  }

  @Test func numbersOfAllCalls() throws {
    let calls = try #require(try common()["ioctls"]?.array)
    for ioctl in RawIoctl.allCases {
      guard let call = calls.first(where: { $0["name"]?.string == ioctl.name }) else {
        Issue.record("the header that was recorded has no \(ioctl.name)")
        continue
      }
      let number = call["number"]?.string.flatMap { UInt32($0.dropFirst(2), radix: 16) }
      #expect(ioctl.number == number, "\(ioctl.name)")
      #expect(ioctl.argumentSize == call["argument_bytes"]?.int, "\(ioctl.name)")
    }
    let known = Set(RawIoctl.allCases.map(\.name))
    for name in calls.compactMap({ $0["name"]?.string }) where !known.contains(name) {
      Issue.record("\(name) of the header is no case of RawIoctl")
    }
  }

  @Test func sizesOfStructures() throws {
    let structs = try #require(try common()["structs"])
    #expect(structs["usb_raw_init"]?["bytes"]?.int == RawLayout.initSize)
    #expect(structs["usb_raw_event"]?["bytes"]?.int == RawLayout.headerSize)
    #expect(structs["usb_raw_ep_io"]?["bytes"]?.int == RawLayout.headerSize)
    #expect(structs["usb_raw_ep_info"]?["bytes"]?.int == RawLayout.epInfoSize)
    #expect(structs["usb_raw_eps_info"]?["bytes"]?.int == RawLayout.epsInfoSize)
    for type in RawEventType.allCases {
      #expect(try common()["event_types"]?[type.name]?.int == Int(type.rawValue))
    }
  }

  @Test func endpointsOfTheController() throws {
    let endpoints = try #require(try common()["dummy_udc_endpoints"]?.array)
    #expect(endpoints.count == ControllerEndpoint.dummyUDC.count)
    for (expected, endpoint) in zip(endpoints, ControllerEndpoint.dummyUDC) {
      let capabilities = Set(expected["caps"]?.array?.compactMap(\.string) ?? [])
      #expect(expected["name"]?.string == endpoint.name)
      #expect(expected["addr"]?.int == Int(endpoint.address))
      #expect(capabilities.contains("type_bulk") == endpoint.bulk)
      #expect(capabilities.contains("type_int") == endpoint.interrupt)
      #expect(capabilities.contains("dir_in") == endpoint.directionIn)
      #expect(capabilities.contains("dir_out") == endpoint.directionOut)
      #expect(endpoint.info.count == RawLayout.epInfoSize)
    }
  }
}
