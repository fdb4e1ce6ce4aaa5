import Foundation
import KernelLog

/// Where slab caches are read from: the running kernel, or a saved copy of its files.
struct CacheSource {
  private let tree: String
  private let table: String
  private let isThisMachine: Bool
  private let name: String

  /// This machine's caches, or those of a saved folder: the tree itself, or a folder that holds it
  /// as `sys/kernel/slab` or `slab`, with `slabinfo` or `proc/slabinfo` beside it.
  init(folder: String?) throws {
    isThisMachine = folder == nil
    name = folder.map(FileName.shown) ?? "this machine"
    guard let folder else {
      (tree, table) = ("/sys/kernel/slab", "/proc/slabinfo")
      return
    }
    // A table by itself, from a file or standard input.
    if folder == "-" || SystemFile.isFile(folder) {
      (tree, table) = ("", folder)
      return
    }
    switch SystemFile.entries(of: folder) {
    case .failure(.notFound): throw BadInput("\(FileName.shown(folder)): no such folder")
    case .failure(let reason):
      throw BadInput("\(FileName.shown(folder)): cannot be listed: \(reason.words)")
    case .success: break
    }
    let inside = ["\(folder)/sys/kernel/slab", "\(folder)/slab"]
    tree = inside.first(where: SystemFile.isFolder) ?? folder
    let tables = ["\(folder)/proc/slabinfo", "\(folder)/slabinfo"]
    table = tables.first(where: SystemFile.exists) ?? tables[1]
  }

  /// Reads everything; an error only if nothing at all could be.
  func listing() throws -> CacheListing {
    var listing = CacheListing(source: name)
    if tree.isEmpty { return try tableAlone(listing) }
    if isThisMachine { listing.release = SystemFile.kernelRelease }
    let reader = SlabTree(
      list: { () throws(ReadFailure) in try SystemFile.entries(of: tree).get() },
      read: { (path: String) throws(ReadFailure) in
        try SystemFile.bytes(of: tree + "/" + path, limit: Self.attributeLimit)
      })
    do {
      let contents = try reader.contents()
      // A folder that is no cache has none of a cache's files.
      listing.caches = contents.caches.filter { cache in
        cache.stride != nil
          || !cache.unread.contains(UnreadAttribute(attribute: "object_size", reason: .notFound))
      }
      listing.unread += contents.danglingLinks.map {
        "\(FileName.shown($0)): a link to a cache that is not there"
      }
    } catch {
      listing.unread.append("\(FileName.shown(tree)): \(error.words)")
    }
    addTable(to: &listing)
    listing.unread += Self.summary(listing.caches)
    guard !listing.caches.isEmpty else {
      let why = listing.unread.isEmpty ? "" : ": " + listing.unread.joined(separator: "; ")
      throw BadInput("no slab caches could be read in \(FileName.shown(tree))\(why)")
    }
    return listing
  }

  /// The caches of a table that is all there is.
  private func tableAlone(_ start: CacheListing) throws -> CacheListing {
    var listing = start
    addTable(to: &listing)
    listing.unread += Self.summary(listing.caches)
    guard !listing.caches.isEmpty else {
      throw BadInput("no slab caches could be read: " + listing.unread.joined(separator: "; "))
    }
    return listing
  }

  private func tableBytes() throws -> [UInt8] {
    guard table == "-" else {
      return try SystemFile.bytes(of: table, limit: Self.tableLimit)
    }
    var bytes: [UInt8] = []
    try InputFile.chunks(of: table) { chunk in
      bytes += chunk
      guard bytes.count <= Self.tableLimit else { throw SystemFile.tooLarge }
    }
    return bytes
  }

  /// Largest table of caches read, bytes: a hundred thousand caches.
  private static let tableLimit = 16 << 20
  /// Largest attribute of a cache read, bytes: sysfs gives a page at most, list of processors included.
  private static let attributeLimit = 1 << 16

  /// Fills in what the tree left open; without a tree the table is all there is.
  private func addTable(to listing: inout CacheListing) {
    let rows: [CacheInfo]
    do {
      let bytes = try tableBytes()
      let read = try SlabInfo.read(bytes)
      rows = read.caches
      if let line = read.badLines.first {
        let more = read.badLines.count > 1 ? " and \(read.badLines.count - 1) more" : ""
        listing.unread.append("\(FileName.shown(table)): line \(line)\(more) is no cache's")
      }
    } catch let reason as ReadFailure {
      // A saved tree needs no table.
      if isThisMachine || listing.caches.isEmpty || reason != .notFound {
        listing.unread.append("\(FileName.shown(table)): \(reason.words)")
      }
      return
    } catch {
      listing.unread.append(
        "\(FileName.shown(table)): is no slabinfo of version 1 or 2, nor rows of one")
      return
    }
    if listing.caches.isEmpty {
      listing.caches = rows
      return
    }
    let byName = Dictionary(rows.map { ($0.name, $0) }) { first, _ in first }
    for index in listing.caches.indices {
      let cache = listing.caches[index]
      guard let row = ([cache.name] + cache.aliases).lazy.compactMap({ byName[$0] }).first else {
        continue
      }
      listing.caches[index].fill(from: row)
    }
  }

  /// One line for each reason and attribute, however many caches lack it.
  private static func summary(_ caches: [CacheInfo]) -> [String] {
    var count: [String: Int] = [:]
    for cache in caches {
      for unread in cache.unread {
        count["\(unread.attribute): \(unread.reason.words)", default: 0] += 1
      }
    }
    return count.sorted { $0.key < $1.key }.map { words, number in
      "\(words) (\(number) \(number == 1 ? "cache" : "caches"))"
    }
  }
}

extension CacheInfo {
  /// Takes from a row of slabinfo what is not known yet.
  fileprivate mutating func fill(from row: CacheInfo) {
    stride = stride ?? row.stride
    objectsPerSlab = objectsPerSlab ?? row.objectsPerSlab
    order = order ?? row.order
    isSLAB = isSLAB ?? row.isSLAB
    activeObjects = activeObjects ?? row.activeObjects
    totalObjects = totalObjects ?? row.totalObjects
  }
}

extension ReadFailure {
  /// The reason in words.
  var words: String {
    switch self {
    case .notFound: SystemError.words(ENOENT)
    case .notPermitted: "not permitted; the administrator may read it"
    case .failed(let number): SystemError.words(number)
    case .notANumber: "holds no number"
    }
  }
}

/// Files of the kernel, with the kernel's own reasons when it refuses.
enum SystemFile {
  /// What a folder holds: folders, and links with where they lead.
  static func entries(of folder: String) -> Result<[SlabTree.Entry], ReadFailure> {
    guard let directory = opendir(folder) else { return .failure(failure(errno)) }
    defer { closedir(directory) }
    var entries: [SlabTree.Entry] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name != ".", name != ".." else { continue }
      if let target = target(of: folder + "/" + name) {
        entries.append(SlabTree.Entry(name: name, target: target))
      } else if isFolder(folder + "/" + name) {
        entries.append(SlabTree.Entry(name: name))
      }
    }
    return .success(entries)
  }

  private static func target(of link: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink(link, &buffer, buffer.count)
    guard count >= 0 else { return nil }
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isFile(_ path: String) -> Bool { hasType(path, S_IFREG) }

  static func isFolder(_ path: String) -> Bool {
    hasType(path, S_IFDIR)
  }

  private static func hasType(_ path: String, _ type: mode_t) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == type
  }

  /// That a file is larger than anything of its kind.
  static let tooLarge = ReadFailure.failed(errno: EFBIG)

  /// A file's bytes, at most `limit`, else ``tooLarge``; never waits for a writer.
  static func bytes(of path: String, limit: Int) throws(ReadFailure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw failure(errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: min(limit, 1 << 16))
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(errno) }
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
      guard bytes.count <= limit else { throw tooLarge }
    }
    return bytes
  }

  /// The running kernel's release, such as `6.1.0-32-amd64`.
  static var kernelRelease: String? {
    var name = utsname()
    guard uname(&name) == 0 else { return nil }
    return withUnsafeBytes(of: &name.release) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private static func failure(_ number: Int32) -> ReadFailure {
    switch number {
    case ENOENT: .notFound
    case EACCES, EPERM: .notPermitted
    default: .failed(errno: number)
    }
  }
}
