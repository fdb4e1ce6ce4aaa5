import RawGadget
import Text
import USB
import Usercopy

/// The words an expectation may hold, where there is a list of them.
enum ExpectedWords {
  /// Who refuses a copy: a check, or the function it stands in.
  static let refusers =
    Refuser.allCases.map(\.rawValue) + functions
    + EntryPoint.allCases.map(\.rawValue).filter { !functions.contains($0) }

  /// Functions of kernels that refuse.
  private static let functions = [
    "slab_access_ok", "stack_access_ok", "kernel_access_ok", "check_object_size",
    "__check_object_size", "check_heap_object", "__check_heap_object", "check_stack_object",
    "arch_within_stack_frames", "arch_check_object_on_stack_frame", "check_kernel_text_object",
    "check_bogus_address", "check_page_span", "check_copy_size", "object_is_on_stack",
    "check_zeroed_user",
  ]

  /// Errors a call may answer with.
  static let errors = Errno.allCases.map(\.name)

  /// Reasons why a call is refused; some have an error number or a word behind a colon.
  static let reasons: [String] = {
    var known: [String] = []
    for check in CallCheck.allCases {
      for name in [check.rawValue, check.recorded ?? check.rawValue] where !known.contains(name) {
        known.append(name)
      }
    }
    return known
  }()

  /// Events a program may fetch, of raw-gadget and of GadgetFS.
  static let events: [String] = {
    var names = RawEventType.allCases.map(\.name)
    for name in GadgetFSEventType.allCases.map(\.name) where !names.contains(name) {
      names.append(name)
    }
    return names
  }()

  /// States a device may be in, of raw-gadget and of GadgetFS.
  static let states: [String] = {
    var names = RawDevice.State.allCases.map(\.rawValue)
    for state in GadgetFSDevice.State.allCases where !names.contains(state.rawValue) {
      names.append(state.rawValue)
    }
    return names
  }()
}
