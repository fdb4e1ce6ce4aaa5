#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

/* A process that was forked off: nothing here but what signal-safety(7) lists. */

static _Noreturn void fail(int keeper, enum cs_stage stage) {
  struct cs_message message = {.kind = CS_FAILED, .stage = stage, .error = errno};
  cs_send(keeper, &message, -1);
  _exit(127);
}

/* The program's own part, up to the moment it becomes the program. */
static _Noreturn void become(char *const arguments[], const char *terminal, int keeper, int start) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  /* The inspector's memory is closed to the program; its own is read from there. */
  prctl(PR_SET_DUMPABLE, 1);
  char byte;
  if (read(start, &byte, 1) != 1) _exit(127);
  close(start);
  for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
  /* In the foreground, as a shell starts it. Signals are still held back: a background process is stopped
     for this. */
  setpgid(0, 0);
  int end = open(terminal, O_RDWR);
  if (end < 0) fail(keeper, CS_TERMINAL);
  tcsetpgrp(end, getpid());
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int standard = 0; standard < 3; standard++) dup2(end, standard);
  if (end > 2) close(end);
  struct cs_message message = {.kind = CS_STARTED};
  int calls = cs_install_filter(&message.is_undisturbed);
  if (calls < 0) fail(keeper, CS_FILTER);
  int error = cs_send(keeper, &message, calls);
  if (error != 0) {
    errno = error;
    fail(keeper, CS_FILTER);
  }
  close(calls);
  execvp(arguments[0], arguments);
  fail(keeper, CS_EXECUTION);
}

#if defined(__x86_64__)

/* Whether an open of that file may natively be left by a signal. */
static int may_sleep(pid_t thread, uint64_t directory, uint64_t address) {
  char path[512], name[600];
  size_t count = cs_read(thread, address, path, sizeof path - 1);
  path[count] = 0;
  if (path[0] == '/') {
    snprintf(name, sizeof name, "/proc/%d/root%s", (int)thread, path);
  } else if ((int)directory == AT_FDCWD) {
    snprintf(name, sizeof name, "/proc/%d/cwd/%s", (int)thread, path);
  } else {
    snprintf(name, sizeof name, "/proc/%d/fd/%d/%s", (int)thread, (int)directory, path);
  }
  struct stat status;
  return stat(name, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

/*
 * A call that only waited to be looked at is made again after the signal, whatever its handler asks for:
 * the kernel's own would not have been disturbed. (seccomp_do_user_notification() returns -ERESTARTSYS.)
 */
static void spare_call(pid_t thread) {
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, thread, NULL, &registers) != 0) return;
  if ((long long)registers.rax != -CS_ERESTARTSYS) return;
  switch ((long long)registers.orig_rax) {
    case SYS_open:
      if (may_sleep(thread, (uint64_t)AT_FDCWD, registers.rdi)) return;
      break;
    case SYS_openat:
    case SYS_openat2:
      if (may_sleep(thread, registers.rdi, registers.rsi)) return;
      break;
    case SYS_ioctl:
    case SYS_rt_sigaction:
    case SYS_creat:
    case SYS_access:
    case SYS_stat:
    case SYS_lstat:
    case SYS_faccessat:
    case SYS_faccessat2:
    case SYS_statx:
    case SYS_newfstatat: break;
    default: return;
  }
  registers.rax = (unsigned long long)-(long long)CS_ERESTARTNOINTR;
  ptrace(PTRACE_SETREGS, thread, NULL, &registers);
}

#else

static void spare_call(pid_t thread) { (void)thread; }

#endif

static void let_on(pid_t thread, int status, struct cs_shared *shared) {
  int signal = WSTOPSIG(status), event = status >> 16;
  if (event == PTRACE_EVENT_STOP) {
    int stops = signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
    ptrace(stops ? PTRACE_LISTEN : PTRACE_CONT, thread, NULL, NULL);
    return;
  }
  if (event != 0) {
    /* Before the thread that started another goes on, so that nobody counts too few. */
    atomic_fetch_add(&shared->generation, 1);
    signal = 0;
  } else {
    spare_call(thread);
  }
  ptrace(PTRACE_CONT, thread, NULL, (void *)(long)signal);
}

static void tell(int owner, const struct cs_message *message, int flags) {
  (void)!send(owner, message, sizeof *message, flags | MSG_NOSIGNAL);
}

static _Noreturn void follow(pid_t program, int owner, struct cs_shared *shared) {
  struct cs_message change = {.kind = CS_CHANGED};
  for (;;) {
    int status;
    pid_t thread = waitpid(-1, &status, __WALL);
    if (thread < 0 && errno == EINTR) continue;
    if (thread < 0) _exit(0);
    if (WIFSTOPPED(status)) {
      let_on(thread, status, shared);
      continue;
    }
    atomic_fetch_add(&shared->generation, 1);
    if (thread == program) {
      struct cs_message end = {.kind = CS_ENDED, .status = status};
      tell(owner, &end, 0);
    } else {
      /* Where many wait to be heard, one of them is enough. */
      tell(owner, &change, MSG_DONTWAIT);
    }
  }
}

_Noreturn void cs_trace(char *const arguments[], const char *terminal, int keeper, int owner,
                        struct cs_shared *shared) {
  prctl(PR_SET_NAME, "copyscope-trace");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  /* The terminal's session is the tracer's: a program that leaves children behind hangs up on nobody. */
  setsid();
  int end = open(terminal, O_RDWR | O_CLOEXEC);
  if (end < 0) fail(keeper, CS_TERMINAL);
  close(end);
  int start[2];
  if (pipe2(start, O_CLOEXEC) != 0) fail(keeper, CS_PROCESS);
  pid_t program = fork();
  if (program < 0) fail(keeper, CS_PROCESS);
  if (program == 0) {
    close(start[1]);
    close(owner);
    become(arguments, terminal, keeper, start[0]);
  }
  long options = PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
  if (ptrace(PTRACE_SEIZE, program, NULL, (void *)options) != 0) {
    atomic_store(&shared->trace_error, errno);
  }
  atomic_store(&shared->generation, 1);
  atomic_store(&shared->program, program);
  close(start[0]);
  close(keeper);
  char byte = 0;
  (void)!write(start[1], &byte, 1);
  close(start[1]);
  follow(program, owner, shared);
}
