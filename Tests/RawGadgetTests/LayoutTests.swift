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
    #expect(calls.count == RawIoctl.allCases.count)
    for call in calls {
      let ioctl = try #require(RawIoctl.allCases.first { $0.name == call["name"]?.string })
      let number = call["number"]?.string.flatMap { UInt32($0.dropFirst(2), radix: 16) }
      #expect(ioctl.number == number)
      #expect(ioctl.argumentSize == call["argument_bytes"]?.int)
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
