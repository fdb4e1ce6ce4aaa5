public import USB

extension Capture {
  /// Counts of URBs: by endpoint, by request, and of the commands a disk is given. Memory does not grow with the capture.
  public struct Tally: Sendable, Equatable {
    /// An endpoint that is not endpoint 0.
    public struct Pipe: Sendable, Hashable {
      /// Its type.
      public var kind: TransferType
      /// Its number, without the direction.
      public var number: UInt8
      /// Whether the device sends.
      public var isIn: Bool
    }

    /// Requests on endpoint 0 that differ in their parameters only.
    public struct Request: Sendable, Hashable {
      /// Direction, definer and recipient.
      public var bmRequestType: UInt8
      /// The request.
      public var bRequest: UInt8
      /// The type of descriptor, where one is asked for.
      public var descriptor: UInt8?

      /// The request of a setup packet.
      public init(_ setup: SetupPacket) {
        bmRequestType = setup.bmRequestType
        bRequest = setup.bRequest
        descriptor = StandardRequest(setup) == .getDescriptor ? setup.wValue.highByte : nil
      }
    }

    /// What became of a number of URBs.
    public struct Count: Sendable, Equatable {
      /// All of them.
      public internal(set) var urbs = 0
      /// Bytes that moved.
      public internal(set) var bytes: UInt64 = 0
      /// Those without an answer.
      public internal(set) var pending = 0
      /// Those that failed, by negative errno.
      public internal(set) var failures: [Int32: Int] = [:]

      /// Those that failed, whatever the errno.
      public var failed: Int { failures.values.reduce(0, +) }
      /// Those that the device answered.
      public var answered: Int { urbs - pending - failed }
      /// Those that the device refused.
      public var stalled: Int { failures[-Errno.EPIPE.rawValue] ?? 0 }

      mutating func add(_ exchange: Exchange) {
        urbs += 1
        bytes &+= UInt64(max(0, exchange.actual ?? 0))
        switch exchange.status {
        case nil: pending += 1
        case 0?: break
        case let status?: failures[status, default: 0] += 1
        }
      }

      mutating func add(_ other: Count) {
        urbs += other.urbs
        bytes &+= other.bytes
        pending += other.pending
        failures.merge(other.failures, uniquingKeysWith: +)
      }
    }

    /// Commands of one kind given to a disk (bulk-only transport).
    public struct Commands: Sendable, Equatable {
      /// How many were given.
      public internal(set) var given = 0
      /// How many the disk said had failed.
      public internal(set) var failed = 0
    }

    /// Kinds of requests that are told apart; further ones are counted together.
    private static let mostRequests = 1024

    /// By endpoint.
    public private(set) var pipes: [Pipe: Count] = [:]
    /// By request.
    public private(set) var requests: [Request: Count] = [:]
    /// Requests beyond the kinds that are told apart, and those whose setup packet was not captured.
    public private(set) var otherRequests = Count()
    /// SCSI commands by operation code.
    public private(set) var commands: [UInt8: Commands] = [:]
    /// The command under way.
    private var command: UInt8?

    /// All URBs.
    public var urbs: Int {
      (pipes.values.map(\.urbs) + requests.values.map(\.urbs)).reduce(otherRequests.urbs, +)
    }

    /// Counts nothing.
    public init() {}

    /// Takes an URB in.
    public mutating func add(_ exchange: Exchange) {
      guard exchange.kind == .control, exchange.endpoint == 0 else {
        let pipe = Pipe(kind: exchange.kind, number: exchange.endpoint, isIn: exchange.isIn)
        pipes[pipe, default: Count()].add(exchange)
        if exchange.kind == .bulk { addCommand(exchange) }
        return
      }
      let request = exchange.setup.map(Request.init)
      if let request, requests[request] != nil || requests.count < Self.mostRequests {
        requests[request, default: Count()].add(exchange)
      } else {
        otherRequests.add(exchange)
      }
    }

    /// A command block wrapper ("USBC") gives a command, a status wrapper ("USBS") tells what became of it.
    private mutating func addCommand(_ exchange: Exchange) {
      if !exchange.isIn, let block = ScsiCommand(wrapper: exchange.data) {
        commands[block.code, default: Commands()].given += 1
        command = block.code
      } else if exchange.isIn, exchange.data.count >= 13, exchange.data.starts(with: "USBS".utf8),
        let code = command
      {
        command = nil
        if exchange.data[12] != 0 { commands[code, default: Commands()].failed += 1 }
      }
    }

    mutating func add(_ other: Tally) {
      pipes.merge(other.pipes) {
        var sum = $0; sum.add($1); return sum
      }
      requests.merge(other.requests) {
        var sum = $0; sum.add($1); return sum
      }
      otherRequests.add(other.otherRequests)
      for (code, more) in other.commands {
        commands[code, default: Commands()].given += more.given
        commands[code, default: Commands()].failed += more.failed
      }
    }
  }
}

extension Capture.Device {
  /// Counts of all its URBs, those beyond the most that are kept with them.
  public var tally: Capture.Tally {
    var tally = Capture.Tally()
    for exchange in exchanges { tally.add(exchange) }
    tally.add(later)
    return tally
  }
}
