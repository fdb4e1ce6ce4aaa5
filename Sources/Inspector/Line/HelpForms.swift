import Narration

extension HelpState {
  /// The forms of the `:` line the help shows behind the bindings.
  var forms: [String] {
    guard !back.isList else { return [] }
    let wanted = filter.lowercased()
    return CommandLine.forms.filter { wanted.isEmpty || $0.lowercased().contains(wanted) }
  }

  /// The words explained: those on the screen, or of all words those that are searched for.
  var words: [Glossary.Entry] {
    guard !filter.isEmpty else { return Glossary.entries(in: screen) }
    let wanted = filter.lowercased()
    return Glossary.chapters.flatMap(\.entries).filter { entry in
      entry.terms.contains { $0.lowercased().contains(wanted) }
    }
  }
}
