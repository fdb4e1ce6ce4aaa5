import Grid
import Simulation
import Usercopy

extension Model {
  /// A digit or Backspace while editing: the number of the field chosen; nil for other keys.
  mutating func typeNumber(_ key: Key, _ state: EditState) -> [Effect]? {
    var state = state
    if key.code == .backspace, !state.typed.isEmpty {
      state.typed.removeLast()
    } else if let scalar = key.typed, ("0"..."9").contains(scalar), state.typed.utf8.count < 12 {
      state.typed.unicodeScalars.append(scalar)
    } else {
      return nil
    }
    let number = UInt64(state.typed) ?? 0
    switch state.field {
    case .start: state.draft.offset = Int64(clamping: number)
    case .length: state.draft.length = number
    }
    show(state)
    return []
  }

  /// The compiler knows how large the object is, or not.
  func toggleObjectSize(_ state: inout EditState) {
    guard state.draft.objectSize == nil else {
      state.draft.objectSize = nil
      return
    }
    state.draft.objectSize = size(of: state.draft.place, in: state.base) ?? 64
  }

  private func size(of place: Place, in world: World) -> UInt64? {
    guard case .named(let name) = place else { return nil }
    return world.names[name]?.size ?? world.kernel.local(named: name)?.size
  }

  /// The copy on a machine built another way; everything up to it is played again there.
  mutating func rebuild(_ command: Command, _ state: EditState) -> [Effect] {
    var configuration = state.base.kernel.configuration
    let machines =
      command == .allocator ? Allocator.allCases.count : Architecture.allCases.count
    // Machines on which the story cannot be told are passed over.
    for _ in 1..<machines {
      if command == .allocator {
        configuration.allocator = Self.next(configuration.allocator)
      } else {
        configuration = Self.built(configuration, for: Self.next(configuration.architecture))
      }
      guard let session, let base = Self.base(session, configuration, state),
        let report = Self.report(state.draft, on: base)
      else { continue }
      var state = state
      (state.base, state.report, state.configuration) = (base, report, configuration)
      mode = .edit(state)
      scrolls[.check] = nil
      return []
    }
    message = StatusMessage("this copy can be made on this machine only", .warning)
    return []
  }

  /// `allocator NAME` and `arch NAME`: the whole story on another machine.
  mutating func rebuild(_ words: [String]) {
    guard var configuration = session?.world.kernel.configuration else { return }
    let name = words.count > 1 ? words[1] : ""
    if words[0] == "allocator", let allocator = Allocator(rawValue: name) {
      configuration.allocator = allocator
    } else if words[0] == "arch", let architecture = Architecture(rawValue: name) {
      configuration = Self.built(configuration, for: architecture)
    } else {
      let known =
        words[0] == "arch"
        ? Architecture.allCases.map(\.rawValue) : Allocator.allCases.map(\.rawValue)
      message = StatusMessage("\(words[0]): one of \(known.joined(separator: ", "))", .error)
      return
    }
    byHand { session in
      if let other = try? session.rebuilt(configuration) { session = other }
    }
    arrived()
    let machine =
      "\(configuration.architecture.rawValue) with \(configuration.allocator.rawValue)"
    let failed = session.map { session in
      (0..<session.position).count { session.mark(at: $0) == .failed }
    }
    guard let failed, failed > 0 else {
      message = StatusMessage("played again for \(machine)")
      return
    }
    message = StatusMessage(
      keymap.telling(
        "played again for \(machine), where \(failed) step\(failed == 1 ? "" : "s") cannot be done",
        [.undo: "undoes it"]), .warning)
  }

  private static func built(_ old: Configuration, for architecture: Architecture) -> Configuration {
    let usual = Configuration(architecture: architecture)
    var configuration = old
    configuration.architecture = architecture
    configuration.wordSize = usual.wordSize
    configuration.framePointer = usual.framePointer
    return configuration
  }

  /// The machine a draft is judged on, played again with another configuration.
  private static func base(
    _ session: Session, _ configuration: Configuration, _ state: EditState
  ) -> World? {
    guard var other = try? session.rebuilt(configuration) else { return nil }
    if state.replaces { _ = other.back() }
    return World.step(other.world, .era(state.base.era.id)).0
  }

  private static func next<Value: CaseIterable & Equatable>(_ value: Value) -> Value {
    let all = Array(Value.allCases)
    let index = all.firstIndex(of: value) ?? 0
    return all[(index + 1) % all.count]
  }
}
