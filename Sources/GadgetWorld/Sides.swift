package import DummyUDC
package import RawGadget
import Timeline
package import USB
import UsbHost

// What one side asks of another is answered by that other side's own functions. Here stands what is left: the
// clock and the records.

extension GadgetWorld: ControllerSide {
  package mutating func note(_ event: ControllerEvent) {
    note(GadgetEvent.Kind(event))
  }

  package mutating func armTurn(of half: RootHubID, at time: Microseconds) {
    timers.arm(.controller(half), at: time)
  }

  package mutating func armWakeup(of half: RootHubID, at time: Microseconds) {
    timers.arm(.rootHub(half), at: time)
  }
}

extension GadgetWorld: DriverSide {
  package var recordsChecks: Bool { recordsEvents && moments != nil }

  package mutating func note(_ event: DriverEvent) {
    note(GadgetEvent.Kind(event))
  }
}

extension GadgetWorld: HostSide {
  package mutating func note(_ transfer: UsbTransfer) {
    note(.monitored(transfer))
  }

  package mutating func noteTest(_ number: Int, _ ret: Int) {
    note(.tested(case: number, ret: ret))
  }

  package mutating func armTask(_ task: Int, token: UInt64, at time: Microseconds) {
    timers.arm(.task(task, token: token), at: time)
  }

  package mutating func armAutosuspend(device: Int, token: UInt64, at time: Microseconds) {
    timers.arm(.autosuspend(device: device, token: token), at: time)
  }
}

extension GadgetWorld {
  package mutating func logLine(_ text: String) {
    log.append(text)
    note(.hostLog(text))
  }

  private mutating func note(_ kind: GadgetEvent.Kind) {
    guard recordsEvents else { return }
    events.append(GadgetEvent(time: now, kind: kind))
    keepMoment()
  }

  private mutating func keepMoment() {
    guard let count = moments?.count, count < Self.momentLimit else { return }
    var moment = self
    (moment.events, moment.moments) = ([], nil)
    moments?.append(moment)
  }
}
