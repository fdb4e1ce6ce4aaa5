public import RawGadget
import Text
public import USB

/// The events of a raw-gadget device in words as long as there is room for.
public enum QueuedEventWords {
  /// What an event is called, the longest form first: `GET_DESCRIPTOR device, 64`, `GET_DESC device, 64`,
  /// `GET_DESC device`, `GET_DESC dev`, `GET_DESC`.
  public static func forms(_ event: RawDevice.Event) -> [String] {
    guard event.type == .control, let setup = SetupPacket(event.data[...]) else {
      return [event.type.name]
    }
    return forms(setup)
  }

  /// What a request is called, the longest form first.
  public static func forms(_ setup: SetupPacket) -> [String] {
    guard let named = setup.named else {
      let bytes = setup.bytes.map { $0.hex(width: 2) }
      return [bytes.joined(separator: " "), bytes.prefix(2).joined(separator: " ")]
    }
    let brief = brief(named.request)
    let subject = named.subject.isEmpty ? [] : [brief + " " + named.subject]
    let short =
      named.subject.isEmpty
      ? []
      : [brief + " " + shortened(named.subject), brief + " " + named.subject.prefix(3)]
    return [setup.name, brief + named.suffix] + subject + short + [brief]
  }

  /// What tells one request from another in at most seven letters: `config`, `dev.qua`.
  private static func shortened(_ subject: String) -> String {
    let words = subject.split { $0 == " " || $0 == "_" }
    guard words.count > 1 else { return String(subject.prefix(6)) }
    return words.prefix(2).map { String($0.prefix(3)) }.joined(separator: ".")
  }

  /// A request's name in eight letters.
  private static func brief(_ request: SetupPacket.Named.Request) -> String {
    switch request {
    case .standard(let request):
      switch request {
      case .getStatus: "GET_STAT"
      case .clearFeature: "CLR_FEAT"
      case .setFeature: "SET_FEAT"
      case .setAddress: "SET_ADDR"
      case .getDescriptor: "GET_DESC"
      case .setDescriptor: "SET_DESC"
      case .getConfiguration: "GET_CONF"
      case .setConfiguration: "SET_CONF"
      case .getInterface: "GET_INTF"
      case .setInterface: "SET_INTF"
      case .synchFrame: "SYNCH_FR"
      }
    case .hid(let request):
      switch request {
      case .getReport: "GET_REP"
      case .getIdle: "GET_IDLE"
      case .getProtocol: "GET_PROT"
      case .setReport: "SET_REP"
      case .setIdle: "SET_IDLE"
      case .setProtocol: "SET_PROT"
      }
    case .ofClass(let request): String(request.rawValue.prefix(8))
    }
  }

  /// A kind of transfer in at most four letters, as the tables of endpoints write it.
  public static func kind(_ type: TransferType) -> String {
    switch type {
    case .control: "ctrl"
    case .isochronous: "iso"
    case .bulk: "bulk"
    case .interrupt: "int"
    }
  }
}
