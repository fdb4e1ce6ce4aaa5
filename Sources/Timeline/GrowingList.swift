/// A list that grows at its end and whose copies share what they have in common.
///
/// A tree of nodes of at most 32 children: adding an element to a copy rewrites one path of it, whatever the
/// list's length. An array would be copied whole.
public struct GrowingList<Element: Sendable>: Sendable {
  private static var bits: Int { 5 }
  private static var width: Int { 1 << bits }

  private struct Node: Sendable {
    /// On the lowest level; else empty.
    var elements: [Element] = []
    var branches: [Node] = []

    mutating func append(_ element: Element, at index: Int, shift: Int) {
      guard shift > 0 else { return elements.append(element) }
      let branch = (index >> shift) & (width - 1)
      if branch == branches.count { branches.append(Node()) }
      branches[branch].append(element, at: index, shift: shift - bits)
    }

    mutating func keep(through index: Int, shift: Int) {
      let last = (index >> shift) & (width - 1)
      guard shift > 0 else { return elements.removeSubrange((last + 1)...) }
      branches.removeSubrange((last + 1)...)
      branches[last].keep(through: index, shift: shift - bits)
    }

    mutating func replace(_ index: Int, shift: Int, _ change: (inout Element) -> Void) {
      let place = (index >> shift) & (width - 1)
      guard shift > 0 else { return change(&elements[place]) }
      branches[place].replace(index, shift: shift - bits, change)
    }
  }

  private var root = Node()
  /// Bits of an index that the levels below the root take.
  private var shift = 0
  /// Elements there are.
  public private(set) var count = 0

  /// A list without elements.
  public init() {}

  /// A list of those elements.
  public init(_ elements: some Sequence<Element>) {
    for element in elements { append(element) }
  }

  /// Adds an element behind the last one.
  public mutating func append(_ element: Element) {
    if count == 1 << (shift + Self.bits) {
      root = Node(branches: [root])
      shift += Self.bits
    }
    root.append(element, at: count, shift: shift)
    count += 1
  }

  /// Adds elements behind the last one.
  public mutating func append(contentsOf elements: some Sequence<Element>) {
    for element in elements { append(element) }
  }

  /// Takes away all but the first elements.
  ///
  /// - Parameter length: how many stay; a list that has no more stays as it is.
  public mutating func keep(first length: Int) {
    guard length < count else { return }
    guard length > 0 else {
      self = GrowingList()
      return
    }
    root.keep(through: length - 1, shift: shift)
    count = length
    while shift > 0, root.branches.count == 1 {
      root = root.branches[0]
      shift -= Self.bits
    }
  }

  /// Takes the last element away; nil where there is none.
  public mutating func popLast() -> Element? {
    guard let last else { return nil }
    keep(first: count - 1)
    return last
  }

  /// Changes one element in place.
  public mutating func change(_ index: Int, _ change: (inout Element) -> Void) {
    precondition(indices.contains(index))
    root.replace(index, shift: shift, change)
  }
}

extension GrowingList: RandomAccessCollection {
  /// The first element's index.
  public var startIndex: Int { 0 }
  /// The index behind the last element.
  public var endIndex: Int { count }

  /// The element at an index.
  public subscript(index: Int) -> Element {
    precondition(indices.contains(index))
    var node = root
    var shift = shift
    while shift > 0 {
      node = node.branches[(index >> shift) & (Self.width - 1)]
      shift -= Self.bits
    }
    return node.elements[index & (Self.width - 1)]
  }
}

extension GrowingList: Equatable where Element: Equatable {
  /// The same elements in the same order.
  public static func == (a: GrowingList, b: GrowingList) -> Bool { a.elementsEqual(b) }
}

extension GrowingList: ExpressibleByArrayLiteral {
  /// A list written out.
  public init(arrayLiteral elements: Element...) { self.init(elements) }
}
