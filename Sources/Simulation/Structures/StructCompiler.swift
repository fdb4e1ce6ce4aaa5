import Usercopy

/// Lays members out as the C compiler of the System V ABI does: each at the next multiple of its alignment,
/// bit fields packed into units of their type, a structure's end at a multiple of its largest alignment.
struct StructCompiler {
  let model: DataModel
  /// Members of whole bytes from the start of the outermost structure, in the order they are declared.
  private(set) var fields: [StructField] = []

  init(model: DataModel) { self.model = model }

  /// Size and alignment of something laid out.
  struct Measure {
    var size: UInt64
    var align: UInt64
  }

  /// Places the members of a structure or union that starts at `base`. Inner ones are packed only where they
  /// say so themselves.
  mutating func place(
    _ members: [StructDeclaration.Member], isUnion: Bool, isPacked: Bool, at base: UInt64
  ) -> Measure {
    var bit: UInt64 = 0
    var end: UInt64 = 0
    var align: UInt64 = 1
    for member in members {
      let measure = self.measure(member, isPacked: isPacked)
      align = max(align, measure.align)
      let start: UInt64
      if let offset = member.offset {
        start = (offset - min(offset, base)) * 8 + member.firstBit
      } else if isUnion {
        start = 0
      } else if let bits = member.bits {
        start = Self.bitStart(bit, bits, measure, isPacked: isPacked)
      } else {
        start = ((bit + 7) / 8).aligned(up: measure.align) * 8
      }
      let length = member.bits ?? measure.size * 8
      add(member, at: base, start, length)
      bit = start + length
      end = max(end, (bit + 7) / 8)
    }
    return Measure(size: end.aligned(up: align), align: align)
  }

  /// Where a bit field begins: it must not cross a unit of its type; one of no bits ends the unit.
  private static func bitStart(
    _ bit: UInt64, _ bits: UInt64, _ measure: Measure, isPacked: Bool
  ) -> UInt64 {
    let unit = max(1, measure.size) * 8
    if bits == 0 { return bit.aligned(up: unit) }
    if isPacked || bit / unit == (bit + bits - 1) / unit { return bit }
    return bit.aligned(up: unit)
  }

  private mutating func add(
    _ member: StructDeclaration.Member, at base: UInt64, _ start: UInt64, _ length: UInt64
  ) {
    let first = base + start / 8
    guard member.parts.isEmpty else {
      let inner = fields.count
      _ = place(
        member.parts, isUnion: member.isUnion, isPacked: member.isPacked, at: first)
      for index in inner..<fields.count where !member.name.isEmpty {
        let part = fields[index].name
        fields[index].name = member.name + (part.hasPrefix("[") ? "" : ".") + part
      }
      return
    }
    let bytes = (start % 8 + length + 7) / 8
    guard bytes > 0, !member.name.isEmpty else { return }
    fields.append(StructField(name: member.name, offset: first, size: bytes, type: member.type))
  }

  private func measure(_ member: StructDeclaration.Member, isPacked: Bool) -> Measure {
    var measure = natural(member)
    if isPacked || (member.isPacked && member.parts.isEmpty) { measure.align = 1 }
    if let align = member.align { measure.align = max(align, measure.align) }
    return measure
  }

  private func natural(_ member: StructDeclaration.Member) -> Measure {
    if !member.parts.isEmpty {
      var inner = StructCompiler(model: model)
      var measure = inner.place(
        member.parts, isUnion: member.isUnion, isPacked: member.isPacked, at: member.offset ?? 0)
      if let size = member.size { measure.size = size }
      return measure
    }
    let type = CType(member.type)
    if let known = type.measure(model) {
      return Measure(size: member.size ?? known.size * (type.count ?? 1), align: known.align)
    }
    let size = member.size ?? 0
    return Measure(size: size, align: guessedAlignment(size, type))
  }

  /// The alignment of a type whose declaration is not known: a structure has that of a word where its size
  /// allows it, a scalar its own, an odd number of bytes none.
  private func guessedAlignment(_ size: UInt64, _ type: CType) -> UInt64 {
    guard size > 0 else { return 1 }
    let divisor = size & (~size &+ 1)
    if case .unknown(isComposite: true) = type.element { return min(divisor, model.word) }
    return divisor == size && size <= 8 ? model.alignment(ofScalar: size) : 1
  }

  /// The same bytes without overlaps: where members of a union or bits of one byte meet, all their names.
  static func flattened(_ fields: [StructField]) -> [StructField] {
    let borders = Set(fields.flatMap { [$0.offset, $0.end] }).sorted()
    let sorted = fields.sorted { $0.offset < $1.offset }
    guard zip(sorted, sorted.dropFirst()).contains(where: { $0.end > $1.offset }) else {
      return sorted
    }
    var result: [StructField] = []
    for (start, end) in zip(borders, borders.dropFirst()) {
      let there = sorted.filter { $0.offset <= start && end <= $0.end }
      guard let first = there.first else { continue }
      let name = there.prefix(3).map(\.name).joined(separator: "/") + (there.count > 3 ? "/…" : "")
      if let last = result.last, last.name == name, last.end == start {
        result[result.count - 1].size += end - start
      } else {
        result.append(
          StructField(
            name: name, offset: start, size: end - start, type: there.count == 1 ? first.type : ""))
      }
    }
    return result
  }
}
