import KernelHistory
public import RawGadget
public import Usercopy

extension DriverPolicy {
  /// The driver a kernel of an era is shipped with, stable backports included. Kernels that had none
  /// yet, and those up to 6.11, get that of 6.1.
  public static func shipped(with era: Era) -> DriverPolicy {
    guard era.family == .linux, era.release >= KernelVersion(6, 12) else { return .linux6_1 }
    return era.release < KernelVersion(6, 18) ? .linux6_12 : .linux6_18
  }
}
