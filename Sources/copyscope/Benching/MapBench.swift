import CChecks
import Simulation
import Usercopy

/// Every start of a page with every length up to the page's, solved, against trying each pair.
enum MapBench {
  /// Every so many starts are tried; all are solved.
  private static let sample: UInt64 = 64

  static func rows(_ measure: BenchRounds) throws -> [BenchRow] {
    try BenchScene.all().filter { scene in
      guard case .slab = scene.world.kernel.pages.descriptor(at: scene.attempt.kernel).use else {
        return false
      }
      return true
    }.map { scene in row(scene, measure) }
  }

  private static func row(_ scene: BenchScene, _ measure: BenchRounds) -> BenchRow {
    let view = ReferenceView(scene.world.kernel)
    let page = scene.attempt.kernel & ~(Memory.pageSize - 1)
    let rounds = measure.pairs {
      BenchRounds.time { solve(scene, page) }
    } against: {
      BenchRounds.time { attempt(scene, view, page) } * Double(sample)
    }
    return BenchRow(
      .map, scene.name + ", every start and length of a page", .microseconds, rounds,
      against: "each of them tried in C")
  }

  private static func solve(_ scene: BenchScene, _ page: Address) {
    let kernel = scene.world.kernel
    var judge = Judge(kernel, under: scene.world.era, varying: scene.attempt)
    let last = page + Memory.pageSize - 1
    let map = SolvedMap(
      starts: page...last, longest: Memory.pageSize,
      borders: kernel.borders(from: page, through: last),
      named: judge.namedLengths(upTo: Memory.pageSize)
    ) { judge.ruling(start: $0, length: $1).verdict }
    BenchRounds.keep(map.answer(page...page, 1...1))
  }

  /// Tries a sample of the starts, with each length.
  private static func attempt(_ scene: BenchScene, _ view: ReferenceView, _ page: Address) {
    for start in stride(from: page, to: page + Memory.pageSize, by: Int(sample)) {
      for length in 1...Memory.pageSize {
        BenchRounds.keep(view.allows(scene.check, start, length))
      }
    }
  }
}
