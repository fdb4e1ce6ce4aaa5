import USB

extension HostSide {
  /// Starts a task of the host's kernel; it runs as soon as the present step is over.
  mutating func startTask(_ owner: HostTask.Owner, _ routine: any HostRoutine) {
    _ = begin(HostTask(owner: owner, routines: [routine]))
  }

  /// Makes a task ready to run.
  mutating func begin(_ task: HostTask) -> Int {
    let id = host.nextTask
    host.nextTask += 1
    host.tasks[id] = task
    host.readyTasks.append(id)
    return id
  }

  /// The time a task sleeps, or waits for an URB, is over.
  package mutating func wakeTask(_ id: Int, token: UInt64) {
    guard let task = host.tasks[id], task.token == token else { return }
    host.tasks[id]?.input = task.urb == nil ? .woke : .timedOut
    host.tasks[id]?.urb = nil
    host.readyTasks.append(id)
  }

  /// Ends the sleep of a task before its time.
  mutating func interruptSleep(of id: Int) {
    let token = nextToken()
    host.tasks[id]?.token = token
    host.tasks[id]?.input = .woke
    host.readyTasks.append(id)
  }

  /// True when a thread of the program does the task's work, and not a worker of the kernel.
  func isThreads(_ task: Int) -> Bool {
    if case .thread? = host.tasks[task]?.owner { true } else { false }
  }

  mutating func nextToken() -> UInt64 {
    host.token &+= 1
    return host.token
  }
}

/// A task that waits for an URB.
struct WaitingTask: URBOwner {
  var task: Int

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard side.host.tasks[task]?.urb == id else { return }
    let token = side.nextToken()
    side.host.tasks[task]?.urb = nil
    side.host.tasks[task]?.token = token
    side.host.tasks[task]?.input = .urb(result)
    side.host.readyTasks.append(task)
  }
}
