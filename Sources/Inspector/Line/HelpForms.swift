extension HelpState {
  /// The forms of the `:` line the help shows behind the bindings.
  var forms: [String] {
    guard !back.isList else { return [] }
    let wanted = filter.lowercased()
    return CommandLine.forms.filter { wanted.isEmpty || $0.lowercased().contains(wanted) }
  }
}
