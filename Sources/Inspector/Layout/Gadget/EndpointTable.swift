import DummyUDC
import GadgetWorld
import Grid
import Narration
import RawGadget
import Text
import USB

/// The endpoints that the program enabled, a row each, and those it did not.
struct EndpointTable {
  let subject: GadgetSubject
  /// Columns there are.
  let width: Int

  /// A column: what it is called, and whether it is given up last or first where there is no room.
  private struct Column {
    let title: String
    /// Lower ones are kept longer.
    let rank: Int
    let cells: [[Span]]

    func columns(_ withTitle: Bool) -> Int {
      max(withTitle ? TextWidth.of(title) : 0, cells.map(Fitting.columns).max() ?? 0)
    }
  }

  private struct Entry {
    let handle: Int
    let endpoint: RawDevice.Endpoint
    let udc: DummyEndpoint
  }

  private var entries: [Entry] {
    guard let device = subject.device, let controller = subject.controller else { return [] }
    return device.endpoints.enumerated().compactMap { handle, endpoint in
      guard endpoint.enabled, controller.endpoints.indices.contains(handle + 1) else { return nil }
      return Entry(handle: handle, endpoint: endpoint, udc: controller.endpoints[handle + 1])
    }
  }

  /// The table's rows, its heading first where it is wanted; empty when no endpoint is enabled.
  func rows(withHeading: Bool) -> [[Span]] {
    let entries = entries
    guard !entries.isEmpty else { return [] }
    var shown = columns(entries)
    func isWide() -> Bool { shown.reduce(-1) { $0 + $1.columns(withHeading) + 1 } > width }
    // What is queued is told shorter before a column is left out that says what an endpoint does.
    while shown.count > 3, isWide(),
      let last = shown.indices.max(by: { shown[$0].rank < shown[$1].rank })
    {
      shown.remove(at: last)
    }
    if isWide(), let queue = shown.firstIndex(where: { $0.rank == 3 }) {
      shown[queue] = Column(title: "queued", rank: 3, cells: entries.map(queuedBriefly))
    }
    let heading = shown.flatMap {
      [Span(Fitting.padded($0.title, $0.columns(withHeading)) + " ", .label)]
    }
    let rows = entries.indices.map { row in
      shown.flatMap { column in
        let blank = column.columns(withHeading) - Fitting.columns(column.cells[row]) + 1
        return column.cells[row] + [Span(String(repeating: " ", count: blank))]
      }
    }
    return (withHeading ? [heading] : []) + rows
  }

  private func columns(_ entries: [Entry]) -> [Column] {
    func column(_ title: String, _ rank: Int, _ cell: (Entry) -> [Span]) -> Column {
      Column(title: title, rank: rank, cells: entries.map(cell))
    }
    return [
      column("h", 4) { [Span(String($0.handle), .dim)] },
      column("endpoint", 1) { [Span($0.udc.name, .text, isChanged($0) ? .bold : [])] },
      column("addr", 5) {
        [
          Span(
            $0.endpoint.descriptor.map { "0x" + $0.bEndpointAddress.hex(width: 2) } ?? "", .value)
        ]
      },
      column("type", 7) {
        [Span($0.endpoint.descriptor.map { QueuedEventWords.kind($0.type) } ?? "", .text)]
      },
      column("max", 6) {
        [Span($0.endpoint.descriptor.map { String($0.maxPacket) } ?? "", .value)]
      },
      column("state", 2, state),
      column("queued", 3, queued),
      column("asleep", 8) {
        [Span(subject.sleepers(at: .endpoint($0.handle)).joined(separator: ", "), .pending)]
      },
    ]
  }

  private func state(_ entry: Entry) -> [Span] {
    let sign = isChanged(entry) ? [Span("+", .accent, .bold)] : []
    let state = DeviceWords.EndpointState(
      entry.endpoint, isHalted: entry.udc.halted, isWedged: entry.udc.wedged)
    let role: Role =
      switch state {
      case .wedged, .halted: .denied
      case .disabling: .pending
      case .enabled: .enabled
      }
    return sign + [Span(state.word, role)]
  }

  /// Transfers queued at the controller and their bytes.
  private func queued(_ entry: Entry) -> [Span] {
    let queue = entry.udc.queue
    guard !queue.isEmpty else {
      return [entry.endpoint.transferQueued ? Span("waits", .pending) : Span("–", .dim)]
    }
    let bytes = queue.reduce(0) { $0 + $1.length }
    return [Span("\(queue.count) (\(bytes) B)", .pending)]
  }

  /// The same in fewer columns: the bytes, with how many transfers where there are several.
  private func queuedBriefly(_ entry: Entry) -> [Span] {
    let queue = entry.udc.queue
    guard !queue.isEmpty else { return queued(entry) }
    let bytes = queue.reduce(0) { $0 + $1.length }
    return [Span((queue.count > 1 ? "\(queue.count)·" : "") + "\(bytes) B", .pending)]
  }

  /// Whether the present step changed it.
  private func isChanged(_ entry: Entry) -> Bool {
    guard let before = subject.before, before.endpoints.indices.contains(entry.handle) else {
      return true
    }
    let udc = subject.controllerBefore?.endpoints[entry.handle + 1]
    return before.endpoints[entry.handle] != entry.endpoint || udc != entry.udc
  }

  /// Whether the column of sleeping threads has room.
  var showsSleepers: Bool {
    columns(entries).reduce(-1) { $0 + $1.columns(true) + 1 } <= width
  }

  // MARK: Endpoints that are not enabled

  private var disabled: [(endpoint: RawDevice.Endpoint, udc: DummyEndpoint)] {
    guard let device = subject.device, let controller = subject.controller else { return [] }
    return device.endpoints.enumerated().compactMap { handle, endpoint in
      guard !endpoint.enabled, controller.endpoints.indices.contains(handle + 1) else { return nil }
      return (endpoint, controller.endpoints[handle + 1])
    }
  }

  /// How many endpoints are disabled and, where there is room, which.
  func rest(withNames: Bool) -> [[Span]] {
    let disabled = disabled
    guard !disabled.isEmpty else { return [] }
    let count = Span(DeviceWords.disabled(disabled.count), .disabled)
    guard withNames else { return [[count]] }
    let names = disabled.map(\.udc.name).joined(separator: " ")
    return Fitting.wrapped([count, Span(": " + names, .disabled)], width: width)
  }
}
