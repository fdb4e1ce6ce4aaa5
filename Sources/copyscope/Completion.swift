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
    let cut = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
    let folder = String(typed[..<cut])
    let start = typed[cut...]
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    let wanted = names.filter { name in
      name.hasPrefix(start) && (start.hasPrefix(".") || !name.hasPrefix("."))
        && (endings.contains(where: name.hasSuffix) || SystemFile.isFolder(folder + name))
    }
    return offered(wanted.sorted().map { folder + $0 })
  }

  /// The words that mean nothing to a shell: the scripts hand words to bash's `compgen -W`, which
  /// carries out what stands in them as `$(…)`, and to zsh, which cuts them at a colon.
  static func offered(_ words: [String]) -> [String] {
    words.filter { word in
      !word.isEmpty
        && word.unicodeScalars.allSatisfy { scalar in
          scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || "/._-+,@%=".unicodeScalars.contains(scalar)
        }
    }
  }
}
