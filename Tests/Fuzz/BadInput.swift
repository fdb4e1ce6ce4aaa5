/// What the follow protocol's reader throws.
struct BadInput: Error {
  var description: String
  init(_ description: String) { self.description = description }
}
