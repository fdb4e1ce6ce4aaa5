/// What is wrong with an input that cannot be read.
public enum KernelLogError: Error, Sendable, Equatable {
  /// The file is neither pcap nor pcapng.
  case unknownFormat
  /// The input ends at `offset` plus `available`, where `needed` bytes belong.
  case truncated(offset: Int, needed: Int, available: Int)
  /// A length or count field at `offset` is implausible.
  case badLength(offset: Int, value: UInt64)
  /// A field at `offset` has an invalid value.
  case badValue(offset: Int, value: UInt64)
  /// The packets are not of USB; `offset` is where the link type stands.
  case unsupportedLinkType(offset: Int, type: UInt32)
  /// A packet at `offset` names an interface that was not described.
  case unknownInterface(offset: Int, index: UInt32)
  /// Text in the form of usbmon's older interface (`1t`), which does not tell buses apart.
  case oldUsbmonText
  /// The binary form of `/dev/usbmonN` without a capture file around it.
  case rawUsbmon
  /// A pointer of Git LFS in a file's place.
  case pointer
  /// A compressed file.
  case packed
  /// The header of a table is not the one expected.
  case badHeader
}
