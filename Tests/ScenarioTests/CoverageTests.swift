import RawGadget
@testable import Scenario
import Simulation
import Testing
import Usercopy
import USB

/// What the lessons use of the model, computed by playing them: leaving a lesson out must show.
struct CoverageTests {
  /// A copy of a lesson and the machine it is made on.
  struct Made: Sendable {
    var kernel: Kernel
    var attempt: CopyAttempt
  }

  static let made: [Made] = LessonFiles.ids.flatMap { id -> [Made] in
    guard let script = try? LessonFiles.script(id), var world = try? script.start() else {
      return []
    }
    return script.steps.compactMap { step in
      let before = world
      world = World.step(world, step.action).0
      guard case .copy(let copy) = step.action, let attempt = try? before.attempt(copy) else {
        return nil
      }
      return Made(kernel: before.kernel, attempt: attempt)
    }
  }

  /// What a check decides, without the way there.
  static func decision(_ made: Made, _ era: Era) -> String {
    let outcome = made.kernel.judge(made.attempt, under: era, recording: true)
    return "\(outcome.verdict) \(outcome.refusedIn ?? "") \(outcome.log) \(outcome.warnings)"
      + " \(outcome.copied)"
  }

  /// A check is used when a lesson's copy comes out otherwise without it.
  static func unused(_ era: Era, _ made: [Made]) -> [HardenedCheck] {
    guard case .hardened(let rules) = era.rules else { return [] }
    let decisions = made.map { decision($0, era) }
    return rules.checks.filter { check in
      var others = rules
      others.checks.removeAll { $0 == check }
      let without = Era(
        id: era.id, title: era.title, date: era.date, family: era.family,
        provenance: era.provenance, rules: .hardened(others), blindSpots: [], release: era.release)
      return zip(made, decisions).allSatisfy { decision($0, without) == $1 }
    }
  }

  @Test(arguments: Era.all)
  func everyCheckOfEveryEraDecidesACopyOfALesson(_ era: Era) {
    // A length of 0 is let through before checks that would let it through as well, and without a
    // machine with highmem nothing is mapped by kmap.
    var excused: Set<HardenedCheck> = [.zeroLength]
    if Self.made.allSatisfy({ !$0.kernel.layout.kmaps.contains($0.attempt.kernel) }) {
      excused.insert(.kmap)
    }
    let unused = Set(Self.unused(era, Self.made)).subtracting(excused)
    #expect(unused.isEmpty, "\(era.id): \(unused)")
  }

  /// Refusers an era can name, from its rules.
  static func refusers(_ era: Era) -> Set<Refuser> {
    switch era.rules {
    case .rfc: [.slab, .stack, .accessOK, .objectSize]
    case .pax(let rules):
      Set([.paxUsercopy, .accessOK, .allocatorBugOn, .lengthOverIntMax])
        .union(rules.comparesKnownSizes ? [.compileTimeObjectSize] : [])
    case .hardened(let rules):
      Set([.hardenedUsercopy, .accessOK, .compileTimeObjectSize, .allocatorBugOn])
        .union(rules.longestCopy < .max ? [.lengthOverIntMax] : [])
    }
  }

  @Test(arguments: Era.all)
  func everythingThatRefusesDoesSoInALesson(_ era: Era) {
    let outcomes = Self.made.map { $0.kernel.judge($0.attempt, under: era) }
    let missing = Self.refusers(era).subtracting(outcomes.compactMap(\.refuser))
    #expect(missing.isEmpty, "\(era.id): \(missing)")
    #expect(Set(outcomes.map(\.verdict)).isSuperset(of: [.allow, .deny, .bug]), "\(era.id)")
  }

  /// The test itself: without the lessons about pages and stacks it finds checks that nothing uses.
  @Test func leavingCopiesOutIsSeen() throws {
    let objects = Self.made.filter { made in
      made.kernel.slabs.contains { slab in
        made.attempt.kernel >= slab.base
          && made.attempt.kernel &- slab.base < made.kernel.caches[slab.cache].slabBytes
      }
    }
    #expect(!objects.isEmpty && objects.count < Self.made.count)
    let missing = Self.unused(.linux6_1, objects)
    #expect(missing.contains(.vmalloc) && missing.contains(.stackDepth), "\(missing)")
    #expect(!missing.contains(.slabObject))
  }

  /// Every call of GadgetFS and every way a step can act are counted where they are played.
  @Test func everyStepThatActsIsPlayed() throws {
    let actions = try LessonFiles.ids.flatMap { try LessonFiles.script($0).steps.map(\.action) }
    let calls = actions.compactMap {
      if case .ioctl(let call) = $0 { call.request.call } else { nil }
    }
    #expect(Set(RawIoctl.allCases).subtracting(calls) == [])
    let host = actions.compactMap { if case .host(let call) = $0 { call.action.name } else { nil } }
    #expect(Set(HostWord.allCases.map(\.rawValue)).subtracting(host) == [])
  }
}
