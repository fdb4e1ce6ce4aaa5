public import JSON
public import KernelLog
import Text
import USB

/// A bus capture as JSON with stable keys.
public enum CaptureJSON {
  /// `{"devices": [{"bus", "address", "controls", "endpoints"}], "omitted", "bad_lines", "cut_at"}`.
  public static func value(_ capture: Capture) -> JSONValue {
    JSONValue([
      ("devices", .array(capture.devices.map(device))), ("omitted", JSONValue(capture.omitted)),
      ("bad_lines", JSONValue(capture.badLines.count)), ("cut_at", JSONValue(capture.cutOffset)),
    ])
  }

  private static func device(_ device: Capture.Device) -> JSONValue {
    JSONValue([
      ("bus", JSONValue(UInt64(device.bus))), ("address", JSONValue(UInt64(device.address))),
      ("controls", .array(device.controls.map(control))),
      ("endpoints", .array(CaptureWords.endpoints(device).map(endpoint))),
    ])
  }

  private static func control(_ exchange: Capture.Exchange) -> JSONValue {
    func number(_ value: (some UnsignedInteger)?) -> JSONValue {
      JSONValue(value.map { UInt64($0) })
    }
    let setup = exchange.setup
    return JSONValue([
      ("bmRequestType", number(setup?.bmRequestType)), ("bRequest", number(setup?.bRequest)),
      ("wValue", number(setup?.wValue)), ("wIndex", number(setup?.wIndex)),
      ("wLength", number(setup?.wLength)),
      ("status", JSONValue(exchange.status.map { Int($0) })),
      ("actual", JSONValue(exchange.actual.map { Int($0) })),
      ("data", .string(exchange.data.hex)), ("cut", .bool(exchange.isDataCut)),
    ])
  }

  private static func endpoint(_ endpoint: CaptureWords.Endpoint) -> JSONValue {
    JSONValue([
      ("endpoint", JSONValue(UInt64(endpoint.number))),
      ("direction", .string(endpoint.isIn ? "in" : "out")), ("kind", .string(endpoint.kindName)),
      ("urbs", JSONValue(endpoint.count)), ("bytes", .unsigned(endpoint.bytes)),
      ("failed", JSONValue(endpoint.failed)), ("pending", JSONValue(endpoint.pending)),
    ])
  }
}
