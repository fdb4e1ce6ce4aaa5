import ArgumentParser
import Foundation
import KernelLog
import RawGadget
import Scenario
import UsbHost
import Usercopy

/// What shells offer behind an option or for an argument.
enum Completion {
  /// Lessons, and scenario files.
  static let scenarios = CompletionKind.custom { _, _, typed in
    Lessons.all.map(\.id) + files(typed, endings: [".yaml", ".yml"])
  }

  /// Themes, built in and the user's own, and base16 files.
  static let themes = CompletionKind.custom { _, _, typed in
    offered(ThemeChoice.names) + files(typed, endings: [".yaml", ".yml"])
  }

  /// Courses, and course files.
  static let courses = CompletionKind.custom { _, _, typed in
    CourseFile.shipped.map(\.id) + files(typed, endings: [".yaml", ".yml"])
  }

  /// What is exported: lessons, courses, and the files of both.
  static let lessonsAndCourses = CompletionKind.custom { _, _, typed in
    CourseFile.shipped.map(\.id) + Lessons.all.map(\.id)
      + files(typed, endings: [".yaml", ".yml"])
  }

  static let eras = CompletionKind.list(Era.all.map(\.id))

  static let drivers = CompletionKind.list(DriverPolicy.all.map(\.name))

  static let modules = CompletionKind.list(HostModules.words + HostModule.allCases.map(\.rawValue))

  /// What a host can do by a name, and scenario files.
  static let hosts = CompletionKind.custom { _, _, typed in
    HostScript.names + files(typed, endings: [".yaml", ".yml"])
  }

  /// The slab caches of this machine, or of the folder that `--from` names.
  static let caches = CompletionKind.custom { words, _, _ in
    let folder = words.firstIndex(of: "--from").flatMap { index in
      words.dropFirst(index + 1).first
    }
    let listing = try? CacheSource(folder: folder).listing()
    return offered(listing?.caches.map(\.name) ?? [])
  }

  /// The inspectors that can be followed.
  static let sessions = CompletionKind.custom { _, _, _ in (try? FollowedSession.names()) ?? [] }

  /// Folders, and the files with one of the endings, that go on from what was typed.
  private static func files(_ typed: String, endings: [String]) -> [String] {
    let typed = plain(typed)
    let cut = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
    let folder = String(typed[..<cut])
    let start = typed[cut...]
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    let wanted = names.sorted().compactMap { name -> String? in
      guard name.hasPrefix(start), start.hasPrefix(".") || !name.hasPrefix(".") else { return nil }
      if SystemFile.isFolder(folder + name) {
        // Bash puts the slash behind a folder itself, behind the quote that it closes.
        return folder + name + (CompletionShell.requesting == .bash ? "" : "/")
      }
      return endings.contains(where: name.hasSuffix) ? folder + name : nil
    }
    return offered(wanted)
  }

  /// A word as it was typed, without the shell's quotes and backslashes.
  private static func plain(_ typed: String) -> String {
    var plain = ""
    var isEscaped = false
    for letter in typed {
      switch letter {
      case "\\" where !isEscaped: isEscaped = true
      case "\"" where !isEscaped, "'" where !isEscaped: break
      default:
        plain.append(letter)
        isEscaped = false
      }
    }
    return plain
  }

  /// The words that mean nothing to a shell but for their blanks, which the scripts quote: they hand words to
  /// bash's `compgen -W`, which carries out what stands in them as `$(…)`, and to zsh, which cuts them at a colon.
  static func offered(_ words: [String]) -> [String] {
    words.filter { word in
      !word.isEmpty
        && word.unicodeScalars.allSatisfy { scalar in
          scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || " /._-+,@%=".unicodeScalars.contains(scalar)
        }
    }
  }
}
