import USB

/// Something the host's kernel is in the middle of: a stack of functions, each with its own state.
struct HostTask: Equatable, Sendable {
  enum Owner: Equatable, Sendable {
    case hub(HostRef)
    case thread(ThreadID)
    case worker
  }

  var owner: Owner
  var frames: [HostFrame]
  /// What it is given when it goes on.
  var input: FrameInput = .start
  /// The URB it waits for.
  var urb: Int?
  /// The token of the present sleep; wake-ups with an older one are ignored.
  var token: UInt64 = 0
}

/// What a function of a task is handed when it goes on.
enum FrameInput: Equatable, Sendable {
  case start
  /// Its sleep is over.
  case woke
  /// The URB it waited for was given back.
  case urb(URBResult)
  /// The time it would wait for an URB is over.
  case timedOut
  /// The function it called returned.
  case value(HostValue)
}

/// What a function returns: a kernel-style result and the data it moved.
struct HostValue: Equatable, Sendable {
  var ret: Int
  var data: [UInt8] = []
}

/// What a function wants next.
enum FrameStep {
  case call(HostFrame)
  case sleep(milliseconds: Int)
  /// Time its own work takes, in microseconds.
  case pause(Microseconds)
  case wait(urb: Int, milliseconds: Int?)
  case done(HostValue)

  static func done(_ ret: Int) -> FrameStep { .done(HostValue(ret: ret)) }
}

extension GadgetWorld {
  /// Starts a task of the host's kernel; it runs as soon as the present step is over.
  @discardableResult
  mutating func startTask(_ owner: HostTask.Owner, _ frame: HostFrame) -> Int {
    let id = host.nextTask
    host.nextTask += 1
    host.tasks[id] = HostTask(owner: owner, frames: [frame])
    host.readyTasks.append(id)
    return id
  }

  /// Runs tasks until every one of them waits.
  mutating func runReadyTasks() {
    while !host.readyTasks.isEmpty {
      let id = host.readyTasks.removeFirst()
      runTask(id)
    }
  }

  mutating func wakeTask(_ id: Int, token: UInt64) {
    guard let task = host.tasks[id], task.token == token else { return }
    host.tasks[id]?.input = task.urb == nil ? .woke : .timedOut
    host.tasks[id]?.urb = nil
    host.readyTasks.append(id)
  }

  /// Hands a task the URB it waits for.
  mutating func completeTaskURB(_ id: Int, _ urb: Int, _ result: URBResult) {
    guard host.tasks[id]?.urb == urb else { return }
    let token = nextToken()
    host.tasks[id]?.urb = nil
    host.tasks[id]?.token = token
    host.tasks[id]?.input = .urb(result)
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

  private mutating func runTask(_ id: Int) {
    guard var task = host.tasks[id] else { return }
    while var frame = task.frames.popLast() {
      let step = frame.step(&self, task: id, task.input)
      switch step {
      case .call(let callee):
        task.frames += [frame, callee]
        task.input = .start
      case .done(let value):
        task.input = .value(value)
      case .sleep(let milliseconds):
        task.frames.append(frame)
        suspendTask(id, &task, milliseconds: milliseconds)
        return
      case .pause(let span):
        task.frames.append(frame)
        suspendTask(id, &task, milliseconds: nil)
        timers.arm(.task(id, token: task.token), at: now &+ max(1, span))
        return
      case .wait(let urb, let milliseconds):
        task.frames.append(frame)
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
    timers.arm(.task(id, token: token), at: KernelTicks.expiry(now, milliseconds, extra: extra))
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
      hostFinished[thread] = result
    case .worker: break
    }
  }
}
