#define _GNU_SOURCE
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define CS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define CS_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define CS_ARCHITECTURE 0
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define UNLESS(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (skipped))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))

/* Opens are asked about, and ioctls of type 'U'; everything else is the kernel's. */
static const struct sock_filter filter[] = {
    LOAD(arch),
    UNLESS(CS_ARCHITECTURE, 9),
    LOAD(nr),
#ifdef SYS_open
    UNLESS(SYS_open, 1),
    RETURN(SECCOMP_RET_USER_NOTIF),
#else
    UNLESS(SYS_openat, 1),
    RETURN(SECCOMP_RET_USER_NOTIF),
#endif
    UNLESS(SYS_openat, 1),
    RETURN(SECCOMP_RET_USER_NOTIF),
    UNLESS(SYS_ioctl, 3),
    /* The low half of the second argument; both processors are little-endian. */
    LOAD(args[1]),
    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff00),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 'U' << 8, 1, 0),
    RETURN(SECCOMP_RET_ALLOW),
    RETURN(SECCOMP_RET_USER_NOTIF),
};

static int seccomp(unsigned operation, unsigned flags, void *argument) {
  return (int)syscall(SYS_seccomp, operation, flags, argument);
}

static int send_descriptor(int socket, int descriptor) {
  char byte = 0;
  struct iovec part = {&byte, 1};
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control = {.bytes = {0}};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  return sendmsg(socket, &message, 0) == 1 ? 0 : errno;
}

static int receive_descriptor(int socket) {
  char byte;
  struct iovec part = {&byte, 1};
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control;
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1) return -1;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header == NULL || header->cmsg_type != SCM_RIGHTS) return -1;
  int descriptor;
  memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
  return descriptor;
}

struct failure {
  enum cs_stage stage;
  int error;
};

static _Noreturn void fail(int socket, enum cs_stage stage) {
  struct failure failure = {stage, errno};
  ssize_t ignored = write(socket, &failure, sizeof failure);
  (void)ignored;
  _exit(127);
}

/* The child's part: nothing here but what signal-safety(7) lists. */
static _Noreturn void become(char *const arguments[], int socket, const char *terminal) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
  setsid();
  /* However the inspector ends, the program does not go on without its kernel. */
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int end = open(terminal, O_RDWR);
  if (end < 0) fail(socket, CS_TERMINAL);
  for (int standard = 0; standard < 3; standard++) dup2(end, standard);
  if (end > 2) close(end);
  struct sock_fprog program = {sizeof filter / sizeof *filter, (struct sock_filter *)filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail(socket, CS_FILTER);
  int calls = seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  if (calls < 0) fail(socket, CS_FILTER);
  if (send_descriptor(socket, calls) != 0) fail(socket, CS_FILTER);
  close(calls);
  execvp(arguments[0], arguments);
  fail(socket, CS_EXECUTION);
}

static int open_terminal(char *name, size_t size) {
  int outside = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (outside < 0) return -1;
  if (grantpt(outside) == 0 && unlockpt(outside) == 0 && ptsname_r(outside, name, size) == 0) {
    return outside;
  }
  close(outside);
  return -1;
}

/* Waits for the program to run: its end of the socket closes when it does. */
static int wait_for_start(int socket, struct cs_program *program, enum cs_stage *stage) {
  struct failure failure;
  program->calls = receive_descriptor(socket);
  ssize_t count;
  do {
    count = read(socket, &failure, sizeof failure);
  } while (count < 0 && errno == EINTR);
  if (count == 0 && program->calls >= 0) return 0;
  *stage = count == (ssize_t)sizeof failure ? failure.stage : CS_FILTER;
  return count == (ssize_t)sizeof failure ? failure.error : EPROTO;
}

int cs_start(char *const arguments[], struct cs_program *program, enum cs_stage *stage) {
  char name[64];
  int ends[2];
  program->calls = -1;
  *stage = CS_TERMINAL;
  program->terminal = open_terminal(name, sizeof name);
  if (program->terminal < 0) return errno;
  *stage = CS_PROCESS;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    int error = errno;
    close(program->terminal);
    return error;
  }
  /* What the program leaves behind comes here and can be ended. */
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  program->pid = fork();
  if (program->pid == 0) become(arguments, ends[1], name);
  int error = program->pid < 0 ? errno : 0;
  close(ends[1]);
  if (error == 0) error = wait_for_start(ends[0], program, stage);
  close(ends[0]);
  if (error == 0) return 0;
  if (program->pid > 0) waitpid(program->pid, NULL, 0);
  if (program->calls >= 0) close(program->calls);
  close(program->terminal);
  return error;
}

int cs_catch_endings(void) {
  sigset_t endings;
  sigemptyset(&endings);
  sigaddset(&endings, SIGINT);
  sigaddset(&endings, SIGTERM);
  sigaddset(&endings, SIGHUP);
  if (sigprocmask(SIG_BLOCK, &endings, NULL) != 0) return -1;
  return signalfd(-1, &endings, SFD_CLOEXEC | SFD_NONBLOCK);
}

int cs_receive(int calls, struct cs_call *call) {
  struct seccomp_notif notification;
  memset(&notification, 0, sizeof notification);
  if (ioctl(calls, SECCOMP_IOCTL_NOTIF_RECV, &notification) != 0) {
    return errno == ENOENT || errno == EINTR ? EAGAIN : errno;
  }
  const __u64 *arguments = notification.data.args;
  memset(call, 0, sizeof *call);
  call->id = notification.id;
  call->thread = (pid_t)notification.pid;
  call->is_open = notification.data.nr != SYS_ioctl;
  int first = notification.data.nr == SYS_openat ? 1 : 0;
  call->path = arguments[first];
  call->flags = arguments[first + 1];
  call->descriptor = (int)arguments[0];
  call->number = (uint32_t)arguments[1];
  call->argument = arguments[2];
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

int cs_answer_with_file(int calls, uint64_t id, int file, int closes_on_exec) {
  struct seccomp_notif_addfd addition = {
      .id = id, .srcfd = (uint32_t)file, .newfd_flags = closes_on_exec ? O_CLOEXEC : 0};
  int descriptor = ioctl(calls, SECCOMP_IOCTL_NOTIF_ADDFD, &addition);
  if (descriptor < 0) {
    int error = errno;
    cs_answer(calls, id, 0, EMFILE);
    return error;
  }
  return cs_answer(calls, id, descriptor, 0);
}

enum { CS_PAGE = 4096 };

/* A page at a time, since a transfer that meets a hole says nothing of what came before it. */
static size_t transfer(pid_t thread, uint64_t address, char *bytes, size_t length, int writes) {
  size_t done = 0;
  while (done < length) {
    size_t part = CS_PAGE - (size_t)((address + done) % CS_PAGE);
    if (part > length - done) part = length - done;
    struct iovec here = {bytes + done, part};
    struct iovec there = {(void *)(uintptr_t)(address + done), part};
    ssize_t count = writes ? process_vm_writev(thread, &here, 1, &there, 1, 0)
                           : process_vm_readv(thread, &here, 1, &there, 1, 0);
    if (count <= 0) return done;
    done += (size_t)count;
  }
  return done;
}

size_t cs_read(pid_t thread, uint64_t address, void *bytes, size_t length) {
  return transfer(thread, address, bytes, length, 0);
}

size_t cs_write(pid_t thread, uint64_t address, const void *bytes, size_t length) {
  return transfer(thread, address, (char *)bytes, length, 1);
}
