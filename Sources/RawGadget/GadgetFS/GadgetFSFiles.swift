import Usercopy
import USB

extension GadgetWorld {
  /// A call on the `ep0` file of GadgetFS.
  mutating func gadgetfsCall(_ thread: ThreadID, _ call: GadgetFSCall) -> CallOutcome {
    switch call {
    case .open: return .returned(openGadgetFS())
    case .close: return .returned(closeGadgetFS())
    case .write(let memory):
      guard let state = openState else { return .returned(.failure(.EBADF, row: 0)) }
      machine?.enter(
        thread, "vfs_write", "dev_config", locals: [LocalRequest(name: "tag", size: 4)])
      var result =
        state == .opened ? writeDescriptors(thread, memory) : writeEP0(thread, memory)
      result.killed = leaveFrames(thread)
      return .returned(result)
    case .read(let memory):
      guard openState != nil else { return .returned(.failure(.EBADF, row: 0)) }
      machine?.enter(thread, "vfs_read", "ep0_read", locals: [])
      guard var result = readEP0(thread, memory) else { return .blocked }
      result.killed = leaveFrames(thread)
      return .returned(result)
    }
  }

  /// The state of the device while its file is open for calls.
  private var openState: GadgetFSDevice.State? {
    gadgetfs.flatMap { $0.isClosing ? nil : $0.state }
  }

  /// Mounts GadgetFS, which looks for a controller without a driver, and opens `ep0`
  /// (`gadgetfs_fill_super()`, `gadget_dev_open()`).
  private mutating func openGadgetFS() -> CallResult {
    guard gadgetfs == nil else { return .failure(.EBUSY, row: 2) }
    guard freeController != nil else { return .failure(.ENODEV, row: 1) }
    gadgetfs = GadgetFSDevice()
    gadgetfs?.object = machine?.allocate(
      [], size: GadgetFSDevice.objectSize, label: "dev_data")
    note(.gadgetfsState(.opened))
    return .success(0)
  }

  /// The first controller without a driver: GadgetFS has no choice.
  private var freeController: Int? { controllers.firstIndex { $0.boundDriver == nil } }

  /// Closing `ep0` ends everything, once the last reader is gone (`dev_release()`).
  private mutating func closeGadgetFS() -> CallResult {
    guard openState != nil else { return .failure(.EBADF, row: 0) }
    gadgetfs?.isClosing = true
    releaseGadgetFS()
    return .success(0)
  }

  private mutating func releaseGadgetFS() {
    guard let device = gadgetfs, device.isClosing, gadgetfsReaders.isEmpty else { return }
    if device.isRegistered { unregisterDriver(.gadgetfs) }
    machine?.free(device.descriptorObject)
    machine?.free(device.object)
    gadgetfs = nil
  }

  /// The first write: takes the descriptors, then registers (`dev_config()`).
  private mutating func writeDescriptors(
    _ thread: ThreadID, _ memory: UserMemory
  ) -> CallResult {
    let length = memory.bytes.count
    let least = 4 + GadgetFSDescriptors.configurationSize + GadgetFSDescriptors.deviceSize
    guard (least...4 * 4096).contains(length) else {
      return GadgetFSRefusal(.writeLength).result
    }
    guard let tag = copyArgument(thread, from: memory, size: 4, object: "tag") else {
      return .failure(.EFAULT, row: 2)
    }
    guard tag == [0, 0, 0, 0] else { return GadgetFSRefusal(.tag).result }
    let object = machine?.allocate([], size: length - 4, label: "descriptors")
    guard
      let bytes = copyIn(
        thread, "descriptors", to: object, from: memory, offset: 4, size: length - 4)
    else {
      machine?.free(object)
      return .failure(.EFAULT, row: 4)
    }
    guard gadgetfs?.descriptors == nil else {
      machine?.free(object)
      return GadgetFSRefusal(.alreadyWritten).result
    }
    let held: GadgetFSDescriptors
    do throws(GadgetFSRefusal) {
      held = try GadgetFSDescriptors(written: bytes)
    } catch {
      machine?.free(object)
      return error.result
    }
    gadgetfs?.descriptors = held
    gadgetfs?.descriptorObject = object
    gadgetfs?.isRegistered = true
    // A driver that finds no controller stays registered and waits for one.
    if let controller = freeController {
      bind(.gadgetfs, to: controller, speed: held.highSpeed == nil ? .full : .high)
    }
    return .success(length)
  }

  /// `gadgetfs_bind()`: one file for each endpoint, named as the controller names it.
  mutating func gadgetfsBind(controller: Int) {
    let files = controllers[controller].endpoints.dropFirst().map(\.name)
    gadgetfs?.controller = controller
    gadgetfs?.endpointFiles = files
    note(.gadgetfsBound(controller: controllers[controller].name, files: files))
    setGadgetFSState(.unconnected)
  }

  /// `gadgetfs_unbind()`.
  mutating func gadgetfsUnbind() {
    gadgetfs?.controller = nil
    gadgetfs?.endpointFiles = []
    setGadgetFSState(.unbound)
  }

  /// Later writes answer the pending request, or stall it when it is an OUT request
  /// (`ep0_write()`).
  private mutating func writeEP0(_ thread: ThreadID, _ memory: UserMemory) -> CallResult {
    guard let device = gadgetfs else { return .failure(.EBADF, row: 0) }
    if device.setupAborted { return abortedSetup }
    guard device.state == .setup, let controller = device.controller else {
      return .failure(.ESRCH, row: 2)
    }
    guard device.setupIn else {
      return device.setupCanStall ? stallEP0(controller, row: 3) : .failure(.ESRCH, row: 4)
    }
    let length = min(memory.bytes.count, device.setupLength)
    setGadgetFSState(.connected)
    let buffer = device.object.map { $0 &+ GadgetFSDevice.bufferOffset }
    guard
      let data = copyIn(thread, "rbuf", to: buffer, from: memory, offset: 0, size: length)
    else { return .failure(.EFAULT, row: 5) }
    let request = GadgetRequest(
      owner: .ep0, buffer: data, length: length, zero: length < device.setupLength)
    let status = queueRequest(request, endpoint: 0, controller: controller)
    guard let error = Errno(negated: status) else { return .success(length) }
    return .failure(error, row: 6, why: .udcQueue(error))
  }

  /// The host gave the request up; the program is told once.
  private var abortedSetup: CallResult {
    mutating get {
      gadgetfs?.setupAborted = false
      return .failure(.EIDRM, row: 1)
    }
  }

  /// Refuses the pending request; the caller is told with EL2HLT.
  private mutating func stallEP0(_ controller: Int, row: Int) -> CallResult {
    _ = setHalt(endpoint: 0, controller: controller, halt: true, wedge: false)
    setGadgetFSState(.connected)
    return .failure(.EL2HLT, row: row)
  }

  /// `ep0_read()`.
  ///
  /// - Returns: nil when the thread now sleeps.
  private mutating func readEP0(_ thread: ThreadID, _ memory: UserMemory) -> CallResult? {
    guard let device = gadgetfs, device.state != .opened else { return .failure(.EINVAL, row: 1) }
    if device.setupAborted { return abortedSetup }
    if device.state == .setup, let controller = device.controller {
      if device.setupIn { return stallEP0(controller, row: 2) }
      if memory.bytes.isEmpty { return acknowledge(controller) }
      if device.setupOut != nil { return readData(thread, memory) }
      sleepInGadgetFS(thread, memory, wantsData: true)
      return nil
    }
    guard memory.bytes.count >= GadgetFSEvent.size else { return .failure(.EINVAL, row: 5) }
    gadgetfs?.readsEvents = true
    if !device.events.isEmpty { return readEvents(thread, memory) }
    guard device.state == .connected || device.state == .unconnected else {
      return .failure(.ESRCH, row: 7)
    }
    sleepInGadgetFS(thread, memory, wantsData: false)
    return nil
  }

  /// Says yes to a request without data.
  private mutating func acknowledge(_ controller: Int) -> CallResult {
    let request = GadgetRequest(owner: .ep0, buffer: [], length: 0, zero: false)
    let status = queueRequest(request, endpoint: 0, controller: controller)
    setGadgetFSState(.connected)
    guard let error = Errno(negated: status) else { return .success(0) }
    return .failure(error, row: 3, why: .udcQueue(error))
  }

  /// The data that came with an OUT request.
  private mutating func readData(_ thread: ThreadID, _ memory: UserMemory) -> CallResult {
    guard gadgetfs?.state == .setup else { return .failure(.ECANCELED, row: 4) }
    setGadgetFSState(.connected)
    guard case .data(let received)? = gadgetfs?.setupOut else { return .failure(.EIO, row: 4) }
    gadgetfs?.setupOut = nil
    let data = Array(received.prefix(memory.bytes.count))
    let buffer = gadgetfs?.object.map { $0 &+ GadgetFSDevice.bufferOffset }
    if let buffer { machine?.kernel.write(data, at: buffer) }
    guard copyOut(thread, data, object: "rbuf", from: buffer, to: memory, offset: 0) else {
      return .failure(.EFAULT, row: 6)
    }
    return .success(data.count, written: data, data: data)
  }

  /// Events as many as there are and fit, none behind a SETUP.
  private mutating func readEvents(_ thread: ThreadID, _ memory: UserMemory) -> CallResult {
    let all = gadgetfs?.events ?? []
    var events = Array(all.prefix(memory.bytes.count / GadgetFSEvent.size))
    if let setup = events.firstIndex(where: { $0.type == .setup }) {
      events = Array(events[...setup])
      setGadgetFSState(.setup)
    }
    let array = gadgetfs?.object.map { $0 &+ GadgetFSDevice.eventsOffset }
    if let array { machine?.kernel.write(all.flatMap(\.bytes), at: array) }
    let bytes = events.flatMap(\.bytes)
    let whole = copyOut(thread, bytes, object: "event", from: array, to: memory, offset: 0)
    gadgetfs?.events.removeFirst(events.count)
    for event in events {
      note(.gadgetfsRead(event, depth: gadgetfs?.events.count ?? 0))
    }
    return whole
      ? .success(bytes.count, written: bytes, data: bytes) : .failure(.EFAULT, row: 6)
  }
}

// MARK: Waiting

extension GadgetWorld {
  private mutating func sleepInGadgetFS(
    _ thread: ThreadID, _ memory: UserMemory, wantsData: Bool
  ) {
    waitOrder &+= 1
    gadgetfsReaders[thread] = GadgetFSReader(
      memory: memory, wantsData: wantsData, order: waitOrder)
  }

  /// `ep0_readable()`: gives what there is to those who wait, the longest waiting first.
  mutating func wakeGadgetFSReaders() {
    for (thread, reader) in gadgetfsReaders.sorted(by: { $0.value.order < $1.value.order }) {
      if reader.wantsData {
        if gadgetfs?.setupOut != nil { endRead(thread, readData(thread, reader.memory)) }
      } else if gadgetfs?.events.isEmpty == false {
        endRead(thread, readEvents(thread, reader.memory))
      }
    }
  }

  /// A signal ends a read with EINTR, or lets it start again, which for a wait is the same wait.
  mutating func interruptGadgetFS(_ thread: ThreadID) {
    guard gadgetfsReaders[thread] != nil else { return }
    endRead(thread, .failure(.EINTR, row: 8, why: .signal))
  }

  private mutating func endRead(_ thread: ThreadID, _ result: CallResult) {
    gadgetfsReaders[thread] = nil
    var result = result
    result.killed = leaveFrames(thread)
    finished[thread] = result
    note(.callReturned(thread: thread, result))
    releaseGadgetFS()
  }
}
