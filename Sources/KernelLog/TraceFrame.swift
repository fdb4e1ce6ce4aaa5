/// One function of a call trace, as the kernel printed it.
public struct TraceFrame: Sendable, Hashable {
  /// Name of the function.
  public var function: String
  /// Distance of the place from the function's first byte; nil where the line does not say.
  public var offset: UInt64?
  /// Bytes of the function.
  public var length: UInt64?
  /// The module it belongs to; nil for the kernel itself.
  public var module: String?
  /// File and line, `net/core/scm.c:242`, where the trace was resolved.
  public var place: String?
  /// Whether the compiler put the function into its caller.
  public var isInline: Bool

  /// Makes a frame from its parts.
  public init(
    _ function: String, offset: UInt64? = nil, length: UInt64? = nil, module: String? = nil,
    place: String? = nil, isInline: Bool = false
  ) {
    self.function = function
    self.offset = offset
    self.length = length
    self.module = module
    self.place = place
    self.isInline = isInline
  }

  /// What a function of a trace does in a checked copy.
  public enum Role: Sendable, Hashable {
    /// It belongs to the check, or to how the kernel reports a bug.
    case checker
    /// It is a copy's entry point or a helper that copies for others: `copy_to_user()`, `_copy_to_iter()`.
    case copier
    /// Anything else.
    case caller
  }

  /// The role, by the function's name; what compilers put behind a dot (`.cold`, `.part.0`) does not count.
  public var role: Role {
    let name = function.prefix { $0 != "." }
    if Self.checkers.contains(String(name)) { return .checker }
    return Self.copiers.contains(String(name)) ? .copier : .caller
  }

  /// Whether the function is part of the check of copies itself.
  var isUsercopy: Bool { Self.usercopy.contains(String(function.prefix { $0 != "." })) }

  /// mm/usercopy.c, lib/usercopy.c and the allocators' part of the check.
  private static let usercopy: Set<String> = [
    "usercopy_abort", "usercopy_warn", "report_usercopy", "__check_heap_object",
    "check_heap_object",
    "__check_object_size", "check_object_size", "check_copy_size", "check_page_span",
    "check_stack_object", "check_kernel_text_object", "check_bogus_address", "__copy_overflow",
    "copy_overflow", "pax_report_usercopy", "slab_access_ok", "stack_access_ok", "kernel_access_ok",
  ]

  /// The check, and what stands between a BUG and its trace.
  private static let checkers: Set<String> = usercopy.union([
    "dump_stack", "dump_stack_lvl", "__dump_stack", "dump_backtrace", "show_stack",
    "show_stack_lvl",
    "show_trace_log_lvl", "unwind_backtrace", "walk_stackframe",
    "panic", "die", "__die", "die_kernel_fault",
    "oops_exit",
    "report_bug", "handle_bug", "fixup_bug", "do_trap", "do_error_trap", "do_invalid_op",
    "invalid_op",
    "exc_invalid_op", "asm_exc_invalid_op", "bug_handler", "brk_handler", "call_break_hook",
    "do_debug_exception", "el1_dbg", "el1h_64_sync", "el1h_64_sync_handler",
    "program_check_exception",
    "do_program_check", "program_check_common", "program_check_common_virt", "do_trap_break",
    "arm_notify_die", "do_undefinstr", "__und_svc_finish", "__und_svc", "__warn", "__warn_printk",
    "warn_slowpath_fmt", "warn_slowpath_common", "warn_slowpath_null", "kasan_report",
    "__kasan_report", "print_address_description", "print_report", "kasan_check_range",
    "check_memory_region", "check_memory_region_inline", "check_region_inline",
    "__kasan_check_read", "__kasan_check_write", "kasan_check_read",
    "kasan_check_write", "instrument_copy_to_user", "instrument_copy_from_user",
    "instrument_copy_from_user_before", "fortify_panic", "__fortify_panic", "__fortify_report",
    "kasan_report_error", "kasan_report_user_access",
    "kasan_object_err", "__asan_loadN", "__asan_storeN", "refcount_warn_saturate",
    "refcount_inc_checked", "refcount_add_checked", "refcount_dec_checked",
    "refcount_sub_and_test_checked", "refcount_dec_and_test_checked", "refcount_error_report",
    "__list_add_valid", "__list_add_valid_or_report", "__list_del_entry_valid",
    "__list_del_entry_valid_or_report", "kmalloc_index", "print_unknown_bug",
    "bad_area_nosemaphore", "no_context", "page_fault_oops",
  ])

  private static let copiers: Set<String> = [
    "copy_to_user", "copy_from_user", "_copy_to_user", "_copy_from_user", "__copy_to_user",
    "__copy_from_user", "__copy_to_user_inatomic", "__copy_from_user_inatomic", "raw_copy_to_user",
    "raw_copy_from_user", "_inline_copy_to_user", "_inline_copy_from_user", "copy_user_generic",
    "copy_user_generic_string", "copy_user_generic_unrolled", "copy_user_enhanced_fast_string",
    "rep_movs_alternative", "__arch_copy_to_user", "__arch_copy_from_user", "arm_copy_to_user",
    "arm_copy_from_user", "__asm_copy_to_user", "__asm_copy_from_user", "__copy_tofrom_user",
    "copy_to_user_iter", "copy_from_user_iter", "copyin", "copyout", "copyin_nofault",
    "copyout_nofault", "_copy_to_iter", "_copy_from_iter", "_copy_from_iter_full", "copy_to_iter",
    "copy_from_iter", "copy_from_iter_full", "copy_page_to_iter", "copy_page_from_iter",
    "copy_page_to_iter_iovec", "copy_page_from_iter_iovec", "copy_page_from_iter_atomic",
    "copy_folio_from_iter_atomic", "iterate_and_advance", "iterate_and_advance2", "iterate_ubuf",
    "iterate_iovec", "__copy_from_iter", "__copy_to_iter", "simple_copy_to_iter", "copy_to_sockptr",
    "copy_to_sockptr_offset", "copy_from_sockptr", "copy_from_sockptr_offset",
    "copy_struct_from_user", "__skb_datagram_iter", "skb_copy_datagram_iter",
    "skb_copy_datagram_from_iter", "skb_copy_and_csum_datagram_msg",
  ]
}
