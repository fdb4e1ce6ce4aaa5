package import USB

extension HostSide {
  /// Begins something on the host's side, on a thread that is not blocked. Its result, once there is one, is
  /// among those that have ended.
  package mutating func perform(_ thread: ThreadID, _ action: HostAction) {
    switch action {
    case .sysfsWrite(let file, let value):
      startTask(.thread(thread), SysfsAction(file: file, value: value))
    case .open:
      let result = usbfsOpen(thread)
      if result.ret == 0, let device = host.firstDevice {
        // Opening keeps the device awake, and wakes it first.
        startTask(.thread(thread), ResumeDevice(device: device))
      } else {
        host.finished[thread] = result
      }
    case .close:
      usbfsClose(thread)
    case .node(let name, let operation):
      startTask(.thread(thread), NodeTask(node: name, operation: operation))
    case .usbtest(let cases):
      startTask(.thread(thread), UsbtestRow(cases))
    default:
      perform(thread, onFile: action)
    }
  }

  /// The result of that thread's action once it has ended; given once.
  package mutating func takeFinished(_ thread: ThreadID) -> HostResult? {
    host.finished.removeValue(forKey: thread)
  }
}
