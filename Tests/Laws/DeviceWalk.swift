import Glibc
import Support

/// Random devices behind each of the host's drivers, one after the other: the machine's laws and those of usbcore hold
/// after each step, and no step takes so long that somebody would think it hangs.
public struct DeviceWalk {
  private var random: SplitMix
  private let limit: Int
  /// What a device does before the next one comes.
  private static let steps = 60

  /// A walk; the same seed walks the same way.
  ///
  /// - Parameter limit: seconds of the processor's time a device may take.
  public init(_ seed: UInt64, limit: Int = 20) {
    random = SplitMix(seed)
    self.limit = limit
  }

  /// Walks over that many devices; what broke, if something did.
  public mutating func walk(_ devices: Int) -> String? {
    var taken = 0
    for number in 0..<devices {
      let kind = GadgetKind.all[number % GadgetKind.all.count]
      let seed = random.next()
      var gadget = RandomGadget(kind, seed: seed)
      let start = clock()
      for step in 0..<Self.steps {
        gadget.step()
        if let broken = gadget.broken.first {
          return "device \(number), \(kind.name), seed \(seed), step \(step): \(broken)"
        }
      }
      let time = (clock() - start) / Int(CLOCKS_PER_SEC)
      if time > limit { return "device \(number), \(kind.name), seed \(seed): took \(time) s" }
      if gadget.bound.contains(kind.name) { taken += 1 }
    }
    return taken * 4 >= devices || devices < GadgetKind.all.count
      ? nil : "only \(taken) of \(devices) devices were taken by their drivers"
  }
}
