import GadgetWorld
import RawGadget
import USB

extension World {
  mutating func gadgetfs(_ step: Action.GadgetFS) throws(ActionError) -> [Event] {
    var side = gadgetSide
    guard !side.machine.isBlocked(try side.thread(step.thread)) else {
      throw .threadBlocked(step.thread)
    }
    var events: [Event] = []
    func make(
      _ world: inout World, _ call: GadgetFSCall, _ made: CallRecord.Call
    ) throws(ActionError) -> [Event] {
      try world.system(
        .gadgetfs(call), step.thread, as: made, waits: step.waits, &side)
    }
    if case .configure = step.call, side.machine.gadgetfs == nil {
      events = try make(&self, .open, .openGadgetFS)
      guard side.machine.gadgetfs != nil else {
        gadget = side
        return events
      }
    }
    events += try make(&self, Self.kernelCall(step.call, side.machine), .gadgetfs(step.call))
    gadget = side
    return events
  }

  mutating func closeGadgetFS() throws(ActionError) -> [Event] {
    var side = gadgetSide
    let events = try system(
      .gadgetfs(.close), "main", as: .close(file: Action.GadgetFS.file), &side)
    gadget = side
    return events
  }

  private static func kernelCall(
    _ call: Action.GadgetFS.Call, _ machine: GadgetWorld
  ) -> GadgetFSCall {
    func memory(_ bytes: [UInt8]) -> UserMemory {
      UserMemory(address: CallArgument.address, bytes: bytes)
    }
    func room(_ length: Int) -> UserMemory {
      let most = Action.GadgetFS.readLimit
      return memory([UInt8](repeating: 0, count: max(0, min(length, most))))
    }
    switch call {
    case .configure(let device, let configuration, let highSpeed):
      let tag: [UInt8] = [0, 0, 0, 0]
      return .write(memory(tag + configuration + (highSpeed ?? []) + device))
    case .read(let length): return .read(room(length))
    case .write(let bytes): return .write(memory(bytes))
    case .stall:
      let isIn = machine.gadgetfs?.pendingIsIn == true
      return isIn ? .read(room(GadgetFSEvent.size)) : .write(memory([]))
    }
  }
}
