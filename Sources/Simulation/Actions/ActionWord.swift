import Usercopy

/// The actions by the words a step starts with. Everything that reads or writes actions goes by this
/// table: scenario files, the `:` line with its completion, the schema for editors, the reference.
public enum ActionWord: String, Sendable, CaseIterable {
  case alloc
  case free
  case call
  case `return`
  case vmalloc
  case pages
  case user
  case image
  case module
  case kmap
  case task
  case run
  case write
  case copy
  case era
  case note
  case open
  case close
  case ioctl
  case host
  case wait
  case signal
  case signalRestart = "signal-restart"
  case gadgetfs
  case gadgetfsRead = "gadgetfs-read"
  case gadgetfsWrite = "gadgetfs-write"
  case gadgetfsStall = "gadgetfs-stall"

  private static func one(
    _ name: String, _ kind: FieldKind, _ help: String
  ) -> FieldShape {
    .single(Field(name, kind, required: true, help))
  }

  /// What stands behind the word.
  public var shape: FieldShape {
    switch self {
    case .alloc: .fields(Action.Alloc.fields)
    case .free: Self.one("name", .name(.object), "an object, pages or an area")
    case .call: .fields(Action.Call.fields)
    case .return, .note: .nothing
    case .vmalloc: .fields(AreaFields.vmalloc)
    case .pages: .fields(AreaFields.pages)
    case .user: .fields(Action.UserBuffer.fields)
    case .image: .fields(Action.Image.fields)
    case .module: .fields(Action.Module.fields)
    case .kmap: .fields(AreaFields.kmap)
    case .task: .fields(AreaFields.task)
    case .run: Self.one("task", .name(.task), "the task's name")
    case .write: .fields(AreaFields.write)
    case .copy: .fields(Action.Copy.fields)
    case .era: Self.one("id", .era, "judges by it from now on")
    case .open:
      .fields([
        Field("as", .name(.fresh), usual: Action.Ioctl.usualFile, "name of the open file"),
        Field("nonblocking", .truth, usual: "false", "with O_NONBLOCK"),
      ])
    case .close: Self.one("name", .name(.file), "an open file")
    case .ioctl: .fields(Action.Ioctl.fields(of: nil))
    case .host: .host(HostWord.commonFields)
    case .wait: Self.one("milliseconds", .unsigned, "virtual time that passes")
    case .signal, .signalRestart: Self.one("thread", .name(.thread), "a thread of the program")
    case .gadgetfs: .fields(Action.GadgetFS.configureFields)
    case .gadgetfsRead: .fields(Action.GadgetFS.readFields)
    case .gadgetfsWrite: .fields(Action.GadgetFS.writeFields)
    case .gadgetfsStall: .fields(Action.GadgetFS.commonFields)
    }
  }

  /// Fields of which exactly one must be there.
  public var oneOf: [String] { self == .copy ? Action.Copy.sides : [] }

  /// Fields of which at least one must be there.
  public var anyOf: [String] { self == .alloc ? Action.Alloc.sources : [] }

  /// What the action does, in a few words.
  public var help: String {
    switch self {
    case .alloc: "allocates an object from a cache or with kmalloc"
    case .free: "gives an object back"
    case .call: "calls a function"
    case .return: "returns from the innermost function"
    case .vmalloc: "allocates an area of vmalloc space"
    case .pages: "takes whole pages"
    case .user: "maps a buffer in user space"
    case .image: "places a function or variable in the kernel image"
    case .module: "loads a part of a module"
    case .kmap: "maps a page of high memory"
    case .task: "creates a task"
    case .run: "makes another task run"
    case .write: "writes bytes into memory"
    case .copy: "copies between kernel and user memory"
    case .era: "judges by another era from here on"
    case .note: "does nothing: words only"
    case .open: "opens /dev/raw-gadget"
    case .close: "closes an open file"
    case .ioctl: "makes a call on /dev/raw-gadget"
    case .host: "does something at the other end of the cable"
    case .wait: "lets virtual time pass"
    case .signal: "sends a signal to a thread"
    case .signalRestart: "sends a signal whose handler restarts calls"
    case .gadgetfs: "opens gadgetfs and writes the descriptors"
    case .gadgetfsRead: "reads events or data from gadgetfs"
    case .gadgetfsWrite: "answers a request over gadgetfs"
    case .gadgetfsStall: "refuses a request over gadgetfs"
    }
  }

  /// The action its fields describe; not for ``host``, which ``host(_:_:_:)`` makes.
  ///
  /// - Throws: what is missing or cannot stand together.
  public func make(_ values: FieldValues) throws(FieldProblem) -> Action {
    func name() throws(FieldProblem) -> String {
      try values.needed(FieldValues.single, values.text(FieldValues.single))
    }
    switch self {
    case .alloc: return .alloc(try Action.Alloc(values))
    case .free: return .free(try name())
    case .call: return .call(try Action.Call(values))
    case .return: return .return
    case .vmalloc: return try AreaFields.vmalloc(values)
    case .pages: return try AreaFields.pages(values)
    case .user: return .user(try Action.UserBuffer(values))
    case .image: return .image(try Action.Image(values))
    case .module: return .module(try Action.Module(values))
    case .kmap: return try AreaFields.kmap(values)
    case .task: return try AreaFields.task(values)
    case .run: return .run(task: try name())
    case .write: return try AreaFields.write(values)
    case .copy: return .copy(try Action.Copy(values))
    case .era: return .era(try name())
    case .note: return .note
    case .open:
      return .open(
        file: values.text("as") ?? Action.Ioctl.usualFile,
        nonblocking: values.truth("nonblocking") ?? false)
    case .close: return .close(file: try name())
    case .ioctl: return .ioctl(try Action.Ioctl(values))
    case .host: throw .missing("action")
    case .wait:
      return .wait(
        milliseconds: try values.needed(
          FieldValues.single, values.number(FieldValues.single)))
    case .signal: return .signal(thread: try name())
    case .signalRestart: return .signal(thread: try name(), restarts: true)
    case .gadgetfs: return .gadgetfs(.init(try Action.GadgetFS.configure(values), values))
    case .gadgetfsRead: return .gadgetfs(.init(Action.GadgetFS.read(values), values))
    case .gadgetfsWrite: return .gadgetfs(.init(Action.GadgetFS.write(values), values))
    case .gadgetfsStall: return .gadgetfs(.init(.stall, values))
    }
  }

  /// One of the host's actions with its own fields, and those beside it.
  public static func host(
    _ word: HostWord, _ own: FieldValues, _ beside: FieldValues
  ) throws(FieldProblem) -> Action {
    .host(
      Action.HostCall(
        action: try word.make(own), thread: beside.text("thread") ?? "host",
        waits: beside.truth("waits") ?? true, when: beside.text("when").map(HostMoment.init),
        after: beside.number("after") ?? 0))
  }
}

extension Action {
  /// The word a step with this action starts with.
  public var word: ActionWord {
    switch self {
    case .alloc: .alloc
    case .free: .free
    case .call: .call
    case .return: .return
    case .vmalloc: .vmalloc
    case .pages: .pages
    case .user: .user
    case .image: .image
    case .module: .module
    case .kmap: .kmap
    case .task: .task
    case .run: .run
    case .write: .write
    case .copy: .copy
    case .era: .era
    case .note: .note
    case .open: .open
    case .close: .close
    case .ioctl: .ioctl
    case .host: .host
    case .wait: .wait
    case .signal(_, let restarts): restarts ? .signalRestart : .signal
    case .gadgetfs(let step): step.word
    }
  }

  /// What stands behind the word; for the host's actions what stands beside them.
  public var values: FieldValues {
    switch self {
    case .alloc(let alloc): alloc.values
    case .free(let name), .run(task: let name), .era(let name), .close(file: let name),
      .signal(thread: let name, _):
      FieldValues(single: .text(name))
    case .call(let call): call.values
    case .return, .note: FieldValues()
    case .vmalloc(let name, let size): FieldValues(["as": .text(name), "size": .number(size)])
    case .pages(let name, let order, let compound):
      FieldValues(["as": .text(name), "order": .number(order), "compound": .truth(compound)])
    case .user(let buffer): buffer.values
    case .image(let part): part.values
    case .module(let part): part.values
    case .kmap(let name, let isLocal):
      FieldValues(["as": .text(name), "local": isLocal ? .truth(true) : nil])
    case .task(let name, let stack): FieldValues(["name": .text(name), "stack": .number(stack)])
    case .write(let place, let offset, let bytes): AreaFields.written(place, offset, bytes)
    case .copy(let copy): copy.values
    case .open(let file, let nonblocking):
      FieldValues(["as": .text(file), "nonblocking": nonblocking ? .truth(true) : nil])
    case .ioctl(let call): call.values
    case .host(let call):
      FieldValues([
        "thread": call.thread == "host" ? nil : .text(call.thread),
        "waits": call.waits ? nil : .truth(false),
        "when": call.when.map { .text($0.text) },
        "after": call.after == 0 ? nil : .number(call.after),
      ])
    case .gadgetfs(let step): step.values
    case .wait(let milliseconds): FieldValues(single: .number(milliseconds))
    }
  }
}
