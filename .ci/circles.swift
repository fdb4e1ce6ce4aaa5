import Foundation

/// Prints the largest circle of each room; with names of rooms, every circle and its uses.
@main struct CirclesCommand {
  static func main() throws {
    let wanted = CommandLine.arguments.dropFirst(2)
    let root = URL(filePath: CommandLine.arguments[1])
    let limits = try Limits(of: "circle", of: root)
    let rooms = Circles.all(of: try SourceFile.all(below: "Sources", of: root))
    var isFine = true
    for room in rooms where wanted.isEmpty || wanted.contains(room.room) {
      let allowed = limits[room.room] ?? Circles.limit
      let isAbove = room.largest > allowed
      if isAbove { isFine = false }
      let files = room.circles.first.map { ": " + $0.joined(separator: " ") } ?? ""
      print("\(room.room) \(room.largest)\(isAbove ? " (at most \(allowed))" : "")\(files)")
      if !wanted.isEmpty { explain(room) }
    }
    exit(isFine ? 0 : 1)
  }

  static func explain(_ room: Circles) {
    for circle in room.circles {
      print("  circle of \(circle.count):")
      for use in room.uses where circle.contains(use.user) && circle.contains(use.used) {
        print("    \(use.user) uses \(use.used): \(use.names.joined(separator: " "))")
      }
    }
  }
}
