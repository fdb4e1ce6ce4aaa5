/// `check_kernel_text_object()`: the range must not overlap the kernel's code, neither where it
/// runs nor where the direct map shows it (mm/usercopy.c since 4.8).
extension HardenedRun {
  mutating func kernelText(_ kernel: Kernel) -> HardenedAnswer {
    let function = "check_kernel_text_object"
    let text = kernel.layout.text
    if overlaps(function, "text", text) {
      return abort(
        function, .kernelText, offset: word.subtract(pointer, text.lowerBound))
    }
    let linear = kernel.layout.linearText
    if check(
      function, "textlow_linear == textlow", .address(linear.lowerBound),
      .address(text.lowerBound), linear.lowerBound == text.lowerBound)
    {
      return .next
    }
    guard overlaps(function, "text_linear", linear) else { return .next }
    return abort(
      function, .linearText, offset: word.subtract(pointer, linear.lowerBound))
  }

  private mutating func overlaps(_ function: String, _ name: String, _ there: Range<Address>)
    -> Bool
  {
    let end = word.add(pointer, length)
    let misses =
      check(
        function, "ptr >= \(name)high", .address(pointer), .address(there.upperBound),
        pointer >= there.upperBound)
      || check(
        function, "ptr + n <= \(name)low", .address(end), .address(there.lowerBound),
        end <= there.lowerBound)
    return !misses
  }
}
