import GadgetWorld
import RawGadget
import Simulation
import USB
import Usercopy

/// Everything that a course has to show and to practise, and what a step that is played shows of it.
///
/// A fact is a topic and a name, such as `call EP_ENABLE` or `era linux-6.1`. What a step shows is read off the machine.
struct CoverageTable {
  /// A word of a topic.
  struct Fact: Hashable, CustomStringConvertible {
    var topic: Topic
    var name: String
    var description: String { "\(topic) \(name)" }
  }

  enum Topic: CaseIterable {
    case call, event, refusal, host, entry, check, refuser, era, seed
    // What the seeds' items are made of.
    case allocator, machine, verdict, byte, memory, length, answerer
  }

  /// All facts there are of the topics that are to be covered.
  static let all: [Fact] =
    facts(.call, RawIoctl.allCases.map(\.shortName))
    + facts(.event, RawEventType.allCases.filter { $0 != .invalid }.map(\.name))
    + facts(.refusal, refusals)
    + facts(.host, HostWord.allCases.map(\.rawValue))
    + facts(.entry, EntryPoint.allCases.map(\.rawValue))
    + facts(.check, HardenedCheck.allCases.filter { $0 != .zeroLength }.map(\.rawValue))
    + facts(.refuser, Refuser.allCases.map(\.rawValue))
    + facts(.era, Era.all.map(\.id))
    + facts(.seed, seeds.map(\.name))

  private static func facts(_ topic: Topic, _ names: [String]) -> [Fact] {
    names.map { Fact(topic: topic, name: $0) }
  }

  /// Reasons for which a call can fail, with their errors: those of the calls' own table.
  static let refusals: [String] = {
    var names: [String] = []
    for (check, errno) in RawIoctl.allCases.flatMap({ $0.entry.checks.list + $0.entry.later.list })
    where !unreached.contains(check) {
      let name = refusal(check, errno?.name)
      if !names.contains(name) { names.append(name) }
    }
    return names
  }()

  /// Checks that a scenario cannot make fail: the names are inside the argument that is copied whole; the host asks one
  /// thing at a time; nothing takes an event away between the semaphore and the queue; a device that runs is bound; no
  /// other call comes in while an endpoint is being disabled; the controller has no isochronous endpoint for this driver.
  static let unreached: Set<CallCheck> = [
    .driverNameUnreadable, .deviceNameUnreadable, .bothDirectionsPending, .queueEmpty,
    .gadgetNotBound, .disableInProgress, .isochronous,
  ]

  /// Checks whose error is whatever came of the work.
  private static let open = Set(
    RawIoctl.allCases.flatMap { $0.entry.checks.list + $0.entry.later.list }
      .filter { $0.errno == nil }.map(\.check))

  private static func refusal(_ check: CallCheck, _ errno: String?) -> String {
    check.passesErrorOn || open.contains(check)
      ? check.rawValue : "\(check.rawValue) \(errno ?? "")"
  }

  /// What the two mails the program began with speak of: facts that one step has to show together.
  static let seeds: [(name: String, facts: [Fact])] = [
    ("kmalloc(64), 150 bytes", [f(.length, "150 of 64"), f(.refuser, "slab")]),
    ("a copy fits in one frame", [f(.memory, "stack"), f(.refuser, "stack")]),
    ("leaves the slab's pages", [f(.memory, "slab tail")]),
    ("put_user is not checked", [f(.entry, "put_user"), f(.verdict, "leaks")]),
    ("/dev/mem passes the check", [f(.entry, "read_mem"), f(.verdict, "allow")]),
    ("/dev/kmem passes the check", [f(.entry, "read_kmem"), f(.verdict, "allow")]),
    ("other locals are not protected", [f(.byte, "otherLocal"), f(.verdict, "leaks")]),
    ("freed objects leak", [f(.byte, "freed"), f(.verdict, "leaks")]),
    ("padding bytes leak", [f(.byte, "slack"), f(.verdict, "leaks")]),
    ("SLOB has no check", [f(.allocator, "slob"), f(.verdict, "leaks")]),
    ("SLAB ends in a BUG", [f(.allocator, "slab"), f(.verdict, "bug")]),
    ("vmalloc is not checked", [f(.memory, "area"), f(.verdict, "allow")]),
    ("modules are not checked", [f(.memory, "module"), f(.verdict, "leaks")]),
    ("PaX: a list of caches", [f(.refuser, "pax-usercopy"), f(.memory, "slab")]),
    ("PaX: SIGKILL", [f(.verdict, "sigkill")]),
    ("x86-32", [f(.machine, "x86_32"), f(.era, "rfc-v1")]),
    ("every request reaches the program", [f(.event, "CONTROL")]),
    ("the controller answers some itself", [f(.answerer, "controller")]),
    ("GadgetFS answers some itself", [f(.answerer, "gadgetfs")]),
    ("GadgetFS checks descriptors", [f(.refusal, "descriptors EINVAL")]),
    ("a controller is chosen by name", [f(.refusal, "register")]),
    ("handles of endpoints", [f(.call, "EPS_INFO")]),
    ("names have a longest length", [f(.refusal, "driver-name-unterminated E2BIG")]),
    ("a pending request stalls another", [f(.answerer, "stall while pending")]),
  ]

  private static func f(_ topic: Topic, _ name: String) -> Fact { Fact(topic: topic, name: name) }

  /// What a step shows, judged by these eras.
  static func facts(of action: Action, before: World, after: World, events: [Event], eras: [String])
    -> Set<Fact>
  {
    var facts: Set<Fact> = []
    func add(_ topic: Topic, _ name: String) { facts.insert(Fact(topic: topic, name: name)) }
    switch action {
    case .ioctl(let call): add(.call, call.request.call?.shortName ?? "")
    case .host(let call): add(.host, call.action.name)
    case .copy(let copy):
      for id in eras { facts.formUnion(judged(copy, by: id, on: before)) }
    default: break
    }
    var asked = 0
    for event in events {
      guard case .gadget(let event) = event else { continue }
      switch event.kind {
      case .eventFetched(_, let type, _): add(.event, type.name)
      case .callReturned(_, let result):
        guard let refusal = result.refusal else { continue }
        add(.refusal, Self.refusal(refusal.check, refusal.errno.name))
      case .setupAnswered:
        asked -= 1
        add(.answerer, "controller")
      case .setup: asked += 1
      case .routed(_, _, let to, _):
        asked -= 1
        if to == .gadgetfs { add(.answerer, "gadgetfs") }
      default: break
      }
    }
    // What neither the controller, GadgetFS nor the program got the driver stalled by itself.
    if asked > 0 { add(.answerer, "stall while pending") }
    return facts.union(seeds.filter { facts.isSuperset(of: $0.facts) }.map { f(.seed, $0.name) })
  }

  private static func judged(_ copy: Action.Copy, by id: String, on world: World) -> Set<Fact> {
    guard let era = Era.named(id), let attempt = try? world.attempt(copy) else { return [] }
    let kernel = world.kernel
    let outcome = kernel.judge(attempt, under: era)
    let effect = kernel.effect(outcome)
    var facts: Set<Fact> = [
      f(.era, era.id), f(.entry, copy.entry.rawValue),
      f(.allocator, kernel.configuration.allocator.rawValue),
      f(.machine, kernel.configuration.architecture.rawValue),
      f(.verdict, outcome.verdict.rawValue), f(.verdict, "\(outcome.consequence)"),
    ]
    if effect.toll > 0 { facts.insert(f(.verdict, "leaks")) }
    for run in effect.moved { facts.insert(f(.byte, "\(run.story)")) }
    if let refuser = outcome.refuser { facts.insert(f(.refuser, refuser.rawValue)) }
    for check in deciding(attempt, on: kernel, under: era) {
      facts.insert(f(.check, check.rawValue))
    }
    return facts.union(place(attempt, copy, on: world))
      .union(seeds(of: facts.union(place(attempt, copy, on: world))))
  }

  private static func seeds(of facts: Set<Fact>) -> [Fact] {
    seeds.filter { facts.isSuperset(of: $0.facts) }.map { f(.seed, $0.name) }
  }

  /// Checks without which the copy comes out otherwise.
  private static func deciding(_ attempt: CopyAttempt, on kernel: Kernel, under era: Era)
    -> [HardenedCheck]
  {
    guard case .hardened(let rules) = era.rules else { return [] }
    let made = CoverageTests.Made(kernel: kernel, attempt: attempt)
    let unused = Set(CoverageTests.unused(era, [made]))
    return rules.checks.filter { !unused.contains($0) }
  }

  private static func place(_ attempt: CopyAttempt, _ copy: Action.Copy, on world: World)
    -> Set<Fact>
  {
    var facts: Set<Fact> = []
    let (kernel, start) = (world.kernel, attempt.kernel)
    if start >= kernel.currentStack.base, start < kernel.currentStack.end {
      facts.insert(f(.memory, "stack"))
    }
    if kernel.layout.modules.contains(start) { facts.insert(f(.memory, "module")) }
    if case .named(let name) = copy.place, let named = world.names[name] {
      facts.insert(f(.memory, "\(named.kind)"))
    }
    for slab in kernel.slabs {
      let cache = kernel.caches[slab.cache]
      guard start >= slab.base, start &- slab.base < cache.slabBytes else { continue }
      facts.insert(f(.memory, "slab"))
      facts.insert(f(.length, "\(attempt.length) of \(cache.objectSize)"))
      let used = (slab.firstSlot &- slab.base) &+ cache.stride * UInt64(slab.objects.count)
      if start &- slab.base &+ attempt.length > used { facts.insert(f(.memory, "slab tail")) }
    }
    return facts
  }

  // MARK: What is played

  /// What the lessons show: each judged by the era it is set in, and by those it names.
  static let shown: [Fact: [String]] = table(
    LessonFiles.ids.flatMap { id -> [(String, Set<Fact>)] in
      guard let script = try? LessonFiles.script(id), let start = try? script.start() else {
        return []
      }
      return played(script.steps, from: start, eras: []).map { (id, $0) }
    })

  /// What the exercises ask for: their answers, judged by the eras they name.
  static let practised: [Fact: [String]] = table(
    ExerciseAnswerTests.all.flatMap { asked -> [(String, Set<Fact>)] in
      let exercise = asked.exercise
      var steps = exercise.answer.map { ScriptStep(action: $0) }
      if case .number(.outcome(let count, let action)) = exercise.task {
        steps = [ScriptStep(action: action)]
        // The longest copy that passes is asked of the check that refuses one byte more.
        if count == .most, case .copy(var copy) = action {
          copy.length = UInt64(exercise.number(on: asked.world) ?? 0) + 1
          steps.append(ScriptStep(action: .copy(copy)))
        }
      }
      return played(steps, from: asked.world, eras: exercise.allow + exercise.deny)
        .map { ("\(asked.lesson) \(asked.number)", $0) }
    })

  private static func table(_ found: [(String, Set<Fact>)]) -> [Fact: [String]] {
    var table: [Fact: [String]] = [:]
    for (place, facts) in found {
      for fact in facts where table[fact]?.last != place { table[fact, default: []].append(place) }
    }
    return table
  }

  private static func played(_ steps: [ScriptStep], from start: World, eras: [String]) -> [Set<
    Fact
  >] {
    var world = start
    return steps.map { step in
      let (next, events) = World.step(world, step.action)
      defer { world = next }
      let named = eras.isEmpty ? [world.era.id] : eras
      return facts(
        of: step.action, before: world, after: next, events: events, eras: named)
    }
  }
}
