import ArgumentParser
import Grid
import JSON
import KernelLog
import Narration
import Scenario
import Simulation
import Text

/// `copyscope caches`: a machine's slab caches and which of their bytes may be copied.
struct Caches: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.caches.rawValue,
    abstract: "List this machine's slab caches and which of their bytes may be copied.",
    discussion: """
      Reads /sys/kernel/slab and /proc/slabinfo as far as the kernel lets it, and says what it \
      could not read. A cache can be opened as a page to try copies on.
      """)

  @Option(
    help:
      "A saved copy of the files, or a slabinfo table ('-' for standard input), instead of this machine's.",
    completion: .file())
  var from: String?

  @Option(help: "name, size, stride, order, usersize or objects.")
  var sort: Order = .name

  @Option(help: "Only caches with this text in their name.")
  var match: String?

  @Flag(help: "Only groups of caches that the kernel merged, each with all its names.")
  var merged = false

  @Option(help: "An address, in hexadecimal: where in an object of the cache of --match it lies.")
  var address: String?

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Option(
    defaultAsFlag: "",
    help: "Open the inspector on a page of this cache; without a name on the list of them.",
    completion: Completion.caches)
  var open: String?

  @Option(
    help: "Write the scenario of --open, or of the only cache --match leaves, to this file.",
    completion: .file())
  var save: String?

  @OptionGroup var inspector: InspectorOptions

  /// A sort key as an argument.
  struct Order: ExpressibleByArgument {
    var order: CacheOrder
    static let name = Order(order: .name)
    static let allValueStrings = CacheOrder.allCases.map(\.rawValue)

    init(order: CacheOrder) { self.order = order }

    init?(argument: String) {
      guard let order = CacheOrder(rawValue: argument) else { return nil }
      self.order = order
    }

    var defaultValueDescription: String { order.rawValue }
  }

  func run() throws {
    let listing = try CacheSource(folder: from).listing()
    let shown = sort.order.sorted(listing.caches.filter(isWanted))
    if let address { return try tell(address, shown) }
    if open != nil || save != nil { return try show(listing, shown) }
    switch format {
    case .text: try Output.line(CacheTable.text(shown, unread: listing.unread))
    case .json: try Output.line(CacheTable.json(shown, unread: listing.unread).spacedText)
    }
  }

  /// Where an address lies in a slab of the one cache that is meant.
  private func tell(_ text: String, _ shown: [CacheInfo]) throws {
    let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
    guard let address = UInt64(digits, radix: 16) else {
      throw BadInput.option("address", .notHexadecimal(text))
    }
    let exact = shown.filter { $0.name == match }
    guard let cache = exact.first ?? (shown.count == 1 ? shown.first : nil) else {
      throw BadInput.option("address", .oneCache(["--match"], left: shown.count))
    }
    guard let place = SlabPlace(address, in: cache) else {
      throw BadInput.option("address", .unknownLayout(cache: cache.name))
    }
    switch format {
    case .text:
      for said in SlabPlaceWords.statements(place, cache) {
        try Output.line(Printable.text(said.line))
      }
    case .json: try Output.line(SlabPlaceWords.json(place, cache).spacedText)
    }
  }

  private func isWanted(_ cache: CacheInfo) -> Bool {
    merged ? cache.isGroup(with: match ?? "") : cache.isNamed(like: match ?? "")
  }

  private func show(_ listing: CacheListing, _ shown: [CacheInfo]) throws {
    if save == nil, open == "" { return try showList(listing) }
    let cache = try chosen(listing.caches, shown)
    guard let script = CacheScene.script(cache, release: listing.release) else {
      throw BadInput.noPage(cache)
    }
    if let save { try Output.save(ScenarioWriter.text(script), as: save) }
    guard let open, !open.isEmpty else { return }
    var inspection = try inspection(script)
    inspection.goToEnd()
    try inspection.run(usesMouse: true)
  }

  /// The list in the inspector, sorted and narrowed down as here.
  private func showList(_ listing: CacheListing) throws {
    var inspection = try inspection(nil)
    inspection.show(listing, sortedBy: sort.order, matching: match ?? "")
    try inspection.run(usesMouse: true)
  }

  private func inspection(_ script: Script?) throws -> Inspection {
    var inspection = try inspector.inspection(script)
    inspection.cacheFolder = from
    return inspection
  }

  private func chosen(_ all: [CacheInfo], _ shown: [CacheInfo]) throws -> CacheInfo {
    guard let open, !open.isEmpty else {
      guard let only = shown.first, shown.count == 1 else {
        throw BadInput.option("save", .oneCache(["--open", "--match"], left: shown.count))
      }
      return only
    }
    if let cache = all.first(where: { $0.name == open }) { return cache }
    throw BadInput.option(
      "open", .unknownCache(open, near: Nearest.word(to: open, among: all.map(\.name))))
  }
}
