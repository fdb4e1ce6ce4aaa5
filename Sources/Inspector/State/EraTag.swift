import Usercopy

extension Era {
  /// `linux-6.1` as kernel people tag it, `v6.1`; other eras by their id.
  var tag: String { Self.tag(of: id) }

  /// The tag of the era with an id.
  static func tag(of id: String) -> String {
    id.hasPrefix("linux-") ? "v" + id.dropFirst(6) : id
  }
}
