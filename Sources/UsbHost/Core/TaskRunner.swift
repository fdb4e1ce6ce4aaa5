import USB

extension HostSide {
  /// Runs tasks until every one of them waits.
  package mutating func runReadyTasks() {
    while !host.readyTasks.isEmpty {
      let id = host.readyTasks.removeFirst()
      runTask(id)
    }
  }

  private mutating func runTask(_ id: Int) {
    guard var task = host.tasks[id] else { return }
    if task.routines.isEmpty, case .hub(let half) = task.owner {
      task.routines = [HubWork(half: half)]
    }
    while var routine = task.routines.popLast() {
      let step = routine.step(&self, task: id, task.input)
      switch step {
      case .call(let callee):
        task.routines.append(routine)
        task.routines.append(callee)
        task.input = .start
      case .done(let value):
        task.input = .value(value)
      case .sleep(let milliseconds):
        task.routines.append(routine)
        suspendTask(id, &task, milliseconds: milliseconds)
        return
      case .pause(let span):
        task.routines.append(routine)
        suspendTask(id, &task, milliseconds: nil)
        armTask(id, token: task.token, at: now &+ max(1, span))
        return
      case .wait(let urb, let milliseconds):
        task.routines.append(routine)
        task.urb = urb
        suspendTask(id, &task, milliseconds: milliseconds)
        return
      }
    }
    host.tasks[id] = nil
    guard case .value(let value) = task.input else { return }
    taskEnded(id, task.owner, value)
  }

  private mutating func suspendTask(_ id: Int, _ task: inout HostTask, milliseconds: Int?) {
    let token = nextToken()
    task.token = token
    host.tasks[id] = task
    guard let milliseconds else { return }
    // msleep() asks for one tick more than the time; waiting for a completion does not.
    let extra = task.urb == nil ? 1 : 0
    armTask(id, token: token, at: KernelTicks.expiry(now, milliseconds, extra: extra))
  }

  private mutating func taskEnded(_ id: Int, _ owner: HostTask.Owner, _ value: HostValue) {
    switch owner {
    case .hub(let half):
      host.hubs[half]?.task = nil
      kickHub(half)
    case .thread(let thread):
      var result = HostResult(ret: value.ret, data: value.data)
      if let reaped = host.reaped.removeValue(forKey: thread) {
        result.urb = reaped.tag
        result.status = reaped.result.status
        result.actualLength = reaped.result.actual
      }
      host.finished[thread] = result
    case .worker: break
    }
  }
}
