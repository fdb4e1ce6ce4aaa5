/// An interface of a device, by the host's own numbers.
struct InterfacePlace: Hashable, Sendable {
  var device: Int
  var interface: Int
}
