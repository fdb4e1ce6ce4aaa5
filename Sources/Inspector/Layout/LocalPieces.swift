import Usercopy

/// A local variable in rows of 8 bytes, the highest address first, each with who gave it its values.
struct LocalPieces {
  /// Bytes of a row.
  static let width: UInt64 = 8
  /// A local up to that size is drawn byte for byte; of a larger one, rows that are alike are one.
  private static let wholeLimit: UInt64 = 64

  /// Some bytes of a local.
  struct Piece {
    /// Bytes from the local's start.
    var offset: UInt64
    var length: UInt64
    /// Who wrote them; nil where several did.
    var author: Author?
    /// The member of its structure that they are, with the bytes into it; nil where none is declared.
    var field: String?
    /// Padding of its structure.
    var isPadding = false

    /// The values are not the local's own: what another left there.
    func isStale(in local: Local) -> Bool {
      guard let author, let holder = local.holder else { return false }
      switch author {
      case .owner(let writer), .initialised(let writer): return writer != holder
      case .nobody, .cleared: return false
      case .poison, .freelist, .redZone, .canary, .kernel: return true
      }
    }
  }

  let kernel: Kernel
  let marks: ByteMarks

  /// The pieces of a local from its highest address down.
  func pieces(_ local: Local) -> [Piece] {
    var result: [Piece] = []
    var offset: UInt64 = 0
    var alike: [ByteMark]?
    while offset < local.size {
      let length = Self.length(local, offset)
      let piece = piece(local, offset, length)
      let touched = marks.touched(local.address &+ offset, length: length)
      let same =
        touched.count > 1 || touched.first.map { $0.bytes < length } == true
        ? nil : touched.map(\.mark)
      if local.size > Self.wholeLimit, let same, same == alike, let last = result.last,
        last.author != nil, last.author == piece.author, piece.field == nil, !piece.isPadding
      {
        result[result.count - 1].length += length
      } else {
        result.append(piece)
      }
      alike = same
      offset += length
    }
    return result.reversed()
  }

  /// Bytes of the next piece: 8 at most, and never more than the rest of a member or of its padding.
  private static func length(_ local: Local, _ offset: UInt64) -> UInt64 {
    let room = min(width, local.size - offset)
    guard let part = local.holder?.layout?.part(at: offset) else { return room }
    return max(1, min(room, part.end - offset))
  }

  private func piece(_ local: Local, _ offset: UInt64, _ length: UInt64) -> Piece {
    let (author, known) = kernel.origins.author(at: local.address &+ offset, limit: length)
    let part = local.holder?.layout?.part(at: offset)
    return Piece(
      offset: offset, length: length, author: known >= length ? author : nil,
      field: part?.field.map { field in
        field.offset == offset ? field.name : "\(field.name)+\(offset - field.offset)"
      }, isPadding: part != nil && part?.field == nil)
  }
}
