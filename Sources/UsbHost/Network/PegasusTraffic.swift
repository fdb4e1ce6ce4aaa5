import USB

/// `enable_net_traffic()`: what the other side of the cable can do decides how frames go.
struct PegasusTraffic: HostRoutine {
  var place: InterfacePlace
  var phy: UInt8
  private var stage = 0

  init(place: InterfacePlace, phy: UInt8) {
    self.place = place
    self.phy = phy
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    stage += 1
    switch stage {
    case 1: return .call(Pegasus.cable(place, phy, 5))
    case 2:
      guard input.value.ret >= 0, input.value.data.count == 2 else { return .done(input.value.ret) }
      let partner = UInt16(low: input.value.data[0], high: input.value.data[1])
      let mode: UInt8 = (partner & 0x0140 != 0 ? 0x20 : 0) | (partner & 0x0180 != 0 ? 0x10 : 0)
      return .call(Pegasus.write(0, [0xc8, mode, 1]).message(place.device))
    default: return .done(min(0, input.value.ret))
    }
  }
}
