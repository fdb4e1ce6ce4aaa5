/* The checks of two eras as plain C, to measure the simulation against. It decides nothing that is shown. */
#include "checks.h"

#include <string.h>

static const struct cc_slab *slab_of(const struct cc_view *view, uint64_t address) {
  size_t low = 0, high = view->slab_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (view->slabs[middle].start <= address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return NULL;
  const struct cc_slab *slab = &view->slabs[low - 1];
  return address - slab->start < slab->bytes ? slab : NULL;
}

static bool is_ram(const struct cc_view *view, uint64_t address) {
  return address >= view->ram_start && address < view->ram_end;
}

static uint64_t saved_frame(const struct cc_view *view, uint64_t frame) {
  if (frame == view->own_frame) return view->caller_frame;
  if (frame < view->stack || view->stack_end - frame < 8) return 0;
  uint64_t saved;
  memcpy(&saved, view->stack_bytes + (frame - view->stack), 8);
  return saved;
}

/* The walk over saved frame pointers, which both eras have. */
static bool is_in_one_frame(const struct cc_view *view, uint64_t start, uint64_t end) {
  uint64_t below = view->own_frame, frame = saved_frame(view, below);
  uint64_t most = (view->stack_end - view->stack) / 8;
  while (frame >= view->stack && frame < view->stack_end && most-- > 0) {
    if (end <= frame) return start >= below + 16;
    below = frame;
    frame = saved_frame(view, frame);
  }
  return false;
}

static bool rfc_slab(const struct cc_view *view, uint64_t start, uint64_t length) {
  if (length == 0 || !is_ram(view, start)) return true;
  const struct cc_slab *slab = slab_of(view, start);
  if (!slab) return true;
  uint64_t offset = (start - slab->start) % slab->stride;
  return offset <= slab->object_size && length <= slab->object_size - offset;
}

static bool rfc_stack(const struct cc_view *view, uint64_t start, uint64_t length) {
  uint64_t end = start + length;
  if (end < start) return false;
  if (end <= view->stack || view->stack_end <= start) return true;
  if (start < view->stack || view->stack_end < end) return false;
  return is_in_one_frame(view, start, end);
}

static bool linux_6_1(const struct cc_view *view, uint64_t start, uint64_t length) {
  if (length == 0) return true;
  uint64_t end = start + length;
  if (end - 1 < start || start <= 16) return false;
  if (end > view->stack && view->stack_end > start) {
    if (start < view->stack || view->stack_end < end) return false;
    return is_in_one_frame(view, start, end);
  }
  const struct cc_slab *slab = is_ram(view, start) ? slab_of(view, start) : NULL;
  if (slab) {
    uint64_t offset = (start - slab->start) % slab->stride;
    if (offset < slab->useroffset || offset - slab->useroffset > slab->usersize
        || length > slab->useroffset - offset + slab->usersize) {
      return false;
    }
  }
  return end <= view->text || start >= view->text_end;
}

bool cc_allows(const struct cc_view *view, enum cc_check check, uint64_t start, uint64_t length) {
  switch (check) {
  case CC_RFC_V1: return rfc_slab(view, start, length) && rfc_stack(view, start, length);
  case CC_LINUX_6_1: return linux_6_1(view, start, length);
  }
  return false;
}

size_t cc_count_allowed(
    const struct cc_view *view, enum cc_check check, const uint64_t *starts, const uint64_t *lengths, size_t count) {
  size_t allowed = 0;
  for (size_t i = 0; i < count; i++) allowed += cc_allows(view, check, starts[i], lengths[i]);
  return allowed;
}
