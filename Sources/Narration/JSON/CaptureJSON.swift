public import JSON
public import KernelLog
import Text
import USB

/// A bus capture as JSON with stable keys.
public enum CaptureJSON {
  /// `{"devices": [{"bus", "address", "controls", "endpoints", "urbs", "id", "class", "strings", "interfaces", "speed", "hub",
  /// "requests", "scsi", "hid"}], "omitted", "bad_lines", "cut_at"}`; counts hold all packets, `controls` those that are
  /// kept.
  ///
  /// - Parameters:
  ///   - capture: the capture.
  ///   - isWanted: which devices to tell of.
  public static func value(
    _ capture: Capture, where isWanted: (Capture.Device) -> Bool = { _ in true }
  ) -> JSONValue {
    let told = zip(capture.devices, DeviceSummary.all(capture)).filter { isWanted($0.0) }
    return JSONValue([
      ("devices", .array(told.map(device))), ("omitted", JSONValue(capture.omitted)),
      ("bad_lines", JSONValue(capture.badLines.count)), ("cut_at", JSONValue(capture.cutOffset)),
    ])
  }

  private static func device(_ device: Capture.Device, _ summary: DeviceSummary) -> JSONValue {
    JSONValue(
      [
        ("bus", JSONValue(UInt64(device.bus))), ("address", JSONValue(UInt64(device.address))),
        ("controls", .array(device.controls.map(control))),
        ("endpoints", .array(CaptureWords.endpoints(summary.tally).map(endpoint))),
      ] + summary.members)
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
    let (pipe, count) = (endpoint.pipe, endpoint.count)
    return JSONValue([
      ("endpoint", JSONValue(UInt64(pipe.number))),
      ("direction", .string(pipe.isIn ? "in" : "out")),
      ("kind", .string(CaptureWords.kind(pipe.kind))),
      ("urbs", JSONValue(count.urbs)), ("bytes", .unsigned(count.bytes)),
      ("failed", JSONValue(count.failed)), ("pending", JSONValue(count.pending)),
    ])
  }
}
