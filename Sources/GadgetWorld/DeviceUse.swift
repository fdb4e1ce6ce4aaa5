public import RawGadget
public import USB

extension GadgetWorld {
  /// The threads that sleep in calls of a device, the one that sleeps longest first.
  public func sleepers(in device: Int) -> [(thread: ThreadID, place: SleepPlace)] {
    drivers.sleepers(in: device)
  }

  /// Open file descriptions of a device.
  public func openFiles(of device: Int) -> Int { drivers.openFiles(of: device) }
}
