import Grid
import Narration
import Simulation
import Usercopy

/// How bytes are drawn: what they are, and what the copy does to them.
struct ByteMarks: Sendable {
  let kernel: Kernel
  let marks: [MarkRun]
  /// The copy was refused as a whole.
  let isRefused: Bool
  /// It is not told yet what becomes of the copy.
  private let isOpen: Bool
  private let direction: CopyDirection
  /// Letters of the live objects, in order of their slots.
  private let letters: [String: Unicode.Scalar]

  init(_ subject: Subject) {
    kernel = subject.world.kernel
    marks = (subject.report?.marks ?? []) + Self.astray(subject.report)
    isOpen = subject.isOpen
    direction = subject.report?.outcome.attempt.direction ?? .toUser
    isRefused = subject.report.map { $0.outcome.verdict != .allow } ?? false
    var letters: [String: Unicode.Scalar] = [:]
    for slab in kernel.slabs {
      for object in slab.objects where object.state == .live && letters[object.label] == nil {
        letters[object.label] = Self.letter(letters.count)
      }
    }
    self.letters = letters
  }

  /// What is written over where the user's pointer leads into the kernel.
  private static func astray(_ report: CopyReport?) -> [MarkRun] {
    (report?.effect.astray ?? []).map { run in
      MarkRun(range: ByteRange(start: run.start, length: run.length), mark: .leaky)
    }
  }

  private static func letter(_ index: Int) -> Unicode.Scalar {
    Unicode.Scalar(UInt8(ascii: "a") + UInt8(index % 26))
  }

  /// The letter that stands for a live object.
  func letter(of label: String) -> Unicode.Scalar { letters[label] ?? "a" }

  /// The strongest mark on the bytes of a range, denied before leaky before allowed.
  func mark(from start: Address, length: UInt64) -> ByteMark? {
    let end = start &+ length
    var strongest: ByteMark?
    for run in marks {
      let runEnd = run.range.start.addingReportingOverflow(run.range.length)
      guard run.range.start < end, runEnd.overflow || runEnd.partialValue > start else { continue }
      if Self.rank(run.mark) > Self.rank(strongest) { strongest = run.mark }
    }
    return strongest
  }

  /// How many bytes of a range the copy touches, by mark, in address order.
  func touched(_ start: Address, length: UInt64) -> [(mark: ByteMark, bytes: UInt64)] {
    let (sum, overflow) = start.addingReportingOverflow(length)
    let end = overflow ? UInt64.max : sum
    var result: [(mark: ByteMark, bytes: UInt64)] = []
    for run in marks {
      let (runSum, runOverflow) = run.range.start.addingReportingOverflow(run.range.length)
      let low = max(run.range.start, start)
      let high = min(runOverflow ? .max : runSum, end)
      guard low < high else { continue }
      if let known = result.firstIndex(where: { $0.mark == run.mark }) {
        result[known].bytes += high - low
      } else {
        result.append((run.mark, high - low))
      }
    }
    return result
  }

  private static func rank(_ mark: ByteMark?) -> Int {
    switch mark {
    case nil: 0
    case .unmoved?: 1
    case .allowed?: 2
    case .cleared?: 3
    case .leaky?: 4
    case .denied?: 5
    }
  }

  /// The cells of `length` bytes from `start` on, `scale` bytes each.
  func cells(_ start: Address, length: UInt64, scale: UInt64) -> [Cell] {
    let runs = kernel.classify(ByteRange(start: start, length: length))
    let plain = runs.map(cell)
    let isTouched = mark(from: start, length: length) != nil
    var index = 0
    return stride(from: UInt64(0), to: length, by: Int(scale)).map { offset in
      let address = start &+ offset
      while index + 1 < runs.count, runs[index].end <= address { index += 1 }
      if isTouched, let mark = mark(from: address, length: min(scale, length - offset)) {
        return Cell(Self.glyph(mark), role: Self.role(mark), attributes: .bold)
      }
      return runs.isEmpty ? Cell(Self.glyph(.unmapped), role: Self.role(.unmapped)) : plain[index]
    }
  }

  /// A cell of bytes that no copy touches.
  private func cell(_ run: ByteRun) -> Cell {
    Cell(
      run.kind == .object ? letter(of: run.label) : Self.glyph(run.kind),
      role: Self.role(run.kind))
  }

  /// `=`, `!`, `~`, `-`, `0`.
  static func glyph(_ mark: ByteMark) -> Unicode.Scalar {
    switch mark {
    case .allowed: "="
    case .denied: "!"
    case .leaky: "~"
    case .unmoved: "-"
    case .cleared: "0"
    }
  }

  static func role(_ mark: ByteMark) -> Role {
    switch mark {
    case .allowed: .allowed
    case .denied: .denied
    case .leaky: .leaky
    case .unmoved: .undecided
    case .cleared: .warning
    }
  }

  /// A mark's word. Of a refused copy nothing was allowed: some bytes lay inside the bounds.
  func word(_ mark: ByteMark) -> String {
    switch mark {
    case .allowed: isRefused ? "inside" : "allowed"
    case .denied: marks.contains { $0.mark == .allowed } ? "outside" : "denied"
    case .leaky: VerdictWords.leaky(direction)
    case .unmoved: isOpen ? "asked for" : "not moved"
    case .cleared: "cleared"
    }
  }

  /// What stands for a byte that is no object's.
  static func glyph(_ kind: ByteClass) -> Unicode.Scalar {
    switch kind {
    case .slack: ":"
    case .padding: "_"
    case .redZone: "z"
    case .metadata, .management: "m"
    case .freed: "x"
    case .unknown: "?"
    case .savedFramePointer, .returnAddress: "#"
    case .local: "a"
    case .savedRegister: "r"
    case .canary, .stackEnd: "y"
    case .object, .never, .tail, .deadStack, .threadInfo, .userRegisters, .page, .vmalloc,
      .guardPage, .kernelText, .user, .unmapped:
      "·"
    }
  }

  static func role(_ kind: ByteClass) -> Role {
    switch kind {
    case .object, .local: .live
    case .slack, .padding: .padding
    case .redZone: .redZone
    case .metadata, .management, .threadInfo: .metadata
    case .savedFramePointer, .returnAddress, .userRegisters: .fence
    case .savedRegister: .neighbour
    case .canary, .stackEnd: .neighbour
    case .user: .user
    case .freed, .never, .unknown, .tail, .deadStack, .page, .vmalloc, .guardPage, .kernelText,
      .unmapped:
      .free
    }
  }
}
