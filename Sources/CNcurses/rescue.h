/*
 * Signals and the way out.  A signal handler is given a number and nothing else, so what it needs must be in
 * static storage; this is the one place in the program that has any.  Everything a handler calls here is on
 * the list of async-signal-safe functions (signal-safety(7)).
 */
#ifndef COPYSCOPE_RESCUE_H
#define COPYSCOPE_RESCUE_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { CN_RESCUE_BYTES = 512, CN_RESCUE_SIGNALS = 65, CN_RESCUE_STACK = 65536 };

/* Added to a signal's number in the pipe: the terminal sent it for a key, no process. */
enum { CN_RESCUE_TYPED = 0x80 };

struct cn_rescue {
  volatile sig_atomic_t is_armed;
  volatile sig_atomic_t asked_to_end;
  pid_t owner;
  int pipe_read, pipe_write;
  struct termios terminal;
  int flags;
  size_t length;
  char bytes[CN_RESCUE_BYTES];
  int is_saved[CN_RESCUE_SIGNALS];
  struct sigaction saved[CN_RESCUE_SIGNALS];
  int has_exit_hook, has_stack;
  char stack[CN_RESCUE_STACK];
};

/*
 * A header is compiled into every object file that uses it, so storage in it would be as many copies. Weak
 * definitions are one for the linker, whichever files they come from.
 */
__attribute__((weak, visibility("hidden"))) struct cn_rescue cn_rescue_storage = {
    .pipe_read = -1, .pipe_write = -1};

static inline struct cn_rescue *cn_rescue_state(void) { return &cn_rescue_storage; }

/* Writes everything, waiting for a slow terminal at most a second at a time. */
static inline void cn_write_all(int descriptor, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(descriptor, bytes, length);
    if (written > 0) {
      bytes += written;
      length -= (size_t)written;
    } else if (written < 0 && errno == EAGAIN) {
      struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
      if (poll(&ready, 1, 1000) <= 0) return;
    } else if (written == 0 || errno != EINTR) {
      return;
    }
  }
}

/*
 * Puts the terminal back as it was found, once.  A signal that comes meanwhile does it all again, so that none
 * finds it half done; a terminal that takes nothing is waited for a second.
 */
static inline void cn_rescue_restore(void) {
  struct cn_rescue *state = cn_rescue_state();
  if (!state->is_armed || state->owner != getpid()) return;
  tcsetattr(STDIN_FILENO, TCSANOW, &state->terminal);
  fcntl(STDOUT_FILENO, F_SETFL, state->flags | O_NONBLOCK);
  cn_write_all(STDOUT_FILENO, state->bytes, state->length);
  fcntl(STDOUT_FILENO, F_SETFL, state->flags);
  state->is_armed = 0;
}

/* Gives a signal back to whoever had it before and sends it again. */
static inline void cn_rescue_pass_on(int number) {
  struct cn_rescue *state = cn_rescue_state();
  if (number > 0 && number < CN_RESCUE_SIGNALS && state->is_saved[number]) {
    sigaction(number, &state->saved[number], NULL);
  } else {
    signal(number, SIG_DFL);
  }
  raise(number);
}

/* A trap: restore, then let the earlier handler or the default action have it. */
static inline void cn_rescue_on_trap(int number) {
  int before = errno;
  cn_rescue_restore();
  cn_rescue_pass_on(number);
  errno = before;
}

/* A notice for the main loop: a byte in its pipe. */
static inline void cn_rescue_tell(int byte) {
  int before = errno;
  unsigned char told = (unsigned char)byte;
  ssize_t ignored = write(cn_rescue_state()->pipe_write, &told, 1);
  (void)ignored;
  errno = before;
}

static inline void cn_rescue_on_notice(int number) { cn_rescue_tell(number); }

/* A request to end: the main loop is told; if it has not ended by the second request, end here. */
static inline void cn_rescue_on_end(int number, siginfo_t *sent, void *context) {
  struct cn_rescue *state = cn_rescue_state();
  (void)context;
  if (state->asked_to_end) {
    cn_rescue_on_trap(number);
    return;
  }
  state->asked_to_end = 1;
  cn_rescue_tell(number | (sent->si_code == SI_KERNEL ? CN_RESCUE_TYPED : 0));
}

/* The main loop was told and goes on all the same: the next request is a first one again. */
static inline void cn_rescue_go_on(void) { cn_rescue_state()->asked_to_end = 0; }

/* Catches a signal; one that is ignored only if that counts for nothing. */
static inline void cn_rescue_catch(int number, struct sigaction action, int even_ignored) {
  struct cn_rescue *state = cn_rescue_state();
  struct sigaction before;
  if (sigaction(number, NULL, &before) != 0) return;
  if (before.sa_handler == action.sa_handler) return;
  /* Whoever started the program may have asked for a signal to be ignored (nohup). */
  if (before.sa_handler == SIG_IGN && !even_ignored) return;
  sigemptyset(&action.sa_mask);
  if (!state->is_saved[number]) state->saved[number] = before;
  state->is_saved[number] = 1;
  sigaction(number, &action, NULL);
}

/* The pipe a main loop polls for signals, -1 when there is none; each byte is a signal's number, with CN_RESCUE_TYPED. */
static inline int cn_rescue_pipe(void) { return cn_rescue_state()->pipe_read; }

static inline int cn_rescue_open_pipe(void) {
  struct cn_rescue *state = cn_rescue_state();
  int ends[2];
  if (state->pipe_read >= 0) return 1;
  if (pipe(ends) != 0) return 0;
  for (int i = 0; i < 2; i++) {
    fcntl(ends[i], F_SETFL, O_NONBLOCK);
    fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  }
  state->pipe_read = ends[0];
  state->pipe_write = ends[1];
  return 1;
}

/* Gives every signal back to whoever had it. */
static inline void cn_rescue_release(void) {
  struct cn_rescue *state = cn_rescue_state();
  for (int number = 1; number < CN_RESCUE_SIGNALS; number++) {
    if (!state->is_saved[number]) continue;
    sigaction(number, &state->saved[number], NULL);
    state->is_saved[number] = 0;
  }
  state->asked_to_end = 0;
  if (state->pipe_read >= 0) {
    close(state->pipe_read);
    close(state->pipe_write);
    state->pipe_read = state->pipe_write = -1;
  }
}

/* Whether the terminal is ours now. */
static inline int cn_rescue_is_armed(void) { return cn_rescue_state()->is_armed; }

/* Remembers the terminal's modes as they are before the screen opens. */
static inline int cn_rescue_remember(void) {
  struct cn_rescue *state = cn_rescue_state();
  return tcgetattr(STDIN_FILENO, &state->terminal) == 0;
}

/* Bytes that undo what the screen did to the terminal; at most CN_RESCUE_BYTES. */
static inline void cn_rescue_arm(const char *bytes, size_t length) {
  struct cn_rescue *state = cn_rescue_state();
  state->length = length < CN_RESCUE_BYTES ? length : CN_RESCUE_BYTES;
  memcpy(state->bytes, bytes, state->length);
  /* Asked now: in the midst of restoring, the flags are not those that were found. */
  state->flags = fcntl(STDOUT_FILENO, F_GETFL);
  state->owner = getpid();
  state->is_armed = 1;
}

static inline void cn_rescue_disarm(void) { cn_rescue_state()->is_armed = 0; }

/* Catches signals for the time the screen is open; 0 when there is no pipe to be had. */
static inline int cn_rescue_install(void) {
  /* Faults of the program's own, which cannot be ignored. */
  static const int faults[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS};
  /* What else ends a program that does not catch it. */
  static const int deaths[] = {SIGUSR1, SIGUSR2,   SIGPIPE, SIGALRM, SIGSTKFLT, SIGXCPU,
                               SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR};
  static const int ends[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
  static const int notices[] = {SIGWINCH, SIGTSTP, SIGCONT};
  const struct sigaction trap = {.sa_handler = cn_rescue_on_trap, .sa_flags = SA_ONSTACK};
  const struct sigaction end = {.sa_sigaction = cn_rescue_on_end, .sa_flags = SA_RESTART | SA_SIGINFO};
  const struct sigaction notice = {.sa_handler = cn_rescue_on_notice, .sa_flags = SA_RESTART};
  struct cn_rescue *state = cn_rescue_state();
  if (!cn_rescue_open_pipe()) return 0;
  if (!state->has_exit_hook) state->has_exit_hook = atexit(cn_rescue_restore) == 0;
  if (!state->has_stack) {
    stack_t present, own = {.ss_sp = state->stack, .ss_size = CN_RESCUE_STACK};
    state->has_stack = 1;
    if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE)) {
      sigaltstack(&own, NULL);
    }
  }
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    cn_rescue_catch(faults[i], trap, 1);
  }
  for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
    cn_rescue_catch(deaths[i], trap, 0);
  }
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++) {
    cn_rescue_catch(number, trap, 0);
  }
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    cn_rescue_catch(ends[i], end, 0);
  }
  for (size_t i = 0; i < sizeof notices / sizeof *notices; i++) {
    cn_rescue_catch(notices[i], notice, 0);
  }
  return 1;
}

/* Stops as an uncaught SIGTSTP would; returns when the program is continued. */
static inline void cn_rescue_stop(void) {
  sigset_t only, before;
  struct sigaction plain, ours;
  memset(&plain, 0, sizeof plain);
  plain.sa_handler = SIG_DFL;
  sigaction(SIGTSTP, &plain, &ours);
  sigemptyset(&only);
  sigaddset(&only, SIGTSTP);
  raise(SIGTSTP);
  sigprocmask(SIG_UNBLOCK, &only, &before);
  sigprocmask(SIG_SETMASK, &before, NULL);
  sigaction(SIGTSTP, &ours, NULL);
}

/* Ends the program as if `number` had not been caught. */
static inline void cn_rescue_die(int number) {
  sigset_t only;
  cn_rescue_restore();
  signal(number, SIG_DFL);
  sigemptyset(&only);
  sigaddset(&only, number);
  sigprocmask(SIG_UNBLOCK, &only, NULL);
  raise(number);
  _exit(128 + number);
}

#endif
