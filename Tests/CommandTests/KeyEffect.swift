/// A situation, and what shows there that a key does what its help says.
struct KeyEffect {
  var situation: Keyboard.Situation
  var shows: (_ before: Look, _ after: Look) -> Bool

  init(
    _ keys: String, in lesson: String = "past-the-end", shows mark: String? = nil,
    _ shows: @escaping (_ before: Look, _ after: Look) -> Bool
  ) {
    situation = Keyboard.Situation(keys, in: lesson, shows: mark)
    self.shows = shows
  }

  /// The effects of a command in a scope; empty when none is known.
  static func of(_ command: String, in scope: String) -> [KeyEffect] {
    let own: [String: [KeyEffect]]
    switch scope {
    case "browse": own = browsing.merging(answering) { one, _ in one }
    case "edit": own = editing
    case "inside": own = stepping
    case "lessons": own = list
    case "caches": own = caches
    default: return []
    }
    if let found = own[command] { return found }
    // What is the same in every list, and in every mode with panes.
    switch scope {
    case "lessons": return overlays(from: "L", shows: "Enter open")[command] ?? []
    case "caches": return overlays(from: "C", shows: "sorted by")[command] ?? []
    default: break
    }
    guard let shared = shared[command] else { return [] }
    let way = ["browse": "", "edit": "e ", "inside": "i "][scope] ?? ""
    return shared(way)
  }

  private typealias Table = [String: [KeyEffect]]

  private static func stepped(by count: Int) -> (Look, Look) -> Bool {
    { before, after in
      guard let step = before.step else { return false }
      return after.step == step + count
    }
  }

  private static func says(_ text: String) -> (Look, Look) -> Bool { { $1.has(text) } }

  private static func focus(is pane: String) -> (Look, Look) -> Bool { { $1.focused == pane } }

  /// The rows left below a pane become more or fewer by at least some rows, and at most so many.
  private static func scrolls(_ pane: String, by range: ClosedRange<Int>) -> (Look, Look) -> Bool {
    { before, after in range.contains(before.more(pane) - after.more(pane)) }
  }

  private static func overlays(from keys: String, shows mark: String? = nil) -> Table {
    [
      "palette": [KeyEffect(keys, shows: mark, says("┌ Command:"))],
      "themes": [KeyEffect(keys, shows: mark, says("┌ Theme"))],
      "help": [KeyEffect(keys, shows: mark, says("┌ Keys"))],
      "search": [KeyEffect(keys, shows: mark) { $1.last.hasPrefix("/") }],
      "quit": [KeyEffect(keys, shows: mark) { $1.facts[3] == 0 }],
      "kernel": [KeyEffect(keys, shows: mark, says("no pages of a real kernel"))],
    ]
  }

  // MARK: Panes

  /// By command, given the keys that lead into the mode from a copy.
  private static var shared: [String: (_ way: String) -> [KeyEffect]] {
    [
      "map": { [KeyEffect("n n n n n \($0)", says("slab stack MAP"))] },
      "slab": { [KeyEffect("n n n n n \($0)m", says("SLAB stack map"))] },
      "stack": { [KeyEffect("n n n n n \($0)", says("slab STACK map"))] },
      "machine": { way in
        let turned = KeyEffect("G \(way)", in: "gadget-keyboard") { before, after in
          !after.machine.isEmpty && before.machine != after.machine
        }
        return [turned, turned, turned, turned]
      },
      "drivers": { way in
        // The answers are told at the check's last line.
        [
          KeyEffect("G \(way)\(way == "i " ? "G" : "")", in: "gadget-keyboard") {
            $1.machine == "Drivers"
          }
        ]
      },
      "next-pane": { way in
        [
          KeyEffect("n n n n n \(way)s", focus(is: "Check")),
          KeyEffect("n n n n n \(way)s Tab", focus(is: "Eras")),
          KeyEffect("n n n n n \(way)s Tab Tab", focus(is: "Story")),
          KeyEffect("n n n n n \(way)s Tab Tab Tab", focus(is: "Memory")),
        ]
      },
      "previous-pane": { [KeyEffect("n n n n n \($0)s", focus(is: "Story"))] },
      "zoom": { [KeyEffect("n n n n n \($0)s") { $1.panes == ["Memory"] }] },
      "scale-up": { [KeyEffect("n n n n n \($0)", scales(by: (2, 1)))] },
      "scale-down": { [KeyEffect("n n n n n \($0)", scales(by: (1, 2)))] },
      "hex": { [KeyEffect("n n n n n \($0)", says("=hunter2"))] },
      "next-copy": { way in
        [KeyEffect("G \(way)", in: "gadget-keyboard", marksTheOtherCopy(way))]
      },
      "previous-copy": { way in
        [KeyEffect("G \(way)", in: "gadget-keyboard", marksTheOtherCopy(way))]
      },
      "compare": { [KeyEffect("n n n n n \($0)m", says("pax agrees"))] },
      "preset": { [KeyEffect("n n n n n \($0)", says("panes one below the other"))] },
      "kernel": { [KeyEffect("n n n n n \($0)", says("no pages of a real kernel"))] },
      "widen": { [KeyEffect("n n n n n \($0)", divides(>, true))] },
      "narrow": { [KeyEffect("n n n n n \($0)", divides(<, true))] },
      "heighten": { [KeyEffect("n n n n n \($0)s", divides(>, false))] },
      "lower": { [KeyEffect("n n n n n \($0)s", divides(<, false))] },
      "copy-screen": { [KeyEffect("n n n n n \($0)", says("the screen was sent to tmux"))] },
      "palette": { overlays(from: "n n n n n \($0)")["palette"] ?? [] },
      "themes": { overlays(from: "n n n n n \($0)")["themes"] ?? [] },
      "help": { overlays(from: "n n n n n \($0)")["help"] ?? [] },
      "search": { overlays(from: "n n n n n \($0)")["search"] ?? [] },
      "quit": { overlays(from: "n n n n n \($0)")["quit"] ?? [] },
      "exercise": { way in
        [
          KeyEffect("G \(way)", in: "slack", says("Exercise 1/2")),
          KeyEffect("X", in: "slack", says("Exercise 2/2")),
        ]
      },
      "era": { [KeyEffect("n n n n n \($0)") { $1.header.contains("rfc-v2 ·") }] },
      "era-back": { [KeyEffect("n n n n n \($0)") { $1.header.contains("pax ·") }] },
    ]
  }

  // MARK: Browsing

  /// An exercise that is answered by steps of one's own.
  private static var answering: Table {
    [
      "hint": [KeyEffect("X", in: "gadget-halt", says("Hint:"))],
      "cancel": [KeyEffect("X", in: "gadget-halt") { !$1.has("Exercise 1/") }],
    ]
  }

  private static var browsing: Table {
    [
      "next": [KeyEffect("n n", stepped(by: 1))],
      "previous": [KeyEffect("n n", stepped(by: -1))],
      "first": [KeyEffect("n n n") { $1.step == 0 }],
      "last": [KeyEffect("n n") { $1.step == 7 && $1.steps == 7 }],
      "play": [KeyEffect(") ) ) ) ) )") { $1.step == 3 }],
      "events": [KeyEffect("n n n n", in: "gadget-keyboard") { $1.last.contains("Esc out") }],
      "predict": [
        KeyEffect("n n", says("before every copy and call you are asked what it does")),
        KeyEffect("n n P", says("Nothing was predicted")),
      ],
      "faster": [KeyEffect("( ( ( ( ( (", says("a step every 3 s"))],
      "slower": [KeyEffect(") ) ) ) ) )", says("a step every 0.4 s"))],
      "bookmark": [
        KeyEffect("n n", in: "slack", says("bookmarked; ' comes back here")),
        KeyEffect("n n b", says("the bookmark is taken away")),
      ],
      "next-bookmark": [KeyEffect("n n b n n", in: "frame-fence") { $1.step == 2 }],
      "find-next": [KeyEffect("n n n / e Enter", says("2 of 3 with 'e'"))],
      "find-previous": [KeyEffect("n n n / e Enter", says("3 of 3 with 'e'"))],
      "jump-forward": [
        KeyEffect("n", stepped(by: 3)), KeyEffect("n n n n", stepped(by: 1)),
      ],
      "jump-back": [KeyEffect("n n n n n", stepped(by: -1))],
      "edit": [KeyEffect("n n n n n") { $1.has("editing") && $1.last.contains("Esc leave") }],
      "inside": [KeyEffect("n n n n n") { $1.has(" line 1/10 ") && $1.last.contains("Esc out") }],
      "up": [
        KeyEffect("G Tab j j", in: "endless-walk", scrolls("Check", by: -1 ... -1)),
        KeyEffect("G S-Tab S-Tab r k k", in: "gadget-keyboard", scrolls("Wire", by: -1 ... -1)),
      ],
      "down": [
        KeyEffect("G Tab k k k", in: "endless-walk", scrolls("Check", by: 1...1)),
        KeyEffect("G S-Tab S-Tab r k k", in: "gadget-keyboard", scrolls("Wire", by: 1...1)),
        KeyEffect("G S-Tab S-Tab", in: "gadget-keyboard", scrolls("Gadget", by: 1...1)),
      ],
      "page-up": [
        KeyEffect("G Tab PageDown", in: "gadget-keyboard", scrolls("Check", by: -100 ... -6))
      ],
      "page-down": [
        KeyEffect("G Tab", in: "gadget-keyboard", scrolls("Check", by: 6...100))
      ],
      "next-slab": [
        KeyEffect("G", in: "gadget-keyboard") { before, after in
          after.pane("Memory").rows[0].contains("kmalloc-")
            && after.pane("Memory").rows[0] != before.pane("Memory").rows[0]
        }
      ],
      "previous-slab": [
        KeyEffect("G } }", in: "gadget-keyboard") { before, after in
          after.pane("Memory").rows[0].contains("kmalloc-")
            && after.pane("Memory").rows[0] != before.pane("Memory").rows[0]
        }
      ],
      "undo": [
        KeyEffect("n : a l l o c Space z z Space 8 Enter") { before, after in
          before.has("step 2/8") && after.has("step 1/7")
        }
      ],
      "redo": [
        KeyEffect("n : a l l o c Space z z Space 8 Enter u") { before, after in
          before.has("step 1/7") && after.has("step 2/8")
        }
      ],
      "save": [KeyEffect("n n", says("written to "))],
      "command": [KeyEffect("n") { $1.last.hasPrefix(":") && $1.facts[2] == 1 }],
      "lessons": [KeyEffect("n", says("Enter open"))],
      "caches": [KeyEffect("n", says("slab caches of this machine"))],
    ]
  }

  // MARK: Editing

  /// The line under the bytes names the copy as it is now.
  private static func copies(_ text: String, after keys: String = "") -> [KeyEffect] {
    [KeyEffect("n n n n n e \(keys)") { $1.pane("Memory").rows.contains { $0.contains(text) } }]
  }

  private static var editing: Table {
    [
      "left": copies("request+55, 150 bytes"), "right": copies("request+57, 150 bytes"),
      "row-up": copies("request-8, 150 bytes"), "row-down": copies("request+120, 150 bytes"),
      "longer": copies("request+56, 151 bytes"), "shorter": copies("request+56, 149 bytes"),
      "word-longer": copies("request+56, 166 bytes"),
      "word-shorter": copies("request+56, 134 bytes"),
      "direction": copies("copy_from_user request"),
      "entry": copies("__copy_to_user request"),
      "entry-back": copies("probe_kernel_write request"),
      "field": [
        KeyEffect("n n n n n e", says("▸length")), KeyEffect("n n n n n e Tab", says("▸start")),
      ],
      "constant": [
        KeyEffect("n n n n n e", says("constant  yes, the length is")),
        KeyEffect("n n n n n e c", says("constant  no")),
      ],
      "object-size": [
        KeyEffect("n n n n n e", says("compiler  knows 64 bytes")),
        KeyEffect("n n n n n e C", says("compiler  knows no size")),
      ],
      "allocator": [KeyEffect("n n n n n e") { $1.header.contains("· slob ·") }],
      "architecture": [
        KeyEffect("n n n n n e") { !$1.header.contains("x86_64") && $1.has("machine   slub, ") }
      ],
      "accept": [
        KeyEffect("n n n n n e Right +") {
          !$1.has("editing") && $1.has("copy_to_user request+57, 151 bytes")
        }
      ],
      "cancel": [
        KeyEffect("n n n n n e Right +") {
          !$1.has("editing") && $1.has("copy_to_user request+56, 150 bytes")
        }
      ],
      "exercise": [
        KeyEffect("G e", in: "slack", says("Exercise 1/2")),
        KeyEffect("X", in: "slack", says("Exercise 2/2")),
      ],
      "hint": [KeyEffect("X", in: "slack", says("Hint:"))],
    ]
  }

  // MARK: Inside a check

  private static func line(_ number: Int) -> (Look, Look) -> Bool {
    { $1.has(" line \(number)/10 ") }
  }

  private static var stepping: Table {
    [
      "next": [KeyEffect("n n n n n i", line(2))],
      "predict": [
        KeyEffect("n n n n n i", says("before every copy and call you are asked what it does"))
      ],
      "lessons": [KeyEffect("n n n n n i", says("Enter open"))],
      "down": [KeyEffect("n n n n n i", line(2))],
      "previous": [KeyEffect("n n n n n i n n n", line(3))],
      "up": [KeyEffect("n n n n n i n n n", line(3))],
      "first": [KeyEffect("n n n n n i n n n", line(1))],
      "last": [KeyEffect("n n n n n i n", line(10))],
      "edit": [KeyEffect("n n n n n i") { $1.has("editing") && $1.last.contains("Esc leave") }],
      "cancel": [
        KeyEffect("n n n n n i") { $1.last.contains("into check") && !$1.has(" line 1/10") }
      ],
    ]
  }

  // MARK: The list of lessons

  private static func list(
    _ keys: String, _ mark: String, goesTo wanted: @escaping (Int) -> Int
  ) -> [KeyEffect] {
    [
      KeyEffect("L g \(keys)", shows: mark) { before, after in
        guard let now = before.lesson else { return false }
        return after.lesson == wanted(now)
      }
    ]
  }

  private static var list: Table {
    [
      "up": list("j j j", " ▸  4 ") { $0 - 1 },
      "down": list("j j j", " ▸  4 ") { $0 + 1 },
      "page-up": list("PageDown PageDown", " ▸ 25 ") { $0 - 12 },
      "page-down": list("", " ▸  1 ") { $0 + 12 },
      "first": list("j j j", " ▸  4 ") { _ in 1 },
      "last": [
        KeyEffect("L g j", shows: " ▸  2 ") { before, after in
          after.lesson ?? 0 > 60 && after.has("LKDTM, ten tests of one check")
        }
      ],
      "open": [
        KeyEffect("L g j j", shows: " ▸  3 ") {
          $1.has("step 0/") && $1.header.contains("One byte too many")
        }
      ],
      "cancel": [
        KeyEffect("n n L", shows: "Enter open") {
          $1.step == 2 && $1.header.contains("Past the end of an object")
        }
      ],
      "caches": [KeyEffect("L", shows: "Enter open", says("slab caches of this machine"))],
    ]
  }

  // MARK: The list of slab caches

  private static func caches(
    _ keys: String, movesBy range: ClosedRange<Int>
  ) -> [KeyEffect] {
    [
      KeyEffect("C g \(keys)", shows: "sorted by") { before, after in
        guard let old = before.selectedRow, let new = after.selectedRow else { return false }
        return range.contains(new - old)
      }
    ]
  }

  private static var caches: Table {
    [
      "up": caches("j j j", movesBy: -1 ... -1), "down": caches("j j j", movesBy: 1...1),
      "page-up": caches("j j j", movesBy: -3 ... -3), "page-down": caches("", movesBy: 2...30),
      "first": caches("j j j", movesBy: -3 ... -3), "last": caches("j", movesBy: 2...30),
      "sort": [KeyEffect("C", shows: "sorted by") { $1.sorting != $0.sorting }],
      "sort-back": [KeyEffect("C s", shows: "sorted by") { $1.sorting != $0.sorting }],
      "open": [KeyEffect("C g", shows: "sorted by") { $1.panes.contains("Memory") }],
      "cancel": [KeyEffect("n n C", shows: "sorted by") { $1.step == 2 }],
      "lessons": [KeyEffect("C", shows: "sorted by", says("Past the end of an object"))],
      "caches": [KeyEffect("C", shows: "sorted by", says("the caches were read again"))],
    ]
  }

  /// The other copy of the last call is marked; while its check is stepped through without what becomes of it.
  private static func marksTheOtherCopy(_ way: String) -> (Look, Look) -> Bool {
    says(way.contains("i") ? "▸ copy_from_user of 8 bytes into arg" : "▸ ✔ copy_from_user arg")
  }
}
