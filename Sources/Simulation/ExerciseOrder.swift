/// Steps that are to be put in order: how they are shown, and what numbers say of them.
extension Exercise {
  /// Places in the right order, from 0, as the steps are shown: turned round, so that the first comes last.
  private var shownPlaces: [Int] {
    guard case .order(let steps) = task else { return [] }
    let middle = steps.count / 2
    return (middle..<steps.count).reversed() + (0..<middle)
  }

  /// The steps as they are shown, in an order that is not right; empty where none is asked for.
  public var shownSteps: [Action] {
    let right = answer
    return shownPlaces.map { right[$0] }
  }

  /// What is expected of each of the shown steps; nil where nothing is.
  public var shownExpectations: [Expectation?] {
    guard case .order(let steps) = task else { return [] }
    return shownPlaces.map { steps[$0].expect }
  }

  /// The numbers, from 1, that the shown steps have in the right order.
  public var rightOrder: [Int] {
    let places = shownPlaces
    return places.indices.sorted { places[$0] < places[$1] }.map { $0 + 1 }
  }

  /// The steps in the order of their numbers; nil where one is missing, stands twice or is none.
  public func steps(inOrder numbers: [Int]) -> [Action]? {
    let shown = shownSteps
    guard !shown.isEmpty, numbers.sorted() == Array(1...shown.count) else { return nil }
    return numbers.map { shown[$0 - 1] }
  }
}
