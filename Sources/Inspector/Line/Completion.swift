import Grid
import Simulation
import Usercopy

/// Words that can stand where the cursor of the `:` line is.
enum Completion {
  /// Takes the next offer for the word before the cursor; the first time the offers are made.
  static func take(_ state: inout CommandState, by step: Int, _ model: Model) {
    if state.offer == nil {
      let stem = state.before.last == " " ? "" : state.before.split(separator: " ").last ?? ""
      state.stem = String(stem)
      state.offers = offers(state.before, stem: state.stem, model)
      guard !state.offers.isEmpty else { return }
      state.offer = step > 0 ? 0 : state.offers.count - 1
    } else if let offer = state.offer, !state.offers.isEmpty {
      let taken = state.offers[offer].count + Self.end(state.offers[offer]).count
      state.before.removeLast(min(state.before.count, taken))
      state.before += state.stem
      state.offer = ((offer + step) % state.offers.count + state.offers.count) % state.offers.count
    }
    guard let offer = state.offer else { return }
    state.before.removeLast(min(state.before.count, state.stem.count))
    state.before += state.offers[offer] + end(state.offers[offer])
  }

  /// What follows an offer that was taken: nothing when its value is still to be typed.
  private static func end(_ offer: String) -> String { offer.hasSuffix("=") ? "" : " " }

  /// The words that can follow, those that start with the stem.
  static func offers(_ before: String, stem: String, _ model: Model) -> [String] {
    var words = before.split(separator: " ").map(String.init)
    if !stem.isEmpty { words.removeLast() }
    return candidates(after: words, stem, model).filter { $0.hasPrefix(stem) && $0 != stem }
  }

  private static func candidates(after words: [String], _ stem: String, _ model: Model) -> [String]
  {
    guard let first = words.first else { return CommandLine.words + commands(model) }
    guard let world = model.session?.world else { return [] }
    switch (first, words.count) {
    case ("alloc", 2): return caches(world)
    case ("free", 1):
      return world.names.filter { $0.value.isLive && $0.value.kind != .user }.keys.sorted()
    case ("copy", 1): return ["to", "from"]
    case ("copy", 2), ("put", 1), ("write", 1): return places(world)
    case ("copy", 4...): return EntryPoint.allCases.map(\.rawValue)
    case ("era", 1): return Era.all.map(\.id)
    case ("run", 1): return world.kernel.stacks.map(\.task)
    case ("open", 1): return model.lessonList.items.map(\.id)
    case ("open", 2): return ["nonblocking"]
    case ("close", 1), ("signal", 1...2), ("ioctl", _), ("host", _):
      return GadgetCompletion.candidates(after: words, stem, world)
    case ("theme", 1): return model.themes
    case ("allocator", 1): return Allocator.allCases.map(\.rawValue)
    case ("arch", 1): return Architecture.allCases.map(\.rawValue)
    default: return []
    }
  }

  private static func commands(_ model: Model) -> [String] {
    model.keymap.bindings(in: .browse).map(\.command.rawValue).sorted()
  }

  private static func caches(_ world: World) -> [String] {
    let known = world.kernel.caches.map(\.name)
    let kmalloc = Kernel.kmallocSizes.map { world.kernel.kmallocName($0) }
    return known + kmalloc.filter { !known.contains($0) }
  }

  private static func places(_ world: World) -> [String] {
    world.knownNames.filter { $0 != World.userBuffer } + Place.Spot.allCases.map(\.rawValue)
  }
}
