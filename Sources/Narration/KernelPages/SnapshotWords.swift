import JSON
public import KernelPages
import Text
import Usercopy

/// What a snapshot tells, in words.
public enum SnapshotWords {
  /// The list a slab is on.
  public static func place(_ place: String) -> String {
    switch place {
    case "cpu-active": "the processor takes from it"
    case "cpu-partial": "on the processor's list"
    case "node-partial": "on the node's list"
    case "full": "on no list: full"
    default: Printable.text(place)
    }
  }

  /// Where an error stands and what is wrong.
  public static func line(_ error: SnapshotError) -> String {
    let place = error.path.isEmpty ? "" : "\(Printable.text(error.path)): "
    return place + reason(error.reason)
  }

  private static func reason(_ reason: SnapshotError.Reason) -> String {
    switch reason {
    case .json(let error): "is no JSON: \(error.reason.words)"
    case .otherFormat(let format):
      "is '\(Printable.text(String(format.prefix(40))))', not '\(KernelSnapshot.format)'"
    case .newerVersion(let version):
      "is \(version); this program reads versions up to \(KernelSnapshot.version)"
    case .missing: "is missing"
    case .expected(let expected): "must be \(expected.words)"
    case .tooMuch(let limit): "is more than \(limit), which no kernel has"
    }
  }

  /// What does not fit together.
  public static func line(_ contradiction: Contradiction) -> String {
    "\(Printable.text(contradiction.path)): \(words(contradiction.kind))"
  }

  private static func words(_ kind: Contradiction.Kind) -> String {
    switch kind {
    case .differs(let told, let found): "the file says \(number(told)), but it is \(number(found))"
    case .unknownCache(let name): "the file tells of no cache '\(Printable.text(name))'"
    case .doesNotFit(let needed, let room): "\(needed) bytes do not fit into \(room)"
    case .outside(let value): "\(number(value)) lies outside"
    case .unaligned(let address): "\(number(address)) is no start of a page"
    case .listDiffers(let place): "the bytes tell another free list from place \(place + 1) on"
    case .brokenList(let end):
      "the free list "
        + (FreelistWords.end(FreelistWalk(head: 0, slots: [], end: end), .bits64) ?? "ends in NULL")
    case .stateDiffers(let slot): "slot \(slot) is told otherwise than the free lists go"
    case .unknownLetter(let letter): "'\(Printable.text(letter))' is none of A, F and ?"
    case .overlaps(let address): "what lies at \(number(address)) lies on another piece"
    case .stackEndOverwritten: "the magic at the stack's end was written over"
    }
  }

  private static func number(_ value: UInt64) -> String {
    value < 1 << 32 ? String(value) : "0x" + value.hex()
  }

  /// What the file does not tell, and what hangs on it.
  public static func gaps(_ snapshot: KernelSnapshot) -> [String] {
    let machine = SnapshotMachine(snapshot).configuration
    var gaps: [String] = []
    if snapshot.kernel.machine.isEmpty {
      gaps.append(
        "for which processor the kernel was built; \(machine.architecture.rawValue) is assumed")
    }
    gaps += BuildFact.allCases.filter(machine.assumed.contains).map { gap($0, machine) }
    if !snapshot.caches.allSatisfy(\.tellsWindow) {
      gaps.append("which bytes of some caches may be copied; whole objects are assumed")
    }
    if snapshot.kernel.isBigEndian {
      gaps.append("free lists: those of processors with the highest byte first are not followed")
    } else if snapshot.encoding == nil {
      gaps.append("how pointers of free slots are stored; their lists are not followed")
    } else if snapshot.caches.contains(where: { cache in
      cache.freeptrOffset == nil || snapshot.encoding != .plain && cache.random == nil
    }) {
      gaps.append(
        "where or how some caches store pointers of free slots; their lists are not followed")
    }
    if snapshot.layout.directMap == nil || snapshot.layout.maxPFN == nil {
      gaps.append("where the kernel's memory begins and ends")
    }
    return gaps
  }

  private static func gap(_ fact: BuildFact, _ machine: Configuration) -> String {
    switch fact {
    case .checks: "whether the kernel checks copies at all; verdicts are as if it did"
    case .fallback:
      "whether copies outside the window are only warned of; verdicts are as if they were refused"
    case .framePointer: "how stacks are unwound; no frame pointers are assumed"
    case .release: "which release it is; verdicts are those of \(machine.release)"
    case .text: "where the kernel's code lies"
    }
  }
}

extension SnapshotError.Expected {
  var words: String {
    switch self {
    case .object: "an object"
    case .list: "a list"
    case .text: "text of the format"
    case .number: "a number of 0 or more"
    case .truth: "true or false"
    case .address: "an address, such as \"0xffff888000000000\""
    case .bytes: "memory in hexadecimal, two digits a byte, without blanks"
    case .pageSize: "a power of two from 4096 to 65536"
    case .wordBytes: "4 or 8"
    case .endian: "\"little\" or \"big\""
    case .encoding: "\"plain\", \"xor\" or \"xor-swab\""
    case .owner: "\"cpu\" or \"slab\""
    }
  }
}
