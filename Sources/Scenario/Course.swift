/// The order of the course: every file in `Lessons/`, once.
enum Course {
  static let files: [(id: String, bytes: [UInt8])] = [
    ("first-copy", PackageResources.first_copy_yaml)
  ]
}
