public import Usercopy

/// Free lists in words.
public enum FreelistWords {
  /// A free slot's place in its list, from 1, and the slot behind it: `2→14`, `3→0` in NULL, `2→!` where the list is
  /// broken there.
  public static func arrow(_ listed: ListedSlot) -> String {
    switch listed.next {
    case .slot(let next): "\(listed.place)→\(next)"
    case .end(.null): "\(listed.place)→0"
    case .end(.cycle), .end(.outside), .end(.noSlot), .end(.unreadable): "\(listed.place)→!"
    }
  }

  /// How a list ends; nil for in NULL, as it should.
  public static func end(_ walk: FreelistWalk, _ size: WordSize) -> String? {
    switch walk.end {
    case .null: nil
    case .cycle(let slot): "comes back to slot \(slot)"
    case .outside(let address):
      "leads to \(ValueWords.address(address, size)), which is outside the slab"
    case .noSlot(let address):
      "leads to \(ValueWords.address(address, size)), which is no slot's start"
    case .unreadable(let slot):
      "cannot be followed behind slot \(slot), whose pointer is not in the file"
    }
  }

  /// A list in order: `14 12 11`, at most so many slots.
  public static func order(_ slots: [Int], atMost limit: Int = 64) -> String {
    let shown = slots.prefix(limit).map { String($0) }.joined(separator: " ")
    return slots.count > limit ? shown + " and \(slots.count - limit) more" : shown
  }
}
