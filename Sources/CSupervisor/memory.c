#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include "internal.h"

enum { CS_PAGE = 4096, CS_PARTS = 16 };

static ssize_t move(pid_t thread, struct iovec *here, struct iovec *there, int count, int writes) {
  return writes ? process_vm_writev(thread, here, 1, there, (unsigned long)count, 0)
                : process_vm_readv(thread, here, 1, there, (unsigned long)count, 0);
}

/* In parts that end at pages, since of a part that meets a hole nothing is said to have been moved. */
static size_t transfer(pid_t thread, uint64_t address, char *bytes, size_t length, int writes) {
  size_t done = 0;
  while (done < length) {
    struct iovec there[CS_PARTS];
    size_t wanted = 0;
    int count = 0;
    while (count < CS_PARTS && done + wanted < length) {
      uint64_t place = address + done + wanted;
      size_t part = CS_PAGE - (size_t)(place % CS_PAGE);
      if (part > length - done - wanted) part = length - done - wanted;
      there[count++] = (struct iovec){(void *)(uintptr_t)place, part};
      wanted += part;
    }
    struct iovec here = {bytes + done, wanted};
    ssize_t moved = move(thread, &here, there, count, writes);
    if (moved > 0) done += (size_t)moved;
    if (moved < (ssize_t)wanted) return done;
  }
  return done;
}

size_t cs_read(pid_t thread, uint64_t address, void *bytes, size_t length) {
  return transfer(thread, address, bytes, length, 0);
}

size_t cs_write(pid_t thread, uint64_t address, const void *bytes, size_t length) {
  return transfer(thread, address, (char *)bytes, length, 1);
}

/* struct procmap_query of <linux/fs.h>, Linux 6.11. */
struct area_query {
  uint64_t size, flags, address, start, end, rights, page_size, offset, inode;
  uint32_t major, minor, name_size, build_size;
  uint64_t name, build;
};

enum { CS_WRITABLE = 2 };

/* The area an address lies in: 1 when it may be written, with its end; -1 when the kernel is too old. */
static int query_area(int maps, uint64_t address, uint64_t *end) {
  struct area_query query = {.size = sizeof query, .address = address};
  if (ioctl(maps, _IOWR('f', 17, struct area_query), &query) != 0) return errno == ENOTTY ? -1 : 0;
  *end = query.end;
  return (query.rights & CS_WRITABLE) != 0;
}

/* The same from the text, lowest area first. */
static int find_area(int maps, uint64_t address, uint64_t *end) {
  char line[512], rights[5];
  uint64_t first;
  int copy = dup(maps), found = 0;
  FILE *text = copy < 0 ? NULL : fdopen(copy, "r");
  if (text == NULL) return 0;
  rewind(text);
  while (!found && fgets(line, sizeof line, text) != NULL) {
    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &first, end, rights) != 3) continue;
    if (first > address) break;
    if (*end > address) found = rights[1] == 'w' ? 1 : -1;
  }
  fclose(text);
  return found == 1;
}

size_t cs_writable(pid_t thread, uint64_t address, size_t length) {
  char name[64];
  snprintf(name, sizeof name, "/proc/%d/maps", (int)thread);
  int maps = open(name, O_RDONLY | O_CLOEXEC);
  uint64_t end = address + length, reached = address;
  if (maps < 0 || end < address) {
    if (maps >= 0) close(maps);
    return 0;
  }
  while (reached < end) {
    uint64_t last = 0;
    int may = query_area(maps, reached, &last);
    if (may < 0) may = find_area(maps, reached, &last);
    if (may <= 0) break;
    reached = last;
  }
  close(maps);
  return (size_t)((reached < end ? reached : end) - address);
}

_Static_assert(CS_PATH_ONLY == O_PATH, "O_PATH is the same on both processors");

int cs_memory_file(const char *name, const void *bytes, size_t length) {
  int file = memfd_create(name, MFD_CLOEXEC);
  if (file >= 0 && pwrite(file, bytes, length, 0) < 0) {
    close(file);
    return -1;
  }
  return file;
}

int cs_write_status(const struct cs_call *call, uint32_t mode, uint64_t device, uint64_t size) {
  char name[64];
  struct stat owner;
  snprintf(name, sizeof name, "/proc/%d", (int)call->thread);
  if (stat(name, &owner) != 0) return ESRCH;
  struct stat status = {.st_mode = mode, .st_nlink = 1, .st_uid = owner.st_uid,
                        .st_gid = owner.st_gid, .st_rdev = device, .st_size = (off_t)size,
                        .st_blksize = CS_PAGE};
  struct statx other = {.stx_mask = STATX_BASIC_STATS, .stx_blksize = CS_PAGE, .stx_nlink = 1,
                        .stx_uid = owner.st_uid, .stx_gid = owner.st_gid,
                        .stx_mode = (uint16_t)mode, .stx_size = size,
                        .stx_rdev_major = major(device), .stx_rdev_minor = minor(device)};
  int is_short = call->kind == CS_STAT;
  const void *bytes = is_short ? (const void *)&status : (const void *)&other;
  size_t length = is_short ? sizeof status : sizeof other;
  return cs_write(call->thread, call->answer, bytes, length) == length ? 0 : EFAULT;
}

int cs_threads(pid_t thread) {
  char name[64];
  struct stat status;
  snprintf(name, sizeof name, "/proc/%d/task", (int)thread);
  /* One link for each thread, beside the two every folder has. */
  return stat(name, &status) == 0 ? (int)status.st_nlink - 2 : 0;
}

static uint64_t mask(const char *text, const char *name) {
  const char *found = strstr(text, name);
  return found == NULL ? 0 : strtoull(found + strlen(name), NULL, 16);
}

/* The text of a file in /proc/TID; 0 when the thread is gone. */
static int read_file(pid_t thread, const char *file_name, char *text, size_t size) {
  char name[64];
  snprintf(name, sizeof name, "/proc/%d/%s", (int)thread, file_name);
  int file = open(name, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, text, size - 1);
  close(file);
  if (count <= 0) return 0;
  text[count] = 0;
  return 1;
}

pid_t cs_group(pid_t thread) {
  char text[4096];
  if (!read_file(thread, "status", text, sizeof text)) return 0;
  const char *found = strstr(text, "\nTgid:\t");
  return found == NULL ? 0 : (pid_t)strtol(found + strlen("\nTgid:\t"), NULL, 10);
}

int cs_signal(pid_t thread) {
  char text[4096];
  if (!read_file(thread, "status", text, sizeof text)) return 0;
  uint64_t waiting = mask(text, "\nSigPnd:\t") | mask(text, "\nShdPnd:\t");
  waiting &= ~mask(text, "\nSigBlk:\t");
  /* The kernel keeps signals nobody wants where somebody traces; alone they wake nobody. */
  uint64_t unwanted = 1ull << (SIGCHLD - 1) | 1ull << (SIGCONT - 1) | 1ull << (SIGURG - 1) |
                      1ull << (SIGWINCH - 1);
  waiting &= ~mask(text, "\nSigIgn:\t") & ~(unwanted & ~mask(text, "\nSigCgt:\t"));
  return waiting == 0 ? 0 : __builtin_ctzll(waiting) + 1;
}

int cs_reads_terminal(pid_t thread) {
  char text[256];
  long number;
  unsigned long descriptor;
  if (!read_file(thread, "syscall", text, sizeof text)) return 0;
  return sscanf(text, "%ld %lx", &number, &descriptor) == 2 && number == SYS_read && descriptor == 0;
}

int cs_raise_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return errno;
  if (limit.rlim_cur >= limit.rlim_max) return EMFILE;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? 0 : errno;
}
