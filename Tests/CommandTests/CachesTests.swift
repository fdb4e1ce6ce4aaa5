import Foundation
import Testing

/// `copyscope caches`, on this machine and on saved trees.
@Suite struct CachesTests {
  /// A saved tree: one merged cache, one with a window, one whose files are odd.
  private func saved() throws -> Folder {
    let folder = try Folder()
    let tree = "sys/kernel/slab/"
    for (cache, values) in [
      ":0000064": ["64", "64", "64", "0", "0", "12"],
      "task_struct": ["9000", "9088", "3", "3", "4352", "7"],
      "kmalloc-64": ["64", "64", "64", "0", "64", "30"],
    ] {
      let names = ["object_size", "slab_size", "objs_per_slab", "order", "usersize", "objects"]
      for (name, value) in zip(names, values) {
        try folder.write(tree + cache + "/" + name, value + "\n")
      }
    }
    try folder.write(tree + "odd\u{1B}[31m/object_size", "x\u{1B}\n")
    let top = folder.path(tree)
    for name in ["vm_area", "anon"] {
      try FileManager.default.createSymbolicLink(
        atPath: top + name, withDestinationPath: ":0000064")
    }
    try FileManager.default.createSymbolicLink(atPath: top + "lost", withDestinationPath: "gone")
    return folder
  }

  private func listed(_ arguments: String...) throws -> [[String: Any]] {
    let outcome = try Program.start(
      Program.path, ["caches", "--format", "json"] + arguments, input: [], environment: [:])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require((outcome.json as? [String: Any])?["caches"] as? [[String: Any]])
  }

  @Test func savedTrees() throws {
    let folder = try saved()
    for place in ["", "/sys/kernel/slab"] {
      let caches = try listed("--from", folder.path + place)
      #expect(
        caches.compactMap { $0["name"] as? String }
          == ["anon", "kmalloc-64", "odd\u{1B}[31m", "task_struct", "vm_area", ":0000064"])
      let anon = try #require(caches.first { $0["name"] as? String == "anon" })
      #expect(anon["id"] as? String == ":0000064" && anon["object_size"] as? Int == 64)
      #expect(anon["objects"] as? Int == 12)
    }
    let text = try Program.run("caches", "--from", folder.path, "--sort", "size")
    #expect(text.status == 0 && text.bytes.allSatisfy { $0 == 10 || (0x20..<0x7F).contains($0) })
    #expect(text.lines[1].hasPrefix("task_struct"))
    #expect(text.text.contains("anon vm_area") && text.text.contains("= :0000064"))
    #expect(text.text.components(separatedBy: "object_size: holds no number").count == 2)
    #expect(text.text.contains("lost: a link to a cache that is not there"))
    let found = try listed("--from", folder.path, "--match", "TASK", "--sort", "objects")
    #expect(found.count == 1)
    let groups = try listed("--from", folder.path, "--merged", "--match", "anon")
    #expect(groups.count == 1 && groups[0]["aliases"] as? [String] == ["anon", "vm_area"])
  }

  @Test func aTableAloneIsEnough() throws {
    let folder = try Folder()
    try folder.write(
      "slabinfo",
      "slabinfo - version: 2.1\n# name\nkmalloc-64 2157 2368 64 64 1 : tunables 0 0 0 : slabdata 1\n"
    )
    let caches = try listed("--from", folder.path)
    #expect(caches.count == 1 && caches[0]["slab_size"] as? Int == 64)
    #expect(caches[0]["objects"] as? Int == 2157)
  }

  @Test func cachesBecomeScenarios() throws {
    let folder = try saved()
    let file = folder.path("page.yaml")
    let saved = try Program.run(
      "caches", "--from", folder.path, "--match", "task_struct", "--save", file)
    #expect(saved.status == 0, "\(saved.errors)")
    let played = try Program.run("run", file, "--format", "json")
    let playback = try #require((played.json as? [[String: Any]])?.first)
    let steps = try #require(playback["steps"] as? [[String: Any]])
    let copies = steps.flatMap { $0["copies"] as? [[String: Any]] ?? [] }
    #expect(copies.compactMap { $0["length"] as? Int } == [4352, 4353])
    #expect(copies.compactMap { $0["verdict"] as? String } == ["allow", "deny"])
  }

  /// The largest of kmalloc's caches are aligned to 8192 bytes, as their files say.
  @Test(arguments: ["kmalloc-8k", "kmalloc-rcl-8k", "kmalloc-cg-8k", "dma-kmalloc-8k"])
  func aCacheMayBeAlignedToTwoPages(_ name: String) throws {
    let folder = try Folder()
    for (file, value) in [
      ("object_size", 8192), ("slab_size", 8192), ("objs_per_slab", 4), ("order", 3),
      ("usersize", 8192), ("align", 8192), ("objects", 12),
    ] {
      try folder.write("sys/kernel/slab/\(name)/\(file)", "\(value)\n")
    }
    let file = folder.path("page.yaml")
    let saved = try Program.run("caches", "--from", folder.path, "--match", name, "--save", file)
    #expect(saved.status == 0, "\(saved.errors)")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("align: 8192") && text.contains("stride: 8192, order: 3, objects: 4"))
    // As the listing gives it, and as the model lays it out by itself.
    let plain = text.replacing(#/, geometry: \{[^}]*\}/#, with: "")
    for script in [text, plain] {
      try folder.write("page.yaml", script)
      let played = try Program.run("run", file, "--format", "json")
      #expect(played.status == 0, "\(played.errors)")
      let steps = try #require(
        (played.json as? [[String: Any]])?.first?["steps"] as? [[String: Any]])
      let copies = steps.flatMap { $0["copies"] as? [[String: Any]] ?? [] }
      #expect(copies.compactMap { $0["length"] as? Int } == [8192, 8193])
      #expect(copies.compactMap { $0["verdict"] as? String } == ["allow", "deny"])
      let addresses = copies.compactMap { ($0["address"] as? String)?.dropFirst(2) }
        .compactMap { UInt64($0, radix: 16) }
      #expect(addresses.count == 2 && addresses.allSatisfy { $0 % 8192 == 0 })
    }
  }

  @Test func cachesOpenOnAPage() throws {
    let folder = try saved()
    let tmux = try Tmux(width: 120, height: 36)
    try tmux.type("$COPYSCOPE caches --from \(folder.path) --open kmalloc-64")
    try tmux.see("A page of kmalloc-64")
    try tmux.see("DENIED by __check_heap_object")
    try tmux.press("q")
    try tmux.see("status=0>")
  }

  @Test func cachesOpenAsAList() throws {
    let folder = try saved()
    let tmux = try Tmux(width: 120, height: 36)
    try tmux.type("$COPYSCOPE caches --from \(folder.path) --sort size --match a --open")
    try tmux.see("4 of 6 caches have 'a', sorted by object")
    try tmux.see("not read: lost: a link to a cache that is not there")
    try tmux.press("Enter")
    try tmux.see("A page of task_struct")
    try tmux.press("C")
    try tmux.see("6 caches, sorted by object")
    try tmux.press("q")
    try tmux.see("status=0>")
  }

  @Test func whatCannotBeUsed() throws {
    let folder = try saved()
    for (arguments, said) in [
      (["--from", "/no/such"], "no such folder"), (["--from", "/dev/null"], "cannot be listed"),
      (["--from", folder.path("sys/kernel")], ""), (["--sort", "colour"], "sort"),
      (["--from", folder.path, "--open", "kmalloc-63"], "did you mean 'kmalloc-64'?"),
      (["--from", folder.path, "--save", "x"], "name one cache"),
      (["--from", folder.path, "--open", "odd\u{1B}[31m"], "object size cannot be read"),
    ] where !said.isEmpty {
      let outcome = try Program.start(
        Program.path, ["caches"] + arguments, input: [], environment: [:])
      #expect(
        outcome.status == 2 && outcome.errors.contains(said), "\(arguments): \(outcome.errors)")
      #expect(!outcome.errors.contains("\u{1B}"))
    }
    let empty = try Folder()
    let nothing = try Program.run("caches", "--from", empty.path)
    #expect(nothing.status == 2 && nothing.errors.contains("no slab caches could be read"))
  }

  @Test func oddTreesAreListedAsFarAsTheyGo() throws {
    let folder = try Folder()
    let top = folder.path("slab/")
    let values = [
      "huge": "18446744073709551615", "overflow": "18446744073709551616", "negative": "-8",
      "empty": "", "blank": "\n", "text": "sixty-four\n", "nodes": "12 N0=5 N1=7\n",
    ]
    for (cache, value) in values {
      for name in ["object_size", "slab_size", "order", "objs_per_slab", "usersize", "align"] {
        try folder.write("slab/\(cache)/\(name)", value)
      }
    }
    try folder.write(
      "slab/garbage/object_size", (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 7) })
    try folder.write("slab/partial/object_size", "96\n")
    try folder.write("slab/folder/object_size/x", "")
    try folder.write("slab/stray", "a file\n")
    for (name, target) in [
      ("round", "about"), ("about", "round"), ("again", "via"), ("via", "nodes"),
    ] {
      try FileManager.default.createSymbolicLink(
        atPath: top + name, withDestinationPath: target)
    }
    let caches = try listed("--from", folder.path)
    func cache(_ name: String) throws -> [String: Any] {
      try #require(caches.first { $0["name"] as? String == name }, "\(name)")
    }
    #expect(try cache("huge")["object_size"] as? UInt64 == .max)
    for name in ["overflow", "negative", "empty", "blank", "text", "garbage", "folder"] {
      #expect(try cache(name)["object_size"] is NSNull, "\(name)")
    }
    #expect(try cache("partial")["object_size"] as? Int == 96)
    #expect(try cache("again")["object_size"] as? Int == 12)
    let text = try Program.run("caches", "--from", folder.path)
    #expect(text.status == 0 && text.text.contains("round: a link to a cache that is not there"))
    for name in ["huge", "overflow", "negative", "garbage", "partial", "nodes", "again"] {
      let saved = try Program.run(
        "caches", "--from", folder.path, "--match", name, "--save", "x.yaml")
      #expect([0, 2].contains(saved.status), "\(name): \(saved.errors)")
      #expect((saved.status == 0) == ["partial", "nodes", "again"].contains(name), "\(name)")
    }
  }

  @Test func thousandsOfCaches() throws {
    let folder = try Folder()
    var table = "slabinfo - version: 2.1\n# name\n"
    for number in 0..<2000 {
      try folder.write("slab/cache-\(number)/object_size", "\(number + 1)\n")
    }
    for number in 0..<20_000 {
      table += "cache-\(number) 1 2 \(number + 8) 4 1 : tunables 0 0 0 : slabdata 0 0 0\n"
    }
    try folder.write("slabinfo", table)
    let caches = try listed("--from", folder.path)
    #expect(caches.count == 2000)
    #expect(
      caches.allSatisfy { ($0["slab_size"] as? Int) == (($0["object_size"] as? Int) ?? 0) + 7 })
    let alone = try Folder()
    try alone.write("proc/slabinfo", table)
    #expect(try listed("--from", alone.path).count == 20_000)
  }

  @Test func whatMayNotBeReadIsSaid() throws {
    let folder = try saved()
    let file = folder.path("sys/kernel/slab/kmalloc-64/usersize")
    chmod(file, 0)
    defer { chmod(file, 0o600) }
    let outcome = try Program.run("caches", "--from", folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.text.contains("usersize: not permitted") || geteuid() == 0)
    let empty = try Folder()
    try empty.write("slabinfo", "slabinfo - version: 3.0\n")
    let future = try Program.run("caches", "--from", empty.path)
    #expect(future.status == 2 && future.errors.contains("is no slabinfo of version 1 or 2"))
    try empty.write("slabinfo", "slabinfo - version: 2.1\nx y z\n")
    let broken = try Program.run("caches", "--from", empty.path)
    #expect(broken.status == 2 && broken.errors.contains("line 2 is no cache's"))
  }

  /// This machine's own tree, or why it cannot be read.
  @Test func ownTree() throws {
    let names = try? FileManager.default.contentsOfDirectory(atPath: "/sys/kernel/slab")
    let outcome = try Program.run("caches", "--format", "json")
    guard let names, !names.isEmpty else {
      #expect(outcome.status == 0 || outcome.errors.contains("no slab caches could be read"))
      return
    }
    let caches = try #require((outcome.json as? [String: Any])?["caches"] as? [[String: Any]])
    #expect(caches.compactMap { $0["name"] as? String }.sorted() == names.sorted())
    for cache in caches {
      let name = try #require(cache["name"] as? String)
      for key in ["object_size", "slab_size", "order", "usersize"] {
        let text = try? String(contentsOfFile: "/sys/kernel/slab/\(name)/\(key)", encoding: .utf8)
        let number = text.flatMap { Int($0.prefix(while: \.isNumber)) }
        #expect(cache[key] as? Int == number, "\(name) \(key)")
      }
    }
  }
}
