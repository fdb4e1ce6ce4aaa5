import Simulation
public import Testing

@testable public import Inspector

// What a failing expectation says of a value of many thousand bytes.

extension Model: CustomTestStringConvertible {
  public var testDescription: String {
    let place = session.map { "\($0.script.id), step \($0.position)/\($0.count)" } ?? "no lesson"
    return "Model(\(place), \(message.map { "'\($0.text)'" } ?? "no message"))"
  }
}

extension Session: CustomTestStringConvertible {
  public var testDescription: String { "Session(\(script.id), step \(position)/\(count))" }
}
