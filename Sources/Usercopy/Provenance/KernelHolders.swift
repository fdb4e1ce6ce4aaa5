/// An object that a scenario put into the kernel image.
struct PlacedObject: Sendable, Equatable {
  var start: Address
  /// Bytes.
  var size: UInt64
  var holder: Holder

  func contains(_ address: Address) -> Bool { address >= start && address - start < size }
}

/// Who has bytes, and who wrote them.
extension Kernel {
  /// A holder that did not exist before.
  mutating func newHolder(
    _ kind: Holder.Kind, _ name: String, at start: Address, function: String = "",
    layout: StructLayout? = nil
  ) -> Holder {
    defer { nextHolder &+= 1 }
    return Holder(
      serial: nextHolder, kind: kind, name: name, start: start, function: function, layout: layout)
  }

  /// Fills bytes for a new holder before its owner gets it.
  mutating func initialise(
    _ holder: Holder, length: UInt64, from offset: UInt64 = 0, with byte: UInt8 = 0
  ) {
    memory.write(repeatElement(byte, count: Int(length)), at: holder.start &+ offset)
    origins.set(.initialised(holder), start: holder.start &+ offset, length: length)
  }

  /// What has the byte at an address now: a live or freed object, a local of a running function,
  /// pages, an area or an object of the image. Nil for bytes nobody asked for.
  public func holder(at address: Address) -> Holder? {
    if let object = placed.first(where: { $0.contains(address) }) { return object.holder }
    return run(at: address).holder
  }

  /// Notes who wrote a range of kernel memory: the one it was meant for, else the one that has its first
  /// byte.
  mutating func sign(_ start: Address, length: UInt64, for holder: Holder?) {
    guard length > 0, start >= layout.userTop else { return }
    let author = (holder ?? self.holder(at: start)).map(Author.owner) ?? .kernel
    origins.set(author, start: start, length: length)
  }

  /// Notes an object of the image, which holds since the boot what it was loaded with.
  mutating func place(_ name: String, at start: Address, size: UInt64) {
    let holder = newHolder(.image, name, at: start)
    placed.removeAll { $0.start < start &+ size && start < $0.start &+ $0.size }
    placed.append(PlacedObject(start: start, size: size, holder: holder))
    origins.set(.owner(holder), start: start, length: size)
  }
}
