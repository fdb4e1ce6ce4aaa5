import ArgumentParser
import Grid
import KernelLog
import Scenario

/// `copyscope caches`: a machine's slab caches and which of their bytes may be copied.
struct Caches: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List this machine's slab caches and which of their bytes may be copied.",
    discussion: """
      Reads /sys/kernel/slab and /proc/slabinfo as far as the kernel lets it, and says what it \
      could not read. A cache can be opened as a page to try copies on.
      """)

  @Option(help: "A saved copy of the files instead of this machine's.")
  var from: String?

  @Option(help: "name, size, usersize or objects.")
  var sort: Order = .name

  @Option(help: "Only caches with this text in their name.")
  var match: String?

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Option(help: "Open the inspector on a page of this cache.")
  var open: String?

  @Option(help: "Write the scenario of --open, or of the only cache --match leaves, to this file.")
  var save: String?

  @Option(help: "A theme by name or file.")
  var theme: String?

  enum Order: String, ExpressibleByArgument, CaseIterable {
    case name, size, usersize, objects

    /// What caches are sorted by, the largest first; nil sorts by name.
    func key(_ cache: CacheInfo) -> UInt64? {
      switch self {
      case .name: nil
      case .size: cache.objectSize ?? cache.stride ?? 0
      case .usersize: cache.usersize ?? 0
      case .objects: cache.activeObjects ?? 0
      }
    }
  }

  func run() throws {
    let listing = try CacheSource(folder: from).listing()
    let shown = listing.caches.filter(isWanted).sorted { first, second in
      let (a, b) = (sort.key(first) ?? 0, sort.key(second) ?? 0)
      return a == b ? first.name < second.name : a > b
    }
    if open != nil || save != nil { return try show(listing, shown) }
    switch format {
    case .text: try Output.line(CacheTable.text(shown, unread: listing.unread))
    case .json: try Output.line(CacheTable.json(shown, unread: listing.unread))
    }
  }

  private func isWanted(_ cache: CacheInfo) -> Bool {
    guard let match, !match.isEmpty else { return true }
    return cache.name.lowercased().contains(match.lowercased())
  }

  private func show(_ listing: CacheSource.Listing, _ shown: [CacheInfo]) throws {
    let cache = try chosen(listing.caches, shown)
    guard let script = CacheScene.script(cache, release: listing.release) else {
      throw BadInput(
        "\(FileName.shown(cache.name)): its object size cannot be read, or is above 1 MiB")
    }
    if let save { try Output.save(ScenarioWriter.text(script), as: save) }
    guard open != nil else { return }
    var inspection = try Inspection(
      script, theme: try ThemeChoice.theme(theme), keymap: try UserFiles.keymap())
    inspection.goToEnd()
    try inspection.run(usesMouse: true)
  }

  private func chosen(_ all: [CacheInfo], _ shown: [CacheInfo]) throws -> CacheInfo {
    guard let open else {
      guard let only = shown.first, shown.count == 1 else {
        throw BadInput("--save: name one cache with --open or --match; this leaves \(shown.count)")
      }
      return only
    }
    if let cache = all.first(where: { $0.name == open }) { return cache }
    let hint = nearest(to: open, among: all.map(\.name)).map {
      "; did you mean '\(FileName.shown($0))'?"
    }
    throw BadInput("--open: there is no cache '\(FileName.shown(open))'\(hint ?? "")")
  }
}
