/// The report-descriptor parser of Linux 6.1 (`drivers/hid/hid-core.c`): bytes to a descriptor, or
/// the refusal, with every line it prints on the way.
package struct HIDParser: Sendable {
  /// What came of a descriptor.
  package struct Outcome: Equatable, Sendable {
    /// Lines of the kernel log, in order.
    package var messages: [HIDMessage]
    /// Nil when the descriptor is refused (`-EINVAL`).
    package var descriptor: HIDDescriptor?
  }

  /// Reads a report descriptor as a driver does when it is bound (`hid_open_report()`).
  package static func open(_ bytes: [UInt8]) -> Outcome {
    var parser = HIDParser()
    do throws(HIDRefusal) {
      try parser.readAll(bytes)
    } catch {
      return Outcome(messages: parser.messages + error.lines, descriptor: nil)
    }
    parser.messages += parser.descriptor.multiplierMessages(setToMaximum: false)
    return Outcome(messages: parser.messages, descriptor: parser.descriptor)
  }

  /// Lines of the look the kernel takes at a descriptor before the device has a name or a driver
  /// (`hid_scan_report()`). It goes on after every error.
  package static func scan(_ bytes: [UInt8]) -> [HIDMessage] {
    var parser = HIDParser()
    parser.isScan = true
    var at = 0
    while let (item, next) = HIDItem.fetch(bytes, at: at) {
      at = next
      do throws(HIDRefusal) { try parser.take(item) } catch { parser.messages += error.lines }
    }
    return parser.messages
  }

  var descriptor = HIDDescriptor()
  var messages: [HIDMessage] = []
  var globals = HIDGlobals()
  var globalStack: [HIDGlobals] = []
  var locals = HIDLocals()
  /// Open collections by index, the innermost last.
  var open: [Int] = []
  /// True while the kernel only looks for what driver a device needs.
  var isScan = false

  private mutating func readAll(_ bytes: [UInt8]) throws(HIDRefusal) {
    var at = 0
    while let (item, next) = HIDItem.fetch(bytes, at: at) {
      at = next
      if item.isLong { throw HIDRefusal(.longItem) }
      do throws(HIDRefusal) { try take(item) } catch {
        messages += error.lines
        throw HIDRefusal(
          .parsingFailed(isLong: false, size: item.size, kind: item.kind.rawValue, tag: item.tag))
      }
      guard at == bytes.count else { continue }
      if !open.isEmpty { throw HIDRefusal(.unbalancedCollection) }
      if locals.delimiterDepth > 0 { throw HIDRefusal(.unbalancedDelimiter) }
      return
    }
    throw HIDRefusal(.fetchFailed(at: at, of: bytes.count))
  }

  private mutating func take(_ item: HIDItem) throws(HIDRefusal) {
    switch item.kind {
    case .main where isScan: locals = HIDLocals()
    case .main: try main(item)
    case .global: try global(item)
    case .local: try local(item)
    case .reserved: break
    }
  }

  /// `hid_parser_main()`.
  private mutating func main(_ item: HIDItem) throws(HIDRefusal) {
    locals.completeUsages(page: globals.usagePage)
    defer { locals = HIDLocals() }
    switch item.tag {
    case HIDMainTag.collection: openCollection(UInt8(truncatingIfNeeded: item.value))
    case HIDMainTag.endCollection:
      if open.popLast() == nil { throw HIDRefusal(.collectionUnderflow) }
    case HIDMainTag.input: try addField(.input, item.value)
    case HIDMainTag.output: try addField(.output, item.value)
    case HIDMainTag.feature: try addField(.feature, item.value)
    case HIDMainTag.firstReserved...: messages.append(.reservedMainTag(item.tag))
    default: messages.append(.unknownMainTag(item.tag))
    }
  }

  private mutating func openCollection(_ kind: UInt8) {
    let usage = locals.usages.first?.usage ?? HIDUsage(rawValue: 0)
    open.append(descriptor.collections.count)
    descriptor.collections.append(
      HIDCollection(kind: kind, usage: usage, parent: open.dropLast().last))
  }
}
