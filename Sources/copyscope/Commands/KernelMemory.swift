import ArgumentParser
import JSON
import KernelPages
import Narration
import Scenario
import Simulation
import Text
import Usercopy

/// `copyscope kernel`: pages and stacks of a real kernel.
struct KernelMemory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.kernel.rawValue,
    abstract: "Show slab pages and stacks of a real kernel, and try copies on them.",
    discussion: """
      The file is written by a script for drgn, from this machine, a crash dump or a QEMU guest: \
      'copyscope kernel --script' prints it. Two files of the same kernel are compared.
      """)

  @Argument(help: "The file, and perhaps a later one of the same kernel.", completion: .file())
  var files: [String] = []

  @Option(help: "Only slabs of this cache.")
  var cache: String?

  @Option(help: "An address, in hexadecimal: what lies there.")
  var address: String?

  @Option(help: "Only the stack of the task with this number.")
  var task: Int?

  @Option(help: "file, name, address, free, used or copyable.")
  var sort: Order = Order(order: .file)

  @Option(help: "Only what has this text in its name, address or notes.")
  var match: String?

  @Option(help: "How every era judges a copy of so many bytes from --address out to user space.")
  var copy: UInt64?

  @Flag(help: "The copy of --copy goes into the kernel.")
  var fromUser = false

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Flag(help: "Open the inspector on what the options name, or on the list.")
  var open = false

  @Option(help: "Write the scenario of what the options name to this file.", completion: .file())
  var save: String?

  @Flag(help: "Print the script for drgn.")
  var script = false

  @Flag(help: "Print the JSON Schema of the files.")
  var schema = false

  @OptionGroup var inspector: InspectorOptions

  /// A sort key as an argument.
  struct Order: ExpressibleByArgument {
    var order: SnapshotOrder
    static let allValueStrings = SnapshotOrder.allCases.map(\.rawValue)

    init(order: SnapshotOrder) { self.order = order }

    init?(argument: String) {
      guard let order = SnapshotOrder(rawValue: argument) else { return nil }
      self.order = order
    }

    var defaultValueDescription: String { order.rawValue }
  }

  func run() throws {
    if script { return try Output.write(ExportScript.text) }
    if schema { return try Output.write(ExportScript.schema) }
    guard let file = files.first, files.count <= 2 else {
      throw BadInput.noKernelFile
    }
    let snapshot = try SnapshotFile.load(file)
    if files.count == 2 { return try compare(snapshot, try SnapshotFile.load(files[1])) }
    if copy != nil { return try judge(snapshot) }
    if open || save != nil { return try show(snapshot) }
    try tell(snapshot)
  }

  private func tell(_ snapshot: KernelSnapshot) throws {
    if let address {
      let place = SnapshotPlace(try number(address), in: snapshot)
      switch format {
      case .text: try say(place.lines(snapshot))
      case .json: try Output.line(place.json(snapshot).spacedText)
      }
      return
    }
    let rows = try rows(snapshot)
    guard format == .text else {
      return try Output.line(SnapshotTable.json(snapshot, rows).spacedText)
    }
    if cache == nil, task == nil {
      try say(SnapshotTable.facts(snapshot))
      return try Output.line(SnapshotTable.text(rows))
    }
    for row in rows {
      switch row.piece {
      case .slab(let index): try say(SnapshotPieceWords.lines(slab: index, snapshot))
      case .stack(let index): try say(SnapshotPieceWords.lines(task: index, snapshot))
      }
    }
    if let cache, rows.isEmpty, let known = snapshot.cache(named: cache) {
      try say([
        "\(known.name): no slab of it is in the file", "  " + SnapshotPieceWords.geometry(known),
      ])
    }
  }

  private func say(_ lines: [String]) throws {
    for line in lines { try Output.line(Printable.text(line)) }
  }

  /// The rows that the options leave.
  private func rows(_ snapshot: KernelSnapshot) throws -> [SnapshotRow] {
    let cacheName = try cache.map { try known($0, snapshot) }
    if let task, !snapshot.tasks.contains(where: { $0.pid == task }) {
      throw BadInput.option("task", .unknownTask(task, known: snapshot.tasks.map(\.pid)))
    }
    let wanted = SnapshotTable.rows(snapshot).filter { row in
      switch row.piece {
      case .slab(let index):
        task == nil
          && cacheName.map { snapshot.cache(named: snapshot.slabs[index].cache)?.name == $0 }
            ?? true
      case .stack(let index):
        cacheName == nil && task.map { snapshot.tasks[index].pid == $0 } ?? true
      }
    }
    return sort.order.sorted(wanted.filter { $0.holds(match ?? "") })
  }

  private func known(_ name: String, _ snapshot: KernelSnapshot) throws -> String {
    if let cache = snapshot.cache(named: name) { return cache.name }
    let near = Nearest.word(to: name, among: snapshot.caches.map(\.name))
    throw BadInput.option("cache", .unknownCache(name, near: near))
  }

  private func number(_ text: String) throws -> Address {
    let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
    guard let address = UInt64(digits, radix: 16) else {
      throw BadInput.option("address", .notHexadecimal(text))
    }
    return address
  }

  // MARK: Copies

  /// Every era's verdict on a copy from the address.
  private func judge(_ snapshot: KernelSnapshot) throws {
    guard let address, let length = copy else {
      throw BadInput.option("copy", .noAddress)
    }
    let start = try number(address)
    guard let script = script(at: start, snapshot) else {
      let scene = SnapshotScene(snapshot)
      let why =
        snapshot.slab(at: start).flatMap(scene.why(slab:))
        ?? snapshot.task(at: start).flatMap(scene.why(task:))
      throw BadInput.option("address", .untold(start, why: why))
    }
    let world: World
    do throws(ActionError) { world = try script.start() } catch {
      throw BadInput.start(files[0], error)
    }
    let asked = Action.Copy(
      entry: fromUser ? .copyFromUser : .copyToUser, place: .address(start), length: length)
    let outcomes: [CopyOutcome]
    let attempt: CopyAttempt
    do throws(ActionError) {
      attempt = try world.attempt(asked)
      outcomes = world.comparison(attempt)
    } catch { throw BadInput.copy(error) }
    let machine = world.kernel.configuration
    let unknowns = outcomes.map { outcome in
      Era.named(outcome.era).map { world.kernel.unknowns(of: attempt, under: $0) } ?? []
    }
    let own = zip(outcomes, unknowns).first { $0.0.era == script.era }?.1 ?? []
    let gaps = UnknownWords.lines(own, machine)
    switch format {
    case .text:
      try say(SnapshotPlace(start, in: snapshot).lines(snapshot))
      try say(
        zip(outcomes, unknowns).map { outcome, unknown in
          let doubt = UnknownWords.brief(unknown).map { " · \($0)" } ?? ""
          return "  \(outcome.era): \(VerdictWords.sentence(outcome))\(doubt)"
        })
      if let own = outcomes.first(where: { $0.era == script.era }), let line = own.log.first {
        try say(["  the kernel's line: \(line)"])
      }
      try say(gaps.map { "  " + $0 })
    case .json:
      let verdicts = outcomes.map { ($0.era, JSONValue($0.verdict.rawValue)) }
      let log = outcomes.first { $0.era == script.era }?.log ?? []
      try Output.line(
        JSONValue([
          ("place", SnapshotPlace(start, in: snapshot).json(snapshot)),
          ("verdicts", JSONValue(verdicts)), ("era", JSONValue(script.era)),
          ("log", JSONValue(log)), ("not_told", JSONValue(gaps)),
          (
            "hangs",
            JSONValue(
              zip(outcomes, unknowns).map {
                ($0.era, JSONValue(UnknownWords.lines($1, machine)))
              })
          ),
        ]).spacedText)
    }
  }

  private func script(at address: Address, _ snapshot: KernelSnapshot) -> Script? {
    let scene = SnapshotScene(snapshot)
    if let slab = snapshot.slab(at: address) {
      guard case .slot(_, let slot, _) = SnapshotPlace(address, in: snapshot).kind else {
        return scene.script(slab: slab)
      }
      return scene.script(slab: slab, slot: slot)
    }
    return snapshot.task(at: address).flatMap { scene.script(task: $0) }
  }

  // MARK: Opening

  private func show(_ snapshot: KernelSnapshot) throws {
    if open, save == nil, address == nil, cache == nil, task == nil {
      var inspection = try inspector.inspection(nil)
      inspection.show(snapshot, of: files[0], sortedBy: sort.order, matching: match ?? "")
      return try inspection.run(usesMouse: true)
    }
    let script = try chosen(snapshot)
    if let save { try Output.save(ScenarioWriter.text(script), as: save) }
    guard open else { return }
    var inspection = try inspector.inspection(nil)
    inspection.show(snapshot, of: files[0])
    inspection.open(script)
    inspection.goToEnd()
    try inspection.run(usesMouse: true)
  }

  /// The scenario of the one piece that the options name.
  private func chosen(_ snapshot: KernelSnapshot) throws -> Script {
    if let address {
      let start = try number(address)
      guard let script = script(at: start, snapshot) else {
        throw BadInput.option("address", .noPiece(start))
      }
      return script
    }
    let rows = try rows(snapshot)
    guard let row = rows.first, rows.count == 1 || cache != nil || task != nil else {
      throw BadInput.option("save", .onePiece(left: rows.count))
    }
    let scene = SnapshotScene(snapshot)
    let (script, why) =
      switch row.piece {
      case .slab(let index): (scene.script(slab: index), scene.why(slab: index))
      case .stack(let index): (scene.script(task: index), scene.why(task: index))
      }
    guard let script else {
      throw BadInput.notOpened(row.name, why: why)
    }
    return script
  }

  // MARK: Two files

  private func compare(_ before: KernelSnapshot, _ after: KernelSnapshot) throws {
    let difference = SnapshotDifference(before, after)
    let words = SnapshotDifferenceWords(difference, before, after)
    switch format {
    case .text: try say(words.lines(cache: cache))
    case .json: try Output.line(words.json.spacedText)
    }
  }
}
