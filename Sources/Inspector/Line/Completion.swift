import Grid
import RawGadget
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
    switch (first, words.count) {
    case ("theme", 1): return model.themes.names
    case ("allocator", 1): return Allocator.allCases.map(\.rawValue)
    case ("arch", 1): return Architecture.allCases.map(\.rawValue)
    case ("open", 1): return model.lessonList.items.map(\.id)
    default: break
    }
    guard let world = model.session?.world else { return [] }
    return LineOffers(world: world).candidates(after: words, stem)
  }

  private static func commands(_ model: Model) -> [String] {
    model.keymap.bindings(in: .browse).map(\.command.rawValue).sorted()
  }
}

/// Words for the fields of an action, from the machine as it stands.
struct LineOffers {
  var world: World

  func candidates(after words: [String], _ stem: String) -> [String] {
    switch (words[0], words.count) {
    case ("put", 1): return places
    case ("copy", 1): return ["to", "from"]
    case ("copy", 2): return places
    case ("copy", 4...):
      return EntryPoint.allCases.map(\.rawValue) + keys(LineForm(.copy), words, stem)
    case ("signal", 2): return ["restart"]
    case (ActionWord.ioctl.rawValue, 1): return RawIoctl.allCases.map(\.shortName)
    case (ActionWord.host.rawValue, 1): return HostWord.allCases.map(\.rawValue)
    default: break
    }
    guard let form = form(of: words) else { return [] }
    let isCall = words[0] == ActionWord.ioctl.rawValue || words[0] == ActionWord.host.rawValue
    let bare = words.dropFirst(isCall ? 2 : 1).filter { !$0.contains("=") }.count
    if form.parts.indices.contains(bare), !stem.contains("=") {
      return values(form.parts[bare], form)
    }
    return keys(form, words, stem)
  }

  private func form(of words: [String]) -> LineForm? {
    guard let word = ActionWord(rawValue: words[0]) else { return nil }
    switch word {
    case .ioctl: return IoctlRequest(words[1].uppercased()).map { LineForm($0) }
    case .host: return HostWord(rawValue: words[1]).map { LineForm($0) }
    default: return LineForm(word)
    }
  }

  /// `key=` for fields that are not given yet, or the values of the key that is being typed.
  private func keys(_ form: LineForm, _ words: [String], _ stem: String) -> [String] {
    if let equals = stem.firstIndex(of: "="),
      let field = form.keyed.first(where: { $0.name == stem[..<equals] })
    {
      return values(field).map { "\(field.name)=\($0)" }
    }
    let given = words.compactMap { $0.split(separator: "=").first.map(String.init) }
    return form.keyed.map(\.name).filter { !given.contains($0) }.map { "\($0)=" }
  }

  private func values(_ part: LinePart, _ form: LineForm) -> [String] {
    if case .flag(_, let word) = part { return [word] }
    return part.names.compactMap { form.field($0) }.flatMap(values)
  }

  /// What a field of that kind can hold now.
  private func values(_ field: Field) -> [String] {
    switch field.kind {
    case .word(let words): return words
    case .truth: return ["true", "false"]
    case .place: return places
    case .era: return Era.all.map(\.id)
    case .request: return RawIoctl.allCases.map(\.shortName)
    case .speed: return SpeedName.all.map(\.name)
    case .name(.cache): return caches
    case .name(.object):
      return world.names.filter { $0.value.isLive && $0.value.kind != .user }.keys.sorted()
    case .name(.task): return world.kernel.stacks.map(\.task)
    case .name(.thread): return world.gadget?.threads.keys.sorted() ?? []
    case .name(.file): return world.gadget?.files.keys.sorted() ?? []
    case .text: return field.usual.map { [$0] } ?? []
    case .name(.fresh), .number, .signed, .content, .hex, .locals, .texts, .numbers,
      .members, .structure:
      return []
    }
  }

  private var caches: [String] {
    let known = world.kernel.caches.map(\.name)
    let kmalloc = Kernel.kmallocSizes.map { world.kernel.kmallocName($0) }
    return known + kmalloc.filter { !known.contains($0) }
  }

  private var places: [String] {
    world.knownNames.filter { $0 != World.userBuffer } + Place.Spot.allCases.map(\.rawValue)
  }
}
