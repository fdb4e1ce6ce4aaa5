import Glibc

/// What libFuzzer calls with each input; FUZZ in the environment names the target.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  target(bytes)
  return 0
}

private let target: (@Sendable ([UInt8]) -> Void) = {
  let name = getenv("FUZZ").map { String(cString: $0) } ?? ""
  guard let found = Targets.all[name] else {
    let known = Targets.all.keys.sorted().joined(separator: " ")
    complain("FUZZ names no target; there are: \(known)")
    exit(2)
  }
  return found
}()

/// A law that an input broke: the fuzzer keeps the input.
func hold(_ law: Bool, _ words: @autoclosure () -> String) {
  guard !law else { return }
  complain("broken: \(words())")
  abort()
}

private func complain(_ words: String) {
  let bytes = Array((words + "\n").utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
