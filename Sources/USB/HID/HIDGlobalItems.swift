/// Global items (`hid_parser_global()`).
extension HIDParser {
  mutating func global(_ item: HIDItem) throws(HIDRefusal) {
    switch item.tag {
    case 0: globals.usagePage = item.value
    case 1: globals.logicalMinimum = item.signedValue
    case 2:
      globals.logicalMaximum = maximum(item, above: globals.logicalMinimum)
    case 3: globals.physicalMinimum = item.signedValue
    case 4:
      globals.physicalMaximum = maximum(item, above: globals.physicalMinimum)
    case 5: globals.unitExponent = exponent(item.signedValue)
    case 6: globals.unit = item.value
    default: try layout(item)
    }
  }

  /// Items that say how reports are laid out, and the stack.
  private mutating func layout(_ item: HIDItem) throws(HIDRefusal) {
    switch item.tag {
    case 7:
      globals.reportSize = item.value
      if item.value > 256 { throw HIDRefusal(.invalidReportSize(item.value)) }
    case 8:
      globals.reportID = item.value
      if item.value == 0 || item.value >= HIDLimits.reportIDs {
        throw HIDRefusal(.invalidReportID(item.value))
      }
    case 9:
      globals.reportCount = item.value
      if item.value > HIDLimits.usages { throw HIDRefusal(.invalidReportCount(item.value)) }
    case 10:
      if globalStack.count == HIDLimits.globalStack { throw HIDRefusal(.globalStackOverflow) }
      globalStack.append(globals)
    case 11:
      guard let saved = globalStack.popLast() else { throw HIDRefusal(.globalStackUnderflow) }
      globals = saved
    default: throw HIDRefusal(.unknownGlobalTag(item.tag))
    }
  }

  /// A maximum has a sign only when its minimum is negative.
  private func maximum(_ item: HIDItem, above minimum: Int32) -> Int32 {
    minimum < 0 ? item.signedValue : Int32(bitPattern: item.value)
  }

  /// A nibble is read as a number of four bits with a sign.
  private func exponent(_ value: Int32) -> Int32 {
    value & ~0xf == 0 && value & 8 != 0 ? value - 16 : value
  }
}
