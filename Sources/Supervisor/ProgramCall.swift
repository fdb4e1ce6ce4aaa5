import GadgetWorld
import CSupervisor
import Glibc
import RawGadget
import Simulation
import USB

/// A call of the program that waits for its answer.
struct ProgramCall: Sendable {
  enum Kind: Sendable {
    case open(nonblocking: Bool, closesOnExec: Bool)
    case ioctl(IoctlRequest, file: String, argument: UInt64)
  }

  var id: UInt64
  /// The thread that calls, as the kernel numbers it.
  var thread: Int32
  var kind: Kind

  /// The call as a step of a scenario.
  ///
  /// - Parameters:
  ///   - name: what the scenario calls the thread.
  ///   - newFile: the name of the file an open makes.
  ///   - waits: whether virtual time may pass until the call returns.
  func action(name: String, newFile: String, waits: Bool) -> Action {
    switch kind {
    case .open(let nonblocking, _): return .open(file: newFile, nonblocking: nonblocking)
    case .ioctl(let request, let file, let address):
      return .ioctl(
        Action.Ioctl(
          request, file: file, thread: name, real: argument(request.layout, at: address),
          waits: waits))
    }
  }

  /// The argument as the program passed it. Its bytes are the program's own; they lie where
  /// scenarios keep an argument, so that what is shown does not change from run to run.
  private func argument(_ layout: IoctlLayout, at address: UInt64) -> IoctlArgument {
    guard layout.isPointer, address != 0 else { return .value(address) }
    let memory = ProgramMemory(thread: thread)
    let data = layout.dataLength(memory.bytes(address, layout.readSize))
    // What is longer than the kernel can allocate is refused before any version looks at it.
    let isRefused = data.read > GadgetWorld.largestAllocation
    let wanted = layout.readSize + (isRefused ? 0 : data.read)
    let content = memory.bytes(address, wanted)
    var (readable, writable) = (content.count, content.count)
    if layout.isWritten {
      let room = layout.size + min(data.written, GadgetWorld.largestAllocation)
      writable = memory.writable(address, room)
      readable = max(readable, writable)
    }
    if isRefused, content.count == wanted { readable += data.read }
    guard readable > 0 else { return .memory(.unmapped(CallArgument.unmapped)) }
    return .memory(
      UserMemory(
        address: CallArgument.address, bytes: content, readable: readable, writable: writable))
  }
}
