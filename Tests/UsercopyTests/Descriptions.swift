public import Testing
public import Usercopy

// What a failing expectation says of a value of many thousand bytes.

extension Kernel: CustomTestStringConvertible {
  public var testDescription: String {
    "Kernel(\(configuration.allocator), caches \(caches.map(\.name).joined(separator: " ")))"
  }
}
