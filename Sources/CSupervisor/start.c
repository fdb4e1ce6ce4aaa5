#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

static int open_terminal(char *name, size_t size) {
  int outside = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (outside < 0) return -1;
  if (grantpt(outside) == 0 && unlockpt(outside) == 0 && ptsname_r(outside, name, size) == 0) {
    return outside;
  }
  int error = errno;
  close(outside);
  errno = error;
  return -1;
}

static int start_keeper(char *const arguments[], const char *terminal, int owner, int other,
                        struct cs_shared *shared) {
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  pid_t keeper = fork();
  if (keeper == 0) {
    close(other);
    cs_keep(arguments, terminal, owner, shared);
  }
  int error = keeper < 0 ? errno : 0;
  sigprocmask(SIG_SETMASK, &before, NULL);
  return error != 0 ? -error : keeper;
}

/* Waits until the program runs or it is known why it does not. */
static int wait_for_start(struct cs_program *program, enum cs_stage *stage) {
  struct cs_message message;
  do {
    ssize_t count = cs_take(program->keeper, &message, &program->calls, 0);
    if (count != (ssize_t)sizeof message) return count < 0 ? errno : EPROTO;
    /* The tracer speaks for itself: a short program's end may be told before its start. */
    if (message.kind == CS_ENDED) {
      program->ended_early = 1;
      program->early_status = message.status;
    }
  } while (message.kind != CS_STARTED && message.kind != CS_FAILED);
  if (message.kind == CS_STARTED && program->calls >= 0) {
    program->is_undisturbed = message.is_undisturbed;
    program->pid = atomic_load(&program->shared->program);
    program->trace_error = atomic_load(&program->shared->trace_error);
    return 0;
  }
  *stage = message.stage;
  return message.error != 0 ? message.error : EPROTO;
}

static int start_between(char *const arguments[], const char *terminal, struct cs_program *program,
                         enum cs_stage *stage) {
  int ends[2];
  *stage = CS_PROCESS;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return errno;
  program->keeper = ends[0];
  program->keeper_process = start_keeper(arguments, terminal, ends[1], ends[0], program->shared);
  close(ends[1]);
  if (program->keeper_process < 0) {
    close(ends[0]);
    return -program->keeper_process;
  }
  int error = wait_for_start(program, stage);
  if (error == 0) return 0;
  if (program->calls >= 0) close(program->calls);
  close(ends[0]);
  waitpid(program->keeper_process, NULL, 0);
  return error;
}

int cs_start(char *const arguments[], struct cs_program *program, enum cs_stage *stage) {
  char name[64];
  *program = (struct cs_program){.calls = -1};
  *stage = CS_TERMINAL;
  program->terminal = open_terminal(name, sizeof name);
  if (program->terminal < 0) return errno;
  *stage = CS_PROCESS;
  void *page = mmap(NULL, sizeof(struct cs_shared), PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int error = page == MAP_FAILED ? errno : 0;
  if (error == 0) {
    program->shared = page;
    error = start_between(arguments, name, program, stage);
  }
  if (error == 0) return 0;
  if (page != MAP_FAILED) munmap(page, sizeof(struct cs_shared));
  close(program->terminal);
  return error;
}

const char *cs_make_folder(struct cs_program *program) {
  char *name = program->shared->folder;
  if (name[0] != 0) return name;
  char wanted[] = "/tmp/copyscope-XXXXXX";
  if (mkdtemp(wanted) == NULL) return NULL;
  strcpy(name, wanted);
  return name;
}

void cs_hear(const struct cs_program *program, struct cs_news *news) {
  struct cs_message message;
  if (program->ended_early) {
    news->has_ended = 1;
    news->status = program->early_status;
  }
  for (;;) {
    ssize_t count = cs_take(program->keeper, &message, NULL, MSG_DONTWAIT);
    if (count < 0) return;
    if (count == 0) {
      news->is_gone = 1;
      return;
    }
    if (message.kind == CS_ENDED) {
      news->has_ended = 1;
      news->status = message.status;
    }
  }
}

void cs_end(struct cs_program *program) {
  if (program->keeper_process <= 0) return;
  shutdown(program->keeper, SHUT_WR);
  while (waitpid(program->keeper_process, NULL, 0) < 0 && errno == EINTR) {
  }
  program->keeper_process = 0;
}

void cs_release(struct cs_program *program) {
  cs_end(program);
  close(program->calls);
  close(program->terminal);
  close(program->keeper);
  munmap(program->shared, sizeof(struct cs_shared));
}

uint32_t cs_generation(const struct cs_program *program) {
  return program->trace_error != 0 ? 0 : atomic_load(&program->shared->generation);
}

int cs_catch_endings(void) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  sigset_t endings;
  sigemptyset(&endings);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaddset(&endings, numbers[i]);
  if (sigprocmask(SIG_BLOCK, &endings, NULL) != 0) return -1;
  return signalfd(-1, &endings, SFD_CLOEXEC | SFD_NONBLOCK);
}
