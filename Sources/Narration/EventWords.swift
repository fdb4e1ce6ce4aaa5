import RawGadget
public import Simulation
public import USB
public import Usercopy

/// Events as lines of text.
public enum EventWords {
  /// What one event says; nothing for events that only matter on screen.
  ///
  /// - Parameters:
  ///   - event: what happened.
  ///   - size: how wide addresses are.
  ///   - threads: what the scenario calls its threads, by their numbers.
  public static func line(
    _ event: Event, _ size: WordSize, threads: [ThreadID: String] = [:]
  ) -> String? {
    switch event {
    case .allocated(let name, let cache, let slot, let address, let bytes):
      "allocated \(name): \(ValueWords.bytes(bytes)) in slot \(slot) of \(cache), "
        + ValueWords.address(address, size)
    case .mapped(let name, let address, let bytes):
      "mapped \(name): \(ValueWords.bytes(bytes)) at \(ValueWords.address(address, size))"
    case .freed(let name, _): "freed \(name)"
    case .gaveBack(let cache, _, let bytes):
      "gave an empty slab of \(cache) back, \(bytes / Memory.pageSize) pages"
    case .called(let function, let frame):
      "called \(function)"
        + (frame.map { ", frame pointer \(ValueWords.address($0, size))" } ?? "")
    case .returned(let function): "returned from \(function)"
    case .createdTask(let task): "created task \(task)"
    case .switched(let task): "task \(task) runs"
    case .wrote(let place, _, let count): "wrote \(ValueWords.bytes(UInt64(count))) to \(place)"
    case .copied(let report): copy(report)
    case .logged(let line): "kernel log: \(line)"
    case .judgedBy(let era): "judged by \(era) from now on"
    case .gadget(let event): GadgetWords.line(event, names: threads)
    case .hostReturned(let thread, let result):
      "the host's call returns \(GadgetWords.result(result))"
        + (thread == "host" ? "" : ", thread \(thread)")
    case .refused(let error): "could not be done: \(ActionErrorWords.line(error))"
    }
  }

  /// What one event says where a step is gone through: what ``line(_:_:threads:)`` says, and which call begins.
  public static func told(
    _ event: Event, _ size: WordSize, threads: [ThreadID: String] = [:]
  ) -> String? {
    guard case .gadget(let gadget) = event else { return line(event, size, threads: threads) }
    return GadgetWords.told(gadget, names: threads)
  }

  /// A copy in one line: what was asked and what became of it.
  public static func copy(_ report: CopyReport) -> String {
    let attempt = report.outcome.attempt
    let asked = asked(attempt.entry, report.place, report.offset, attempt.length)
    return "\(asked): \(VerdictWords.sentence(report.outcome))"
  }

  /// What is called with what; `user_access_end()` has no arguments.
  private static func asked(
    _ entry: EntryPoint, _ place: String, _ offset: Int64, _ length: UInt64
  ) -> String {
    guard entry != .userAccessEnd else { return entry.rawValue }
    return "\(entry.rawValue) \(place)\(ValueWords.offset(offset)), \(ValueWords.bytes(length))"
  }

  /// An action as a heading.
  public static func action(_ action: Action) -> String {
    switch action {
    case .alloc(let alloc):
      "allocate \(alloc.name)" + (alloc.cache.map { " from \($0)" } ?? "")
    case .free(let name): "free \(name)"
    case .call(let call): "call \(call.function)()"
    case .return: "return"
    case .vmalloc(let name, let size): "vmalloc \(name), \(ValueWords.bytes(size))"
    case .pages(let name, let order, let compound):
      "take \(compound ? "a compound page" : "pages") \(name), order \(order)"
    case .user(let buffer): "map user buffer \(buffer.name)"
    case .image(let part): "put \(part.name) into the kernel's \(part.section.rawValue)"
    case .module(let part): "load the \(part.section.rawValue) of a module, \(part.name)"
    case .kmap(let name, let isLocal):
      "map \(name) with \(isLocal ? "kmap_local_page" : "kmap")()"
    case .task(let name, _): "create task \(name)"
    case .run(let task): "run task \(task)"
    case .write(let place, let offset, let bytes):
      "write \(bytes.count) bytes to \(place.spelling)\(ValueWords.offset(offset))"
    case .copy(let copy):
      asked(copy.entry, copy.place.spelling, copy.offset, copy.length)
    case .era(let id): "judge by \(id)"
    case .note: "note"
    case .open(let file, _): "open /dev/raw-gadget as \(file)"
    case .close(let file): "close \(file)"
    case .ioctl(let call):
      behind(call.request.name, " ", CallWords.detail(call.argument, of: call.request))
        + (call.thread == "main" ? "" : " on thread \(call.thread)")
    case .host(let call): "host: \(CallWords.line(call.action))"
    case .gadgetfs(let call):
      behind("gadgetfs: \(CallWords.name(call.call))", ", ", CallWords.detail(call.call))
        + (call.thread == "main" ? "" : " on thread \(call.thread)")
    case .wait(let milliseconds): "\(milliseconds) ms pass"
    case .signal(let thread, let restarts):
      "a signal for thread \(thread)" + (restarts ? ", whose handler restarts calls" : "")
    }
  }

  private static func behind(_ name: String, _ separator: String, _ detail: String) -> String {
    detail.isEmpty ? name : name + separator + detail
  }
}
