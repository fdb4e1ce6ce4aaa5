/// The chapters of the course, in its order.
enum Chapters {
  /// A chapter's title and the lesson it begins with; it reaches to the next one's.
  static let all: [(title: String, first: String)] = [
    ("Objects in a slab", "first-copy"),
    ("Frames on the stack", "stack-buffer"),
    ("Linux since 4.8", "hardened"),
    ("Bytes nobody meant to send", "struct-padding"),
    ("USB from the ground", "usb-host-asks"),
    ("raw-gadget: the program is the device", "gadget-hello"),
    ("Programs on the host", "host-control"),
    ("2011: pointers and lengths", "bad-user-pointer"),
    ("2011: other entry points", "strncpy"),
    ("PaX and the later patches", "pax-flag"),
  ]

  /// The title of the chapter each lesson belongs to.
  static func titles(_ ids: [String]) -> [String] {
    var title = ""
    return ids.map { id in
      title = all.first { $0.first == id }?.title ?? title
      return title
    }
  }
}
