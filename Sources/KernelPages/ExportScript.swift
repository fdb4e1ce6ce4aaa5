/// The script for drgn that writes the format, as it is printed for users.
public enum ExportScript {
  /// Its text, Python.
  public static var text: String {
    String(decoding: PackageResources.kernel_pages_py, as: UTF8.self)
  }

  /// The JSON Schema (draft 2020-12) of the files it writes.
  public static var schema: String {
    String(decoding: PackageResources.kernel_pages_schema_json, as: UTF8.self)
  }
}
