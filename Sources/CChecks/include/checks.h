#ifndef COPYSCOPE_CHECKS_H
#define COPYSCOPE_CHECKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One slab as the checks need it: bytes and addresses. */
struct cc_slab {
  uint64_t start, bytes, stride, object_size, useroffset, usersize;
};

/* What the checks look at, on x86-64 with SLUB and frame pointers. */
struct cc_view {
  uint64_t ram_start, ram_end;
  /* By start. */
  const struct cc_slab *slabs;
  size_t slab_count;
  /* The running task's stack and its bytes. */
  uint64_t stack, stack_end;
  const uint8_t *stack_bytes;
  /* The frame of the check itself, and the one saved there. */
  uint64_t own_frame, caller_frame;
  /* The kernel's text, which no copy may touch since 4.8. */
  uint64_t text, text_end;
};

/* A check and the order in which it asks. */
enum cc_check {
  /* `slab_access_ok()` and `stack_access_ok()` of RFC v1. */
  CC_RFC_V1,
  /* `__check_object_size()` of Linux 6.1. */
  CC_LINUX_6_1,
};

/* Whether a range may be copied. */
bool cc_allows(const struct cc_view *view, enum cc_check check, uint64_t start, uint64_t length);

/* How many of `count` ranges may be copied. */
size_t cc_count_allowed(
    const struct cc_view *view, enum cc_check check, const uint64_t *starts, const uint64_t *lengths, size_t count);

#endif
