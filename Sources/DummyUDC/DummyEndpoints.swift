public import USB

extension ControllerEndpoint {
  /// The 24 endpoints of dummy_udc that are no isochronous ones, in handle order
  /// (`ep_info` of `dummy_hcd.c`).
  public static let dummyUDC: [ControllerEndpoint] = {
    let fixed: [(String, UInt32, Bool, Bool)] = [
      ("ep1in-bulk", 1, true, true), ("ep2out-bulk", 2, true, false), ("ep5in-int", 5, false, true),
      ("ep6in-bulk", 6, true, true), ("ep7out-bulk", 7, true, false),
      ("ep10in-int", 10, false, true), ("ep11in-bulk", 11, true, true),
      ("ep12out-bulk", 12, true, false), ("ep15in-int", 15, false, true),
      ("ep1out-bulk", 1, true, false), ("ep2in-bulk", 2, true, true),
    ]
    let generic = [
      "ep-aout", "ep-bin", "ep-cout", "ep-dout", "ep-ein", "ep-fout", "ep-gin", "ep-hout",
      "ep-iout", "ep-jin", "ep-kout", "ep-lin", "ep-mout",
    ]
    return fixed.map { ControllerEndpoint($0, number: $1, bulk: $2, interrupt: !$2, isIn: $3) }
      + generic.map {
        ControllerEndpoint($0, number: nil, bulk: true, interrupt: true, isIn: $0.hasSuffix("in"))
      }
  }()
}
