/// The words of the screens and lessons, a sentence each. The help shows them, and the documentation's page of
/// them is this table.
public enum Glossary {
  /// A word, or some that are explained together.
  public struct Entry: Sendable, Hashable {
    /// The words explained.
    public var terms: [String]
    /// What they mean, a sentence or some, in the markup of the documentation.
    public var meaning: String

    /// The meaning without markup.
    public var plain: String { meaning.filter { $0 != "*" && $0 != "`" } }
  }

  /// Words that belong together.
  public struct Chapter: Sendable, Hashable {
    /// The heading.
    public var title: String
    /// Its words, in the order they build on each other.
    public var entries: [Entry]
  }

  /// All of them.
  public static let chapters: [Chapter] = [
    Chapter(
      title: "Copies and checks",
      entries: [
        Entry(
          terms: ["user copy"],
          meaning:
            "a copy between kernel and user memory, such as `copy_to_user`; the kernel calls it "
            + "*usercopy*."),
        Entry(
          terms: ["check"],
          meaning: "a function of a kernel that looks at a copy before it is made, such as "
            + "`check_heap_object`."),
        Entry(
          terms: ["predicate"],
          meaning:
            "one comparison in a check, such as `length <= 64`, with the numbers it compared."),
        Entry(
          terms: ["verdict"],
          meaning:
            "what the checks come to. *Allowed*: the bytes go. *Denied*: nothing goes and the "
            + "caller gets an error. *SIGKILL* and *BUG*: nothing goes and the task ends. *Warned*: "
            + "the kernel complains and the bytes go."),
        Entry(
          terms: ["fault"],
          meaning: "the check passes and the copy stops at memory that is not there."),
        Entry(
          terms: ["era"],
          meaning:
            "the checks of one time: PaX USERCOPY, a version of the RFC, or a range of Linux "
            + "releases."),
        Entry(
          terms: ["leak"],
          meaning:
            "bytes that go out although they are not the copied object's, or were never written "
            + "by its owner."),
        Entry(
          terms: ["harm"],
          meaning: "bytes written over that are not the copied object's."),
        Entry(
          terms: ["window"],
          meaning: "the part of a cache's objects that may be copied (`useroffset`, `usersize`)."),
        Entry(
          terms: ["frame fence"],
          meaning: "the rule of the RFC and of PaX that a copy must lie between a frame's saved "
            + "pointers."),
      ]),
    Chapter(
      title: "Memory",
      entries: [
        Entry(
          terms: ["page"],
          meaning:
            "4096 bytes; an *order* is the power of two of pages that belong together, order 0 "
            + "being one."),
        Entry(
          terms: ["slab"],
          meaning: "one or more pages cut into equal slots."),
        Entry(
          terms: ["cache"],
          meaning:
            "the slabs of one kind of object, such as `kmalloc-64`, made by `kmem_cache_create`."),
        Entry(
          terms: ["slot"],
          meaning: "the room for one object in a slab; its *stride* is the distance to the next."),
        Entry(
          terms: ["object"],
          meaning:
            "what stands in a slot; its *object size* is what its owner may use, the rest of the "
            + "slot is padding."),
        Entry(
          terms: ["allocator"],
          meaning:
            "SLAB, SLUB or SLOB: who cuts pages into slots, and where padding and pointers stand."),
        Entry(
          terms: ["poison", "red zone"],
          meaning: "bytes an allocator writes into free memory and around objects to find mistakes."
        ),
        Entry(
          terms: ["frame"],
          meaning:
            "what one function call keeps on the stack: locals, saved registers, the address to "
            + "return to."),
      ]),
    Chapter(
      title: "USB",
      entries: [
        Entry(
          terms: ["gadget"],
          meaning: "the device's end of a USB cable, here a program on `/dev/raw-gadget`."),
        Entry(
          terms: ["raw-gadget"],
          meaning: "the Linux driver that lets a program be a gadget, call by call (`ioctl`)."),
        Entry(
          terms: ["UDC"],
          meaning: "the controller at the device's end; `dummy_udc` is one made of software."),
        Entry(
          terms: ["host"],
          meaning:
            "the other end of the cable; it *enumerates* a device: reads its descriptors and "
            + "configures it."),
        Entry(
          terms: ["endpoint"],
          meaning: "a numbered pipe of a device; endpoint 0 is for control requests."),
        Entry(
          terms: ["handle"],
          meaning:
            "the number that `EP_ENABLE` returns; later calls of the program name the endpoint by "
            + "it. Handle 0 is not endpoint 0."),
        Entry(
          terms: ["setup packet"],
          meaning: "the eight bytes that begin a control request."),
        Entry(
          terms: ["URB"],
          meaning: "one transfer as the host asked for it; `usbmon` records them."),
        Entry(
          terms: ["event"],
          meaning:
            "what the driver queues for the gadget's program; it fetches them with `EVENT_FETCH`."),
        Entry(
          terms: ["halt", "wedge"],
          meaning:
            "an endpoint that answers STALL until the host clears it, or whatever the host does."),
      ]),
    Chapter(
      title: "The program",
      entries: [
        Entry(
          terms: ["lesson", "scenario"],
          meaning:
            "a kernel and steps on it, in a YAML file; lessons are the scenarios that come along."),
        Entry(
          terms: ["step"],
          meaning: "one action and what it led to."),
        Entry(
          terms: ["cell"],
          meaning: "one sign of the memory pane, for one byte or several."),
        Entry(
          terms: ["recorded", "proven", "dated"],
          meaning: "how an era's verdicts are known: from running kernels; from the patch's code, "
            + "compiled; from the changes between two such."),
      ]),
  ]

  /// The entries with a word that stands in a text, in the order of the table; letters large or small.
  public static func entries(in text: String) -> [Entry] {
    let text = text.lowercased()
    return chapters.flatMap(\.entries).filter { entry in
      entry.terms.contains { text.contains($0.lowercased()) }
    }
  }
}
