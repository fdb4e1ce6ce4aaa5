public import Grid
public import Testing

// What a failing expectation says of a value of many thousand cells.

extension Grid: CustomTestStringConvertible {
  public var testDescription: String { "Grid(\(width)x\(height))" }
}
