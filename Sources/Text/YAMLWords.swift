/// What the YAML library says is wrong, for people who do not know the library.
public enum YAMLWords {
  /// libyaml's own words, where they name one of its functions, and ours for them.
  private static let ours = [
    "Maximum nesting level reached, set with yaml_set_max_nest_level())":
      "lists or mappings stand in each other too deeply; leave levels out"
  ]

  /// - Parameter said: libyaml's description of a problem.
  public static func problem(_ said: String) -> String { ours[said] ?? said }
}
