import JSON
import Usercopy

/// Puts a snapshot together from its file's text as it comes. Slabs and stacks, which hold the memory, are taken one by
/// one, so that their text is never held whole.
public struct SnapshotAssembly: Sendable {
  private var members = JSONMembers(
    lists: ["slabs", "tasks"], mostValues: SnapshotReader.valueLimit)
  private var root: [(key: String, value: JSONValue)] = []
  private var lines: [String: Int] = [:]
  private var snapshot = KernelSnapshot()
  private var slots = 0
  /// The first mistakes in slabs and in tasks: what stands before them in the format is told first.
  private var slabError, taskError: SnapshotError?

  /// Nothing was read yet.
  public init() {}

  /// Takes the next bytes of the text.
  ///
  /// - Throws: where the text is no JSON.
  public mutating func take(_ bytes: ArraySlice<UInt8>) throws(SnapshotError) {
    let found: [JSONMembers.Piece]
    do throws(JSONError) { found = try members.feed(bytes) } catch {
      throw wrong(error)
    }
    for piece in found {
      guard let index = piece.index else {
        root.append((piece.key, piece.value))
        lines[piece.key] = piece.line
        continue
      }
      let node = SnapshotNode(value: piece.value, path: "\(piece.key)[\(index)]")
      if piece.key == "slabs" {
        guard slabError == nil else { continue }
        do throws(SnapshotError) { try addSlab(node, index) } catch {
          slabError = error.on(piece.line)
        }
      } else if taskError == nil {
        do throws(SnapshotError) {
          try Self.check(index, "tasks")
          snapshot.tasks.append(try TaskReader.read(node))
        } catch { taskError = error.on(piece.line) }
      }
    }
  }

  /// The snapshot, when the text is over.
  ///
  /// - Throws: where and why it is none.
  public mutating func finish() throws(SnapshotError) -> KernelSnapshot {
    do throws(JSONError) { try members.finish() } catch { throw wrong(error) }
    do throws(SnapshotError) { return try assembled() } catch {
      let member = String(error.path.prefix { $0 != "." && $0 != "[" })
      throw error.line == nil ? error.on(lines[member]) : error
    }
  }

  private mutating func assembled() throws(SnapshotError) -> KernelSnapshot {
    let root = SnapshotNode(value: JSONValue(root), path: "")
    let format = try root.needed("format").text()
    guard format == KernelSnapshot.format else {
      throw SnapshotError(path: "format", reason: .otherFormat(format))
    }
    let version = try root.needed("version").number(atMost: .max)
    guard (1...UInt64(KernelSnapshot.version)).contains(version) else {
      throw SnapshotError(path: "version", reason: .newerVersion(version))
    }
    snapshot.about = try root["about"]?.text() ?? ""
    try MachineReader.read(root, into: &snapshot)
    for node in try root.needed("caches").list(atMost: SnapshotReader.listLimit) {
      snapshot.caches.append(try CacheReader.read(node, pageOrder: snapshot.kernel.pageOrder))
    }
    for (error, key) in [(slabError, "slabs"), (taskError, "tasks")] {
      if let error { throw error }
      if let node = root[key] { _ = try node.list(atMost: 0) }
    }
    for index in snapshot.slabs.indices {
      guard let order = snapshot.slabs[index].toldOrder else { continue }
      snapshot.slabs[index].byteCount = snapshot.kernel.pageSize << UInt64(order)
    }
    try ExtraReader.read(root, into: &snapshot)
    SnapshotCheck.check(&snapshot)
    return snapshot
  }

  private mutating func addSlab(_ node: SnapshotNode, _ index: Int) throws(SnapshotError) {
    try Self.check(index, "slabs")
    let slab = try SlabReader.read(node, &snapshot.contradictions)
    let most = KernelSnapshot.mostContradictions
    if snapshot.contradictions.count > most {
      snapshot.contradictions.removeLast(snapshot.contradictions.count - most)
    }
    slots += slab.objects
    guard slots <= SnapshotReader.slotLimit else {
      throw node.fail(.tooMuch(limit: UInt64(SnapshotReader.slotLimit)))
    }
    snapshot.slabs.append(slab)
  }

  private static func check(_ index: Int, _ key: String) throws(SnapshotError) {
    guard index < SnapshotReader.listLimit else {
      throw SnapshotError(
        path: key, reason: .tooMuch(limit: UInt64(SnapshotReader.listLimit)))
    }
  }

  private func wrong(_ error: JSONError) -> SnapshotError {
    SnapshotError(path: "", reason: .json(error), line: members.mistakeLine)
  }
}

extension SnapshotError {
  /// The same mistake with its line.
  fileprivate func on(_ line: Int?) -> SnapshotError {
    SnapshotError(path: path, reason: reason, line: line)
  }
}
