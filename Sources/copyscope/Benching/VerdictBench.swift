import CChecks
import Simulation
import Usercopy

/// A copy judged: by rules and a machine taken once, on a machine as it stands, and with every step told.
enum VerdictBench {
  /// How often a round goes over a scene's copies.
  private static let passes = 20

  static func rows(_ measure: BenchRounds) throws -> [BenchRow] {
    try BenchScene.all().flatMap { scene in
      guard agrees(scene) else { throw BadInput.builtIn(.benchmark) }
      return [prepared(scene, measure), once(scene, measure), traced(scene, measure)]
    }
  }

  /// A baseline that decides otherwise would measure something else.
  private static func agrees(_ scene: BenchScene) -> Bool {
    let view = ReferenceView(scene.world.kernel)
    var judge = Judge(scene.world.kernel, under: scene.world.era, varying: scene.attempt)
    return zip(scene.starts, scene.lengths).allSatisfy { start, length in
      let isAllowed = judge.ruling(start: start, length: length).verdict == .allow
      return isAllowed == view.allows(scene.check, start, length)
    }
  }

  private static func prepared(_ scene: BenchScene, _ measure: BenchRounds) -> BenchRow {
    let view = ReferenceView(scene.world.kernel)
    var judge = Judge(scene.world.kernel, under: scene.world.era, varying: scene.attempt)
    let rounds = measure.pairs {
      BenchRounds.time(of: passes * scene.starts.count) {
        for _ in 0..<passes {
          for (start, length) in zip(scene.starts, scene.lengths) {
            BenchRounds.keep(judge.ruling(start: start, length: length))
          }
        }
      }
    } against: {
      inC(scene, view)
    }
    return BenchRow(.verdict, scene.name, .nanoseconds, rounds, against: "the same in C")
  }

  private static func once(_ scene: BenchScene, _ measure: BenchRounds) -> BenchRow {
    let view = ReferenceView(scene.world.kernel)
    let rounds = measure.pairs {
      judge(scene, recording: false)
    } against: {
      inC(scene, view)
    }
    return BenchRow(
      .verdict, scene.name + ", on a machine as it stands", .nanoseconds, rounds,
      against: "the same in C")
  }

  private static func traced(_ scene: BenchScene, _ measure: BenchRounds) -> BenchRow {
    let rounds = measure.pairs {
      judge(scene, recording: true)
    } against: {
      judge(scene, recording: false)
    }
    return BenchRow(
      .verdict, scene.name + ", with its trace", .nanoseconds, rounds,
      against: "the same without a trace")
  }

  private static func inC(_ scene: BenchScene, _ view: ReferenceView) -> Double {
    BenchRounds.time(of: passes * scene.starts.count) {
      for _ in 0..<passes {
        BenchRounds.keep(view.countAllowed(scene.check, scene.starts, scene.lengths))
      }
    }
  }

  private static func judge(_ scene: BenchScene, recording: Bool) -> Double {
    var attempt = scene.attempt
    return BenchRounds.time(of: scene.starts.count) {
      for (start, length) in zip(scene.starts, scene.lengths) {
        (attempt.kernel, attempt.length) = (start, length)
        BenchRounds.keep(
          scene.world.kernel.judge(attempt, under: scene.world.era, recording: recording))
      }
    }
  }
}
