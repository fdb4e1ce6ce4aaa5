extension HostSide {
  /// What is wrong with the host's state, in words; empty as long as its law holds: a task that waits for an URB
  /// or a time is going to be woken.
  ///
  /// - Parameter isArmed: whether a timer will wake a task by that token.
  package func hostViolations(isArmed: (_ task: Int, _ token: UInt64) -> Bool) -> [String] {
    host.tasks.sorted { $0.key < $1.key }.compactMap { id, task in
      if host.readyTasks.contains(id) || isArmed(id, task.token) { return nil }
      if let urb = task.urb, urbs[urb] != nil { return nil }
      return "host task \(id) waits for nothing"
    }
  }
}
