/// Virtual time in microseconds since the machine was switched on.
public typealias Microseconds = UInt64

/// Who makes a call: a thread of the program, numbered by the caller of the machine.
public typealias ThreadID = Int

/// Bytes `kmalloc()` gives at most on this machine, four megabytes.
package let largestAllocation = 4_194_304

extension UInt16 {
  /// Bits 0 … 7.
  package var lowByte: UInt8 { UInt8(truncatingIfNeeded: self) }
  /// Bits 8 … 15.
  package var highByte: UInt8 { UInt8(truncatingIfNeeded: self >> 8) }

  /// A word of two bytes.
  package init(low: UInt8, high: UInt8) { self = UInt16(low) | UInt16(high) << 8 }
}

/// The four bytes of a word as they cross the bus.
package func littleEndian(_ value: UInt32) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// The number that at most eight bytes stand for, the lowest first.
package func littleEndianValue(_ bytes: some Sequence<UInt8>) -> UInt64 {
  var value: UInt64 = 0
  for (index, byte) in bytes.enumerated() where index < 8 { value |= UInt64(byte) << (8 * index) }
  return value
}

/// A number in hexadecimal with leading zeros.
package func hex(_ number: UInt64, _ digits: Int) -> String {
  let text = String(number, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
