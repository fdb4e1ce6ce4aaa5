import KernelHistory

/// The rules of one patch with PaX's `PAX_USERCOPY`: gates, checks, words. What is refused is logged and ends the
/// thread group with SIGKILL.
///
/// Models `check_object_size()` and the copy routines of x86 in the two patches named by ``Era/pax`` and
/// ``Era/pax314``. Ports other than x86 have no check in either.
public struct PaXRules: Sendable, Hashable {
  /// The functions that the checks are made in.
  public struct Functions: Sendable, Hashable {
    /// What the copy routines call.
    public var entry: String
    /// What looks at slab objects.
    public var heap: String
    /// What looks at the stack.
    public var stack: String
    /// Nil where kernel text is not looked at.
    public var text: String?
  }

  /// What the patch calls its checks.
  public var functions: Functions
  /// The copy routines of x86-64 take `unsigned` lengths: the upper half is lost before anything is asked.
  public var cutsLengths: Bool
  /// A kernel object smaller than the length, as far as the compiler knows, is reported by a warning.
  public var comparesKnownSizes: Bool
  /// `copy_from_user()` asks the check before it clears the buffer for a bad user range.
  public var checksBeforeClearing: Bool
  /// The `_inatomic` forms of x86-64 ask the check, and `probe_kernel_*()` with them.
  public var checksInatomicOnX86_64: Bool
  /// The stack is asked about every range; else only about pages of the direct map that are no slab.
  public var asksStackOfAll: Bool
  /// SLAB without debugging counts the padding of a slot as the object's (`obj_size()` until 3.5).
  public var countsPadding: Bool
  /// SLAB finds the slot by multiplying with a rounded reciprocal (until 3.13).
  public var usesRoundedReciprocal: Bool
  /// Reports say what was found where it is no slab object; else they say `unknown`.
  public var namesPlaces: Bool
  /// Source line of SLAB's `BUG_ON`, from the patch's hunk header.
  public var slabBugAt: String?

  /// The patch of 1 July 2011 for 2.6.32.42, two days before RFC v1.
  public static let july2011 = PaXRules(
    functions: Functions(
      entry: "check_object_size", heap: "check_object_size", stack: "object_is_on_stack"),
    cutsLengths: true, comparesKnownSizes: false, checksBeforeClearing: true,
    checksInatomicOnX86_64: false, asksStackOfAll: false, countsPadding: true,
    usesRoundedReciprocal: true, namesPlaces: false,
    slabBugAt: AssertionLine.patch(.slab, "pax")?.text)

  /// The patch of 19 June 2014 for 3.14.8.
  public static let june2014 = PaXRules(
    functions: Functions(
      entry: "__check_object_size", heap: "check_heap_object", stack: "check_stack_object",
      text: "check_kernel_text_object"),
    cutsLengths: false, comparesKnownSizes: true, checksBeforeClearing: false,
    checksInatomicOnX86_64: true, asksStackOfAll: true, countsPadding: false,
    usesRoundedReciprocal: false, namesPlaces: true,
    slabBugAt: AssertionLine.patch(.slab, "pax-3.14")?.text)
}
