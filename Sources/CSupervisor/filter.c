#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#if defined(__x86_64__)
#define CS_ARCHITECTURE AUDIT_ARCH_X86_64
#define CS_FOREIGN_OPEN 5
#define CS_FOREIGN_OPENAT 295
#elif defined(__aarch64__)
#define CS_ARCHITECTURE AUDIT_ARCH_AARCH64
#define CS_FOREIGN_OPEN 5
#define CS_FOREIGN_OPENAT 322
#else
#define CS_ARCHITECTURE 0
#define CS_FOREIGN_OPEN 5
#define CS_FOREIGN_OPENAT 5
#endif

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#ifndef SECCOMP_ADDFD_FLAG_SEND
#define SECCOMP_ADDFD_FLAG_SEND (1UL << 1)
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define UNLESS(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (skipped))
#define IF(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (skipped), 0)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define ASK(call) UNLESS(call, 1), RETURN(SECCOMP_RET_USER_NOTIF)

/*
 * Asked about are calls that name a file, and ioctls of any number, since the driver refuses those that it
 * does not know in its own way; not those of the three standard descriptors. All else is the kernel's. The
 * loads take the low half of an argument; both processors are little-endian.
 */
static const struct sock_filter filter[] = {
    LOAD(arch),
    IF(CS_ARCHITECTURE, 6),
    LOAD(nr),
    ASK(CS_FOREIGN_OPEN),
    ASK(CS_FOREIGN_OPENAT),
    RETURN(SECCOMP_RET_ALLOW),
    LOAD(nr),
#ifdef SYS_open
    ASK(SYS_open),
    ASK(SYS_creat),
    ASK(SYS_access),
    ASK(SYS_stat),
    ASK(SYS_lstat),
#endif
    ASK(SYS_openat),
    ASK(SYS_openat2),
    ASK(SYS_faccessat),
    ASK(SYS_faccessat2),
    ASK(SYS_statx),
    UNLESS(SYS_newfstatat, 3),
    LOAD(args[3]),
    /* fstat(3) by another name: no path. */
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, AT_EMPTY_PATH, 5, 0),
    RETURN(SECCOMP_RET_USER_NOTIF),
    UNLESS(SYS_ioctl, 4),
    LOAD(args[0]),
    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 2, 0, 1),
    RETURN(SECCOMP_RET_USER_NOTIF),
    RETURN(SECCOMP_RET_ALLOW),
    /* Only looked at: what handlers ask for is to be seen nowhere else. */
    UNLESS(SYS_rt_sigaction, 3),
    LOAD(args[1]),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
    RETURN(SECCOMP_RET_USER_NOTIF),
    RETURN(SECCOMP_RET_ALLOW),
};

int cs_install_filter(int *is_undisturbed) {
  struct sock_fprog program = {sizeof filter / sizeof *filter, (struct sock_filter *)filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
  *is_undisturbed = 1;
  int calls = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                           flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
  if (calls >= 0 || errno != EINVAL) return calls;
  *is_undisturbed = 0;
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

static void tell_path(struct cs_call *call, enum cs_kind kind, int directory, uint64_t path) {
  call->kind = kind;
  call->descriptor = directory;
  call->path = path;
}

static void tell_call(struct cs_call *call, int number, const __u64 *arguments) {
  int directory = (int)arguments[0];
  switch (number) {
#ifdef SYS_open
    case SYS_open:
      tell_path(call, CS_OPEN, AT_FDCWD, arguments[0]);
      call->flags = arguments[1];
      return;
    case SYS_creat:
      tell_path(call, CS_OPEN, AT_FDCWD, arguments[0]);
      call->flags = O_CREAT | O_WRONLY | O_TRUNC;
      return;
    case SYS_access:
      tell_path(call, CS_ACCESS, AT_FDCWD, arguments[0]);
      return;
    case SYS_stat:
    case SYS_lstat:
      tell_path(call, CS_STAT, AT_FDCWD, arguments[0]);
      call->answer = arguments[1];
      call->stays = number == SYS_lstat;
      return;
#endif
    case SYS_openat:
      tell_path(call, CS_OPEN, directory, arguments[1]);
      call->flags = arguments[2];
      return;
    case SYS_openat2:
      tell_path(call, CS_OPEN, directory, arguments[1]);
      /* struct open_how begins with the flags. */
      cs_read(call->thread, arguments[2], &call->flags, sizeof call->flags);
      return;
    case SYS_faccessat:
    case SYS_faccessat2:
      tell_path(call, CS_ACCESS, directory, arguments[1]);
      call->stays = number == SYS_faccessat2 && (arguments[3] & AT_SYMLINK_NOFOLLOW) != 0;
      return;
    case SYS_newfstatat:
      tell_path(call, CS_STAT, directory, arguments[1]);
      call->answer = arguments[2];
      call->stays = (arguments[3] & AT_SYMLINK_NOFOLLOW) != 0;
      return;
    case SYS_statx:
      tell_path(call, CS_STATX, directory, arguments[1]);
      call->stays = (arguments[2] & AT_SYMLINK_NOFOLLOW) != 0;
      call->answer = arguments[4];
      return;
    case SYS_rt_sigaction: {
      /* The kernel's struct sigaction: the handler, then the flags. */
      uint64_t action[2] = {0, 0};
      call->kind = CS_HANDLER;
      call->number = (uint32_t)arguments[0];
      cs_read(call->thread, arguments[1], action, sizeof action);
      call->flags = action[1];
      return;
    }
    default:
      call->kind = CS_IOCTL;
      call->descriptor = directory;
      call->number = (uint32_t)arguments[1];
      call->argument = arguments[2];
  }
}

int cs_receive(int calls, struct cs_call *call) {
  struct seccomp_notif notification = {.id = 0};
  if (ioctl(calls, SECCOMP_IOCTL_NOTIF_RECV, &notification) != 0) {
    return errno == ENOENT || errno == EINTR ? EAGAIN : errno;
  }
  *call = (struct cs_call){.id = notification.id, .thread = (pid_t)notification.pid};
  if (notification.data.arch != CS_ARCHITECTURE) {
    int first = notification.data.nr == CS_FOREIGN_OPEN ? 0 : 1;
    tell_path(call, CS_FOREIGN, AT_FDCWD, notification.data.args[first]);
  } else {
    tell_call(call, notification.data.nr, notification.data.args);
  }
  return 0;
}

int cs_still_waits(int calls, uint64_t id) {
  return ioctl(calls, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

static int respond(int calls, uint64_t id, int64_t value, int error, uint32_t flags) {
  struct seccomp_notif_resp response = {.id = id, .val = value, .error = -error, .flags = flags};
  return ioctl(calls, SECCOMP_IOCTL_NOTIF_SEND, &response) == 0 ? 0 : errno;
}

int cs_let_through(int calls, uint64_t id) {
  return respond(calls, id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
}

int cs_answer(int calls, uint64_t id, int64_t value, int error) {
  return respond(calls, id, error != 0 ? 0 : value, error, 0);
}

int cs_answer_later(int calls, uint64_t id) {
  return respond(calls, id, 0, CS_ERESTARTNOINTR, 0);
}

int cs_answer_with_file(int calls, uint64_t id, int file, int closes_on_exec) {
  struct seccomp_notif_addfd addition = {.id = id,
                                         .flags = SECCOMP_ADDFD_FLAG_SEND,
                                         .srcfd = (uint32_t)file,
                                         .newfd_flags = closes_on_exec ? O_CLOEXEC : 0};
  int descriptor = ioctl(calls, SECCOMP_IOCTL_NOTIF_ADDFD, &addition);
  if (descriptor >= 0) return 0;
  if (errno == EINVAL) {
    /* Linux before 5.14: the descriptor first, the answer after it. */
    addition.flags = 0;
    descriptor = ioctl(calls, SECCOMP_IOCTL_NOTIF_ADDFD, &addition);
    if (descriptor >= 0) return cs_answer(calls, id, descriptor, 0);
  }
  int error = errno;
  cs_answer(calls, id, 0, error == EMFILE ? EMFILE : ENFILE);
  return error;
}
