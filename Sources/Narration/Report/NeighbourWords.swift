import KernelHistory
public import KernelLog

/// Messages close to usercopy's in words: what each is, its numbers, its caller and how it relates.
public enum NeighbourWords {
  /// The lines of a message's paragraph, each behind the word for what it rests on, the lesson last.
  public static func lines(_ neighbour: Neighbour) -> [String] {
    statements(neighbour).map(\.line) + ["Lesson: copyscope open \(lesson(neighbour))"]
  }

  /// What explains a message.
  public static func statements(_ neighbour: Neighbour) -> [Statement] {
    let basis: Basis =
      neighbour.kind == .userAccess && neighbour.finding == nil ? .concluded : .known
    var said = [Statement(basis, "Line \(neighbour.lineNumber): \(what(neighbour)).")]
    said += ReportTraceWords.caller(
      neighbour.caller, neighbour.chain, neighbour.aftermath, callerLead(neighbour.kind))
    said.append(relation(neighbour))
    if let release = neighbour.aftermath.release {
      said.append(Statement(.known, "The kernel is \(release), by its own word."))
    }
    said += ReportTraceWords.machine(neighbour.aftermath)
    return said
  }

  /// The lesson that shows what a message is about.
  public static func lesson(_ neighbour: Neighbour) -> String {
    switch neighbour.kind {
    case .copySize, .fortify: "compile-time"
    case .kasanInCopy: isFreed(neighbour) ? "freed-object" : "slack"
    case .infoleak: "struct-padding"
    case .userAccess: "bad-user-pointer"
    case .faultInCopy: isNull(neighbour) ? "null" : "unchecked-memory"
    case .refcount: "freed-object"
    case .list: "overwrite"
    }
  }

  private static func callerLead(_ kind: Neighbour.Kind) -> String {
    switch kind {
    case .copySize, .kasanInCopy, .infoleak, .faultInCopy: "The copy is in "
    case .userAccess: "The access is in "
    case .fortify: "The call is in "
    case .refcount: "The count was changed in "
    case .list: "The list was changed in "
    }
  }

  // MARK: what it is, with its numbers

  private static func what(_ neighbour: Neighbour) -> String {
    switch neighbour.kind {
    case .copySize:
      "check_copy_size() refused a copy of \(bytes(neighbour.size)): the object has \(bytes(neighbour.objectSize))"
    case .kasanInCopy:
      "KASAN found \(neighbour.finding ?? "a fault") in \(neighbour.function ?? "a copy")\(access(neighbour))"
        + object(neighbour)
    case .infoleak: infoleak(neighbour)
    case .userAccess: userAccess(neighbour)
    case .fortify: fortify(neighbour)
    case .faultInCopy:
      "the processor found nothing at the address \(neighbour.address ?? "") in "
        + "\(neighbour.function ?? "a copying function")\(access(neighbour))"
    case .refcount: "a reference count cannot be right: \(neighbour.finding ?? "")"
    case .list:
      "\(neighbour.function ?? "a list function")() found a torn list: \(trimmed(neighbour.finding ?? ""))"
    }
  }

  private static func bytes(_ count: UInt64?) -> String {
    count.map(ValueWords.bytes) ?? "bytes it does not count"
  }

  /// A sentence's end without the mark that this program sets itself.
  private static func trimmed(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// `, a read of 104 bytes at ffff888003a4c000`.
  private static func access(_ neighbour: Neighbour) -> String {
    guard let access = neighbour.access else { return "" }
    let size = neighbour.size.map { " of \(ValueWords.bytes($0))" } ?? ""
    let isTold = neighbour.kind == .kasanInCopy || neighbour.kind == .userAccess
    let address = isTold ? neighbour.address.map { " at \($0)" } ?? "" : ""
    return ", a \(access.rawValue)\(size)\(address)"
  }

  private static func object(_ neighbour: Neighbour) -> String {
    guard let cache = neighbour.cache, let size = neighbour.objectSize else { return "" }
    return "; the address belongs to an object of \(cache), which has \(ValueWords.bytes(size))"
  }

  private static func infoleak(_ neighbour: Neighbour) -> String {
    let copy = neighbour.size.map { "a copy of \(ValueWords.bytes($0))" } ?? "a copy"
    let which =
      neighbour.unwritten.map { range in
        range.count == 1
          ? ": byte \(range.lowerBound)" : ": bytes \(range.lowerBound) to \(range.upperBound)"
      } ?? ""
    let freed = neighbour.finding == "kernel-infoleak-after-free" ? ", of freed memory" : ""
    return
      "KMSAN found that \(copy) took bytes to user space that nobody had written\(freed)\(which)"
  }

  private static func userAccess(_ neighbour: Neighbour) -> String {
    let place = neighbour.function.map { " in \($0)" } ?? ""
    let how = access(neighbour)
    let address =
      how.contains("at ") ? "" : neighbour.address.map { " at the address \($0)" } ?? ""
    let who = neighbour.finding == nil ? "" : "KASAN found that "
    return who + "kernel code used user memory without a copying function\(place)\(address)\(how)"
  }

  private static func fortify(_ neighbour: Neighbour) -> String {
    let name = neighbour.function.map { "\($0)()" } ?? "a string function"
    guard let size = neighbour.size, let object = neighbour.objectSize else {
      return "\(name) was to touch more bytes than its buffer has; how many is not printed"
    }
    let verb = neighbour.access == .read ? "read" : "write"
    let target = neighbour.field.map { "the field '\($0)'" } ?? "a buffer"
    let place = neighbour.place.map { " at \($0)" } ?? ""
    return
      "\(name) was to \(verb) \(ValueWords.bytes(size)) in \(target), which has \(ValueWords.quantity(object))\(place)"
  }

  // MARK: how it relates

  private static func isFreed(_ neighbour: Neighbour) -> Bool {
    ["use-after-free", "slab-use-after-free", "double-free"].contains(neighbour.finding)
  }

  private static func isNull(_ neighbour: Neighbour) -> Bool {
    neighbour.address.flatMap { UInt64($0.hasPrefix("0x") ? $0.dropFirst(2) : $0[...], radix: 16) }
      .map { $0 < 4096 } ?? false
  }

  private static func relation(_ neighbour: Neighbour) -> Statement {
    switch neighbour.kind {
    case .copySize:
      Statement(
        .concluded,
        "No usercopy report: the compiler knows the object's size, and the length is compared with it before the copy "
          + "begins. Hardened usercopy is for objects whose size only the running kernel knows, and was not asked."
      )
    case .kasanInCopy:
      Statement(
        .concluded,
        "No usercopy report: KASAN, a tool for tests, keeps account of every byte in use. Hardened usercopy knows where "
          + "objects begin and end, not which of their bytes were asked for or whether they were freed."
      )
    case .infoleak:
      Statement(
        .concluded,
        "No usercopy report: KMSAN, a tool for tests, knows of every byte whether it was ever written. Hardened usercopy "
          + "knows where objects begin and end; the copy stays inside one and leaks what lay there before."
      )
    case .userAccess:
      Statement(
        .concluded,
        "No usercopy report: hardened usercopy stands in copy_to_user() and its relatives, and none of them was called. "
          + "They also test the user's address, which nobody did here.")
    case .fortify:
      Statement(
        .concluded,
        "No usercopy report: CONFIG_FORTIFY_SOURCE compares a length with sizes the compiler knows, as check_copy_size() "
          + "does for copies to and from user space; here both ends are the kernel's.")
    case .faultInCopy:
      Statement(
        .assumed,
        "No usercopy report: a copying function answers a bad user address quietly, so the kernel's end is assumed to be "
          + "the bad one. Hardened usercopy asks whose memory an address is, not whether any is there."
      )
    case .refcount: refcount(neighbour)
    case .list:
      Statement(
        .assumed,
        "No usercopy report: pointers inside an object were overwritten, or the object was freed. A copy from user space "
          + "past the end of the object before it does that (assumed); hardened usercopy refuses such a copy."
      )
    }
  }

  private static func refcount(_ neighbour: Neighbour) -> Statement {
    let isKept = neighbour.finding?.hasSuffix("leaking memory") == true
    return Statement(
      .concluded,
      isKept
        ? "No usercopy report: the object is kept for ever rather than freed too early, so that no copy meets its memory "
          + "in other hands."
        : "No usercopy report: the object may have been freed while in use. A copy of it then meets its memory in other "
          + "hands, and a usercopy report would name the new owner's cache; whether an object is in use is not asked."
    )
  }
}
