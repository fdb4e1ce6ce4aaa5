#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

/* A process that was forked off: nothing here but what signal-safety(7) lists. */

static void rest(void) {
  struct timespec moment = {0, 500000};
  nanosleep(&moment, NULL);
}

/* Kills the children there are now; whose parents die become children here. */
static void kill_children(void) {
  int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  char bytes[4096];
  long number = 0;
  ssize_t count;
  while ((count = read(file, bytes, sizeof bytes)) > 0) {
    for (ssize_t i = 0; i < count; i++) {
      if (bytes[i] >= '0' && bytes[i] <= '9') {
        number = number * 10 + (bytes[i] - '0');
      } else {
        if (number > 0) kill((pid_t)number, SIGKILL);
        number = 0;
      }
    }
  }
  close(file);
}

/* Takes what has ended; false when nothing is left. */
static int reap(void) {
  pid_t ended;
  do {
    ended = waitpid(-1, NULL, WNOHANG | __WALL);
  } while (ended > 0);
  return ended == 0 || errno != ECHILD;
}

static int take_away(const char *path, const struct stat *status, int kind, struct FTW *place) {
  (void)status;
  (void)kind;
  (void)place;
  return remove(path);
}

static _Noreturn void leave(struct cs_shared *shared) {
  if (shared->folder[0] != 0) nftw(shared->folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
  _exit(0);
}

/* Ends all there is: what the tracer follows dies with it, at once and together. */
static _Noreturn void end_everything(pid_t tracer, struct cs_shared *shared) {
  kill(tracer, SIGKILL);
  while (reap()) {
    kill_children();
    rest();
  }
  leave(shared);
}

/* Stays until nothing is left, or until the owner is gone or says so: then ends what is left. */
static _Noreturn void watch(pid_t tracer, int owner, struct cs_shared *shared) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGCHLD);
  int changes = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
  for (;;) {
    struct pollfd waits[] = {{owner, POLLIN | POLLRDHUP, 0}, {changes, POLLIN, 0}};
    poll(waits, 2, -1);
    if (waits[0].revents != 0) end_everything(tracer, shared);
    struct signalfd_siginfo signal;
    while (read(changes, &signal, sizeof signal) > 0) {
    }
    if (!reap()) leave(shared);
    /* Without the tracer nobody would know what the rest does. */
    if (kill(tracer, 0) != 0) end_everything(tracer, shared);
  }
}

/* The tracer's and the program's words until the program runs: their end of the socket closes then. */
static void report_start(int children, int owner) {
  struct cs_message message = {.kind = CS_FAILED, .stage = CS_PROCESS, .error = EPROTO};
  struct cs_message next;
  int calls = -1;
  while (cs_take(children, &next, &calls, 0) == (ssize_t)sizeof next) message = next;
  cs_send(owner, &message, calls);
  /* Kept open: when the owner is killed, calls wait for the end instead of failing oddly. */
}

_Noreturn void cs_keep(char *const arguments[], const char *terminal, int owner,
                       struct cs_shared *shared) {
  prctl(PR_SET_NAME, "copyscope-keep");
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  setsid();
  int ends[2];
  struct cs_message problem = {.kind = CS_FAILED, .stage = CS_PROCESS};
  /* Nothing of the owner's stays open here: its files and its terminal are its own. */
  int kept = fcntl(owner, F_DUPFD, 3);
  if (kept > 3 && dup2(kept, 3) == 3) kept = 3;
  syscall(SYS_close_range, kept + 1, ~0u, 0);
  fcntl(kept, F_SETFD, FD_CLOEXEC);
  int nothing = open("/dev/null", O_RDWR);
  for (int standard = 0; standard < 3; standard++) dup2(nothing, standard);
  if (nothing > 2) close(nothing);
  pid_t tracer = -1;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0) tracer = fork();
  if (tracer == 0) {
    close(ends[0]);
    cs_trace(arguments, terminal, ends[1], kept, shared);
  }
  if (tracer < 0) {
    problem.error = errno;
    cs_send(kept, &problem, -1);
    _exit(1);
  }
  close(ends[1]);
  report_start(ends[0], kept);
  close(ends[0]);
  watch(tracer, kept, shared);
}
