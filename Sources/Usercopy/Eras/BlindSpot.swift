/// What rules of hardened usercopy cannot see, worded once.
enum BlindSpot {
  static let freed = "freed objects and slots never handed out"
  static let padding = "padding and other fields inside what may be copied"
  static let constant = "copies whose length is a constant"
  static let values = "put_user and get_user"
  static let otherStacks = "stacks of other tasks"
  static let frames = "frames, where frame pointers are not kept"
  static let dead = "frames of functions that have returned, where frame pointers are not kept"
  static let vmalloc = "vmalloc areas and module memory"
  static let guardPage = "the guard page, which counts as its vmalloc area"
  static let pages = "pages of the page allocator"
  static let singlePages = "pages handed out singly, whatever their order"
  static let window = "any field of a slab object, secret or not"
  static let text = "kernel text"

  /// The blind spots that follow from a table of rules.
  static func all(of rules: HardenedRules) -> [String] {
    var spots = [freed, padding, constant, values]
    if !rules.hasWindows { spots.append(window) }
    spots += rules.checks.contains(.stackDepth) ? [] : [frames, dead]
    if rules.checks.contains(.vmalloc) {
      spots += [guardPage, singlePages]
      if rules.vmallocNeedsFaults { spots.append("vmalloc areas while page faults are disabled") }
    } else {
      spots += [vmalloc, pages, otherStacks]
    }
    if !rules.checks.contains(.kernelText) { spots.append(text) }
    return spots
  }
}
