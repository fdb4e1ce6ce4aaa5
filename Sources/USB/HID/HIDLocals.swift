/// What local items have said since the last main item (`struct hid_local`).
struct HIDLocals: Sendable {
  struct Usage: Sendable {
    var usage: HIDUsage
    /// Bytes of the item that declared it; more than two carry a page of their own.
    var size: Int
    var collection: Int
  }

  var usages: [Usage] = []
  var minimum: UInt32 = 0
  var delimiterDepth = 0
  /// Sets of alternative usages begun; only the first is read.
  var delimiterBranch = 0

  var fieldUsages: [HIDField.Usage] {
    usages.map { HIDField.Usage(usage: $0.usage, collection: $0.collection) }
  }

  /// Gives the usage page that holds at the main item to the usages that follow the last one of
  /// that page (`hid_concatenate_last_usage_page()`).
  mutating func completeUsages(page: UInt32) {
    for index in usages.indices.reversed() where usages[index].size <= 2 {
      if usages[index].usage.page == page { break }
      usages[index].usage = usages[index].usage.onPage(page)
    }
  }
}

extension HIDUsage {
  func onPage(_ page: UInt32) -> HIDUsage {
    HIDUsage(rawValue: (page & 0xffff) << 16 | UInt32(number))
  }
}

/// Local items (`hid_parser_local()`).
extension HIDParser {
  mutating func local(_ item: HIDItem) throws(HIDRefusal) {
    switch item.tag {
    case 0 where locals.delimiterBranch <= 1: try addUsage(item.value, size: item.size)
    case 1 where locals.delimiterBranch <= 1: locals.minimum = item.value
    case 2 where locals.delimiterBranch <= 1: try addRange(to: item)
    case 10: try delimiter(opens: item.value != 0)
    default: break
    }
  }

  private mutating func delimiter(opens: Bool) throws(HIDRefusal) {
    if opens {
      if locals.delimiterDepth != 0 { throw HIDRefusal(.nestedDelimiters) }
      locals.delimiterDepth += 1
      locals.delimiterBranch += 1
    } else {
      if locals.delimiterDepth < 1 { throw HIDRefusal(.bogusDelimiter) }
      locals.delimiterDepth -= 1
    }
  }

  /// `hid_add_usage()`.
  private mutating func addUsage(_ value: UInt32, size: Int) throws(HIDRefusal) {
    if locals.usages.count >= Int(HIDLimits.usages) { throw HIDRefusal(.usageIndexExceeded) }
    let declared = HIDUsage(rawValue: value)
    locals.usages.append(
      HIDLocals.Usage(
        usage: size <= 2 ? declared.onPage(globals.usagePage) : declared, size: size,
        collection: open.last ?? 0))
  }

  /// A usage maximum: all from the minimum on, as many as there is room for.
  private mutating func addRange(to item: HIDItem) throws(HIDRefusal) {
    let used = UInt32(locals.usages.count)
    var last = item.value
    if (last &- locals.minimum) &+ used >= HIDLimits.usages {
      // A device without a name is only looked at, and not warned of.
      if !isScan { messages.append(.usageMaximumCut) }
      last = HIDLimits.usages &- used &+ locals.minimum &- 1
      if last == 0 { throw HIDRefusal(.noUsageIndexLeft) }
    }
    var next = locals.minimum
    // A range that ends at the last number has no end: the kernel's counter begins again at 0, until
    // there is no room left.
    while next <= last {
      try addUsage(next, size: item.size)
      next &+= 1
    }
  }
}
