import Usercopy
import USB

extension DriverSide {
  /// A call on the `ep0` file of GadgetFS.
  mutating func gadgetfsCall(_ thread: ThreadID, _ call: GadgetFSCall) -> CallOutcome {
    switch call {
    case .open: return .returned(openGadgetFS())
    case .close: return .returned(closeGadgetFS())
    case .write(let memory):
      guard let state = openState else { return .returned(.refused(.descriptorNotOpen, .EBADF)) }
      drivers.copies?.enter(
        thread, "vfs_write", "dev_config", locals: [LocalRequest(name: "tag", size: 4)])
      var result =
        state == .opened ? writeDescriptors(thread, memory) : writeEP0(thread, memory)
      result.killed = leaveFrames(thread)
      return .returned(result)
    case .read(let memory):
      guard openState != nil else { return .returned(.refused(.descriptorNotOpen, .EBADF)) }
      drivers.copies?.enter(thread, "vfs_read", "ep0_read", locals: [])
      guard var result = readEP0(thread, memory) else { return .blocked }
      result.killed = leaveFrames(thread)
      return .returned(result)
    }
  }

  /// The state of the device while its file is open for calls.
  private var openState: GadgetFSDevice.State? {
    drivers.gadgetfs.flatMap { $0.isClosing ? nil : $0.state }
  }

  /// Mounts GadgetFS, which looks for a controller without a driver, and opens `ep0`
  /// (`gadgetfs_fill_super()`, `gadget_dev_open()`).
  private mutating func openGadgetFS() -> CallResult {
    guard drivers.gadgetfs == nil else { return .refused(.alreadyMounted, .EBUSY) }
    guard freeController != nil else { return .refused(.controllerTaken, .ENODEV) }
    var device = GadgetFSDevice()
    device.object = drivers.copies?.allocate(
      [], size: GadgetFSDevice.objectSize, label: "dev_data")
    drivers.gadgetfs = device
    note(.gadgetfsState(.opened))
    return .success(0)
  }

  /// The first controller without a driver: GadgetFS has no choice.
  private var freeController: Int? { (0..<gadgetCount).first { gadget($0).driver == nil } }

  /// Closing `ep0` ends everything, once the last reader is gone (`dev_release()`).
  private mutating func closeGadgetFS() -> CallResult {
    guard openState != nil else { return .refused(.descriptorNotOpen, .EBADF) }
    drivers.gadgetfs?.isClosing = true
    releaseGadgetFS()
    return .success(0)
  }

  private mutating func releaseGadgetFS() {
    guard let device = drivers.gadgetfs, device.isClosing, drivers.gadgetfsReaders.isEmpty else {
      return
    }
    if device.isRegistered { unregisterDriver(.gadgetfs) }
    drivers.copies?.free(device.descriptorObject)
    drivers.copies?.free(device.object)
    drivers.gadgetfs = nil
  }

  /// The first write: takes the descriptors, then registers (`dev_config()`).
  private mutating func writeDescriptors(
    _ thread: ThreadID, _ memory: UserMemory
  ) -> CallResult {
    let length = memory.bytes.count
    let least = 4 + GadgetFSDescriptors.configurationSize + GadgetFSDescriptors.deviceSize
    guard (least...4 * 4096).contains(length) else {
      return .refused(CallRefusal(descriptors: .writeLength))
    }
    guard let tag = copyArgument(thread, from: memory, size: 4, object: "tag") else {
      return .refused(.argumentUnreadable, .EFAULT)
    }
    guard tag == [0, 0, 0, 0] else { return .refused(CallRefusal(descriptors: .tag)) }
    let object = drivers.copies?.allocate([], size: length - 4, label: "descriptors")
    guard
      let bytes = copyIn(
        thread, "descriptors", to: object, from: memory, offset: 4, size: length - 4)
    else {
      drivers.copies?.free(object)
      return .refused(.dataUnreadable, .EFAULT)
    }
    guard drivers.gadgetfs?.descriptors == nil else {
      drivers.copies?.free(object)
      return .refused(CallRefusal(descriptors: .alreadyWritten))
    }
    let held: GadgetFSDescriptors
    do throws(CallRefusal) {
      held = try GadgetFSDescriptors(written: bytes)
    } catch {
      drivers.copies?.free(object)
      return .refused(error)
    }
    drivers.gadgetfs?.descriptors = held
    drivers.gadgetfs?.descriptorObject = object
    drivers.gadgetfs?.isRegistered = true
    // A driver that finds no controller stays registered and waits for one.
    if let controller = freeController {
      bind(.gadgetfs, to: controller, speed: held.highSpeed == nil ? .full : .high)
    }
    return .success(length)
  }

  /// `gadgetfs_bind()`: one file for each endpoint, named as the controller names it.
  mutating func gadgetfsBind(controller: Int) {
    let gadget = gadget(controller)
    let files = gadget.endpoints.map(\.name)
    drivers.gadgetfs?.controller = controller
    drivers.gadgetfs?.endpointFiles = files
    note(.gadgetfsBound(controller: gadget.name, files: files))
    setGadgetFSState(.unconnected)
  }

  /// `gadgetfs_unbind()`.
  mutating func gadgetfsUnbind() {
    drivers.gadgetfs?.controller = nil
    drivers.gadgetfs?.endpointFiles = []
    setGadgetFSState(.unbound)
  }

  /// Later writes answer the pending request, or stall it when it is an OUT request
  /// (`ep0_write()`).
  private mutating func writeEP0(_ thread: ThreadID, _ memory: UserMemory) -> CallResult {
    guard let device = drivers.gadgetfs else { return .refused(.descriptorNotOpen, .EBADF) }
    if device.setupAborted { return abortedSetup }
    guard device.state == .setup, let controller = device.controller else {
      return .refused(.noRequest, .ESRCH)
    }
    guard device.setupIn else {
      return device.setupCanStall ? refuseRequest(controller) : .refused(.cannotRefuse, .ESRCH)
    }
    let length = min(memory.bytes.count, device.setupLength)
    setGadgetFSState(.connected)
    let buffer = device.object.map { $0 &+ GadgetFSDevice.bufferOffset }
    guard
      let data = copyIn(thread, "rbuf", to: buffer, from: memory, offset: 0, size: length)
    else { return .refused(.dataUnreadable, .EFAULT) }
    let request = GadgetRequest(
      owner: .ep0, buffer: data, length: length, zero: length < device.setupLength)
    let status = queueRequest(request, endpoint: 0, controller: controller)
    guard let error = Errno(negated: status) else { return .success(length) }
    return .refused(.udcQueue, error)
  }

  /// The host gave the request up; the program is told once.
  private var abortedSetup: CallResult {
    mutating get {
      drivers.gadgetfs?.setupAborted = false
      return .refused(.requestGivenUp, .EIDRM)
    }
  }

  /// Refuses the pending request; the caller is told with EL2HLT.
  private mutating func refuseRequest(_ controller: Int) -> CallResult {
    _ = setHalt(endpoint: 0, controller: controller, halt: true, wedge: false)
    setGadgetFSState(.connected)
    return .refused(.requestRefused, .EL2HLT)
  }

  /// `ep0_read()`.
  ///
  /// - Returns: nil when the thread now sleeps.
  private mutating func readEP0(_ thread: ThreadID, _ memory: UserMemory) -> CallResult? {
    guard let device = drivers.gadgetfs, device.state != .opened else {
      return .refused(.notConfigured, .EINVAL)
    }
    if device.setupAborted { return abortedSetup }
    if device.state == .setup, let controller = device.controller {
      if device.setupIn { return refuseRequest(controller) }
      if memory.bytes.isEmpty { return acknowledge(controller) }
      if device.setupOut != nil { return readData(thread, memory) }
      sleepInGadgetFS(thread, memory, wantsData: true)
      return nil
    }
    guard memory.bytes.count >= GadgetFSEvent.size else { return .refused(.roomForEvent, .EINVAL) }
    drivers.gadgetfs?.readsEvents = true
    if !device.events.isEmpty { return readEvents(thread, memory) }
    guard device.state == .connected || device.state == .unconnected else {
      return .refused(.notConnected, .ESRCH)
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
    return .refused(.udcQueue, error)
  }

  /// The data that came with an OUT request.
  private mutating func readData(_ thread: ThreadID, _ memory: UserMemory) -> CallResult {
    guard drivers.gadgetfs?.state == .setup else { return .refused(.dataGivenUp, .ECANCELED) }
    setGadgetFSState(.connected)
    guard case .data(let received)? = drivers.gadgetfs?.setupOut else {
      return .refused(.dataLost, .EIO)
    }
    drivers.gadgetfs?.setupOut = nil
    let data = Array(received.prefix(memory.bytes.count))
    let buffer = drivers.gadgetfs?.object.map { $0 &+ GadgetFSDevice.bufferOffset }
    if let buffer { drivers.copies?.kernel.write(data, at: buffer) }
    guard copyOut(thread, data, object: "rbuf", from: buffer, to: memory, offset: 0) else {
      return .refused(.resultUnwritable, .EFAULT)
    }
    return .success(data.count, written: data, data: data)
  }

  /// Events as many as there are and fit, none behind a SETUP.
  private mutating func readEvents(_ thread: ThreadID, _ memory: UserMemory) -> CallResult {
    let all = drivers.gadgetfs?.events ?? []
    var events = Array(all.prefix(memory.bytes.count / GadgetFSEvent.size))
    if let setup = events.firstIndex(where: { $0.type == .setup }) {
      events = Array(events[...setup])
      setGadgetFSState(.setup)
    }
    let array = drivers.gadgetfs?.object.map { $0 &+ GadgetFSDevice.eventsOffset }
    if let array { drivers.copies?.kernel.write(all.flatMap(\.bytes), at: array) }
    let bytes = events.flatMap(\.bytes)
    let whole = copyOut(thread, bytes, object: "event", from: array, to: memory, offset: 0)
    drivers.gadgetfs?.events.removeFirst(events.count)
    for event in events {
      note(.gadgetfsRead(event, depth: drivers.gadgetfs?.events.count ?? 0))
    }
    return whole
      ? .success(bytes.count, written: bytes, data: bytes) : .refused(.resultUnwritable, .EFAULT)
  }
}

// MARK: Waiting

extension DriverSide {
  private mutating func sleepInGadgetFS(
    _ thread: ThreadID, _ memory: UserMemory, wantsData: Bool
  ) {
    drivers.waitOrder &+= 1
    drivers.gadgetfsReaders[thread] = GadgetFSReader(
      memory: memory, wantsData: wantsData, order: drivers.waitOrder)
  }

  /// `ep0_readable()`: gives what there is to those who wait, the longest waiting first.
  mutating func wakeGadgetFSReaders() {
    for (thread, reader) in drivers.gadgetfsReaders.sorted(by: { $0.value.order < $1.value.order })
    {
      if reader.wantsData {
        if drivers.gadgetfs?.setupOut != nil { endRead(thread, readData(thread, reader.memory)) }
      } else if drivers.gadgetfs?.events.isEmpty == false {
        endRead(thread, readEvents(thread, reader.memory))
      }
    }
  }

  /// A signal ends a read with EINTR, or lets it start again, which for a wait is the same wait.
  mutating func interruptGadgetFS(_ thread: ThreadID) {
    guard drivers.gadgetfsReaders[thread] != nil else { return }
    endRead(thread, .refused(.signal, .EINTR))
  }

  private mutating func endRead(_ thread: ThreadID, _ result: CallResult) {
    drivers.gadgetfsReaders[thread] = nil
    var result = result
    result.killed = leaveFrames(thread)
    drivers.finished[thread] = result
    note(.callReturned(thread: thread, result))
    releaseGadgetFS()
  }
}
