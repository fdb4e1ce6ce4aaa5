package import USB

extension ControllerSide {
  /// `stop_activity()`: every queued request ends with ESHUTDOWN.
  mutating func stopActivity(_ controller: Int) {
    for endpoint in controllers[controller].endpoints.indices {
      cancelRequests(endpoint, controller)
    }
  }

  /// `nuke()`: every request queued on one endpoint ends with ESHUTDOWN.
  mutating func cancelRequests(_ endpoint: Int, _ controller: Int) {
    while !controllers[controller].endpoints[endpoint].queue.isEmpty {
      var request = controllers[controller].endpoints[endpoint].queue.removeFirst()
      request.status = Errno.ESHUTDOWN.negated
      giveBack(request, endpoint: endpoint, controller: controller)
    }
  }

  /// Tells the owner of a request that it is done.
  mutating func giveBack(_ request: GadgetRequest, endpoint: Int, controller: Int) {
    note(
      .requestCompleted(
        controller: controller, endpoint: controllers[controller].endpoints[endpoint].name,
        status: request.status ?? 0, actual: request.actual))
    if request.owner == .fifo {
      controllers[controller].fifoOccupied = false
    } else if let driver = request.device.map({ .raw($0) }) ?? controllers[controller].boundDriver {
      requestCompleted(driver, request)
    }
  }

  /// True while the host has the port enabled.
  func portEnabled(_ controller: Int) -> Bool {
    self[half(of: controller)].portStatus & PortStatus.enable != 0
  }

  /// `dummy_queue()`.
  ///
  /// - Returns: 0, or a negative error number.
  package mutating func queueRequest(
    _ request: GadgetRequest, endpoint: Int, controller: Int
  ) -> Int {
    let state = controllers[controller].endpoints[endpoint]
    if endpoint != 0, state.descriptor == nil { return Errno.EINVAL.negated }
    guard controllers[controller].driver != nil, portEnabled(controller) else {
      return Errno.ESHUTDOWN.negated
    }
    note(
      .requestQueued(controller: controller, endpoint: state.name, length: request.length))
    let fitsFIFO =
      state.descriptor?.isIn == true && !controllers[controller].fifoOccupied
      && state.queue.isEmpty && request.length <= DummyController.fifoSize
    guard fitsFIFO else {
      controllers[controller].endpoints[endpoint].queue.append(request)
      return 0
    }
    var stored = request
    stored.owner = .fifo
    controllers[controller].fifoOccupied = true
    controllers[controller].endpoints[endpoint].queue.append(stored)
    var done = request
    done.actual = done.length
    done.status = 0
    giveBack(done, endpoint: endpoint, controller: controller)
    return 0
  }

  /// `dummy_dequeue()` of the request of a device's sleeping call.
  package mutating func dequeue(
    controller: Int, device: Int, owner: GadgetRequest.Owner
  ) {
    for endpoint in controllers[controller].endpoints.indices {
      controllers[controller].endpoints[endpoint].queue.removeAll {
        $0.owner == owner && $0.device == device
      }
    }
  }
}
