import Grid
import Text
import Yams

extension Theme {
  /// Reads a base16 or base24 scheme, with or without a section `copyscope:`.
  ///
  /// Both forms in use are read: colours below `palette:` (the common scheme format of tinted-theming) and at
  /// the top level (the older one). Keys the format does not know are left alone.
  /// - Parameters:
  ///   - yaml: the file's text.
  ///   - file: the file's name for messages, and the theme's if it has none.
  public init(yaml: String, file: String) throws(ThemeError) {
    let reader = ThemeReader(file: file)
    let root = try reader.root(of: yaml)
    let palette = try reader.palette(in: root)
    let given = try reader.styles(in: root)
    let stem = file.split(separator: "/").last?.split(separator: ".").first.map(String.init)
    let plan = RolePlan(palette: palette)
    let plain = palette[.background].luminance < palette[.text].luminance
    self.init(
      name: reader.text("name", in: root) ?? reader.text("scheme", in: root) ?? stem ?? file,
      author: reader.text("author", in: root) ?? "",
      variant: try reader.variant(in: root) ?? (plain ? .dark : .light), palette: palette
    ) { role in
      guard let own = given[role] else { return plan.style(for: role) }
      return own.style(palette: palette)
    }
  }
}

/// What a file says about one role.
struct RoleSetting {
  enum Paint {
    case slot(Slot)
    case colour(Colour)
    case terminal
  }
  var paint: Paint
  var attributes: Attributes

  func style(palette: Palette) -> Style {
    let background = Colour.rgb(palette[.background])
    switch paint {
    case .slot(let slot):
      return Style(
        foreground: .rgb(palette[slot]), background: background, attributes: attributes)
    case .colour(let colour):
      return Style(foreground: colour, background: background, attributes: attributes)
    case .terminal:
      return Style(attributes: attributes)
    }
  }
}

/// Reads a scheme's nodes, keeping their places.
struct ThemeReader {
  let file: String

  static let longest = 1 << 16
  static let mostAliases = 16

  func place(_ mark: Mark?) -> Place {
    Place(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
  }

  func root(of yaml: String) throws(ThemeError) -> Node.Mapping {
    let length = yaml.utf8.count
    guard length <= ThemeReader.longest else {
      throw .tooLong(place(nil), length: length, limit: ThemeReader.longest)
    }
    guard ThemeReader.aliases(in: yaml) <= ThemeReader.mostAliases else {
      throw .tooManyAliases(place(nil), limit: ThemeReader.mostAliases)
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: yaml, .basic)
    } catch {
      throw syntaxError(error)
    }
    guard case .mapping(let mapping)? = node else {
      throw .notAMapping(place(node?.mark), what: "a theme")
    }
    return mapping
  }

  private static func aliases(in yaml: String) -> Int {
    var count = 0
    var isStar = false
    for byte in yaml.utf8 {
      if isStar, byte > UInt8(ascii: "*") { count += 1 }
      isStar = byte == UInt8(ascii: "*")
    }
    return count
  }

  private func syntaxError(_ error: any Error) -> ThemeError {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
      .composer(_, let problem, let mark, _)?:
      .syntax(place(mark), message: YAMLWords.problem(problem))
    case .reader(let problem, let offset, _, let yaml)?:
      .syntax(offset.map { place(at: $0, in: yaml) } ?? place(nil), message: problem)
    case .duplicatedKeysInMapping(let keys, let context)?:
      .syntax(
        place(context.mark),
        message: "'\(keys.joined(separator: "', '"))' is there twice; leave one out")
    default:
      .syntax(place(nil), message: "this is not YAML")
    }
  }

  private func place(at offset: Int, in text: String) -> Place {
    let lines = text.prefix(offset).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return Place(
      file: file, line: max(lines.count, 1),
      column: (lines.last?.unicodeScalars.count ?? 0) + 1)
  }

  /// A key's value, found by its spelling: the library's own look-up resolves tags, with patterns that take
  /// longer to make than a theme takes to read.
  private func value(_ key: String, in mapping: Node.Mapping) -> Node? {
    mapping.first { $0.key.scalar?.string == key }?.value
  }

  func text(_ key: String, in root: Node.Mapping) -> String? {
    guard let text = value(key, in: root)?.scalar?.string, !text.isEmpty else { return nil }
    return text
  }

  func variant(in root: Node.Mapping) throws(ThemeError) -> Theme.Variant? {
    guard let node = value("variant", in: root) else { return nil }
    let value = node.scalar?.string ?? ""
    guard let variant = Theme.Variant(rawValue: value.lowercased()) else {
      throw .badVariant(place(node.mark), value: value)
    }
    return variant
  }

  func palette(in root: Node.Mapping) throws(ThemeError) -> Palette {
    var source = root
    if let node = value("palette", in: root) {
      guard case .mapping(let mapping) = node else {
        throw .notAMapping(place(node.mark), what: "palette")
      }
      source = mapping
    }
    var colours: [Slot: RGB] = [:]
    for (key, value) in source {
      guard let name = key.scalar?.string, let slot = Slot(name: name) else { continue }
      let text = value.scalar?.string ?? ""
      guard let colour = RGB(hex: text) else {
        throw .badColour(place(value.mark), key: name, value: text)
      }
      colours[slot] = colour
    }
    for index in 0..<16 where colours[Slot(index)] == nil {
      throw .missingSlot(place(source.mark ?? root.mark), Slot(index))
    }
    guard let palette = Palette(colours) else { throw .missingSlot(place(nil), Slot(0)) }
    return palette
  }

  func styles(in root: Node.Mapping) throws(ThemeError) -> [Role: RoleSetting] {
    guard let node = value("copyscope", in: root) else { return [:] }
    guard case .mapping(let mapping) = node else {
      throw .notAMapping(place(node.mark), what: "copyscope")
    }
    var result: [Role: RoleSetting] = [:]
    for (key, value) in mapping {
      let name = key.scalar?.string ?? ""
      guard let role = Role(name: name) else {
        throw .unknownRole(
          place(key.mark), name: name,
          suggestion: Nearest.word(to: name, among: Role.allCases.map(\.name)))
      }
      result[role] = try setting(value, role: role)
    }
    return result
  }

  private func setting(_ node: Node, role: Role) throws(ThemeError) -> RoleSetting {
    var result = RoleSetting(paint: .slot(.text), attributes: [])
    let text = node.scalar?.string ?? ""
    let parts = text.split(separator: "+", omittingEmptySubsequences: false)
      .map { $0.split(separator: " ").joined(separator: " ") }
    for (index, part) in parts.enumerated() {
      if index == 0, let paint = paint(named: part) {
        result.paint = paint
      } else if index == 0, part.isEmpty, parts.count > 1 {
        continue
      } else if index > 0, let attribute = ThemeReader.attributes[part] {
        result.attributes.insert(attribute)
      } else {
        throw badStyle(part, at: node.mark, role: role, isFirst: index == 0)
      }
    }
    return result
  }

  private func badStyle(
    _ part: String, at mark: Mark?, role: Role, isFirst: Bool
  ) -> ThemeError {
    let known =
      isFirst
      ? ANSIColour.allCases.map(\.name) + ["default"] : ThemeReader.attributes.keys.sorted()
    return .badStyle(
      place(mark), role: role.name, part: part, suggestion: Nearest.word(to: part, among: known))
  }

  private func paint(named name: String) -> RoleSetting.Paint? {
    if let slot = Slot(name: name) { return .slot(slot) }
    if name == "default" { return .terminal }
    if let ansi = ANSIColour.allCases.first(where: { $0.name == name }) {
      return .colour(.ansi(ansi))
    }
    guard name.hasPrefix("#"), let colour = RGB(hex: name) else { return nil }
    return .colour(.rgb(colour))
  }

  private static let attributes: [String: Attributes] = [
    "bold": .bold, "reverse": .reverse, "underline": .underline,
  ]
}
