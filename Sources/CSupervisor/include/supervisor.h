/*
 * Starting a program whose opens of /dev/raw-gadget and whose calls on it are answered by somebody else
 * (seccomp_unotify(2)). Functions that can fail return 0 or an errno.
 *
 * Two processes stand between: the keeper ends everything the program started when its owner is gone,
 * whatever ended it, and reaps it; the tracer, which is the program's parent, follows all its processes and
 * threads (ptrace(2)), so that none escapes and no signal disturbs a call that only had to be looked at.
 */
#ifndef COPYSCOPE_SUPERVISOR_H
#define COPYSCOPE_SUPERVISOR_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a waiting system call is. */
enum cs_kind {
  /* open(2) and its like: directory, path, flags. */
  CS_OPEN,
  /* access(2) and its like: directory, path. */
  CS_ACCESS,
  /* stat(2) and its like: directory, path, where the answer goes. */
  CS_STAT,
  CS_STATX,
  /* ioctl(2): descriptor, number, argument. */
  CS_IOCTL,
  /* An open by the rules of another processor, as 32-bit programs make them: path. */
  CS_FOREIGN,
  /* sigaction(2), only to be seen: number of the signal, flags. */
  CS_HANDLER,
};

/* A system call that waits for an answer. */
struct cs_call {
  uint64_t id;
  /* The thread that calls. */
  pid_t thread;
  enum cs_kind kind;
  /* The descriptor paths start at, or the one an ioctl is about. */
  int descriptor;
  /* Addresses in the program. */
  uint64_t path, answer, argument;
  uint64_t flags;
  uint32_t number;
  /* A symbolic link at the end of the path is not followed. */
  int stays;
};

struct cs_shared;

struct cs_program {
  pid_t pid;
  /* A child of the owner's; gone when nothing is left of the program. */
  pid_t keeper_process;
  /* Readable when a call waits; hung up when nobody is left who could call. */
  int calls;
  /* The program's terminal, from outside. */
  int terminal;
  /* Readable when a process or a thread of the program came or went. */
  int keeper;
  struct cs_shared *shared;
  /* The kernel lets a call that was taken wait for its answer whatever signals come (Linux 5.19). */
  int is_undisturbed;
  /* Why the program's processes cannot be followed; 0 when they are. */
  int trace_error;
  /* It ended before its start was told, with that status. */
  int ended_early, early_status;
};

/* What was being done when starting failed. */
enum cs_stage { CS_TERMINAL, CS_PROCESS, CS_FILTER, CS_EXECUTION };

/* Starts a program found as execvp(3) finds it, stopped at its first call that matters. */
int cs_start(char *const arguments[], struct cs_program *program, enum cs_stage *stage);

/* Makes a folder of the program's own, which the keeper takes away in the end; its path, or NULL. */
const char *cs_make_folder(struct cs_program *program);

/* What became of the program meanwhile. */
struct cs_news {
  /* The program itself has ended, with that status as waitpid(2) gives it. */
  int has_ended, status;
  /* Nothing is left of it and of what it started. */
  int is_gone;
};

/* Takes what the keeper has to say, without waiting. */
void cs_hear(const struct cs_program *program, struct cs_news *news);

/* Ends the program and everything it started, at once, and waits for it. */
void cs_end(struct cs_program *program);

/* Ends it if it still runs, and gives back what cs_start took. */
void cs_release(struct cs_program *program);

/* A number that changes whenever a thread of the program comes or goes; 0 when nobody knows. */
uint32_t cs_generation(const struct cs_program *program);

/* Threads of the process that thread belongs to; 0 when it is gone. */
int cs_threads(pid_t thread);

/* Whether a thread sleeps in a read of descriptor 0. */
int cs_reads_terminal(pid_t thread);

/* The process a thread belongs to; 0 when it is gone. */
pid_t cs_group(pid_t thread);

/* The signal that would end a sleep of that thread; 0 when none waits. */
int cs_signal(pid_t thread);

/* A descriptor that becomes readable when the user or the system wants this program to end, which it does
   not do by itself from then on; -1 when there is none. */
int cs_catch_endings(void);

/* Takes the next call; EAGAIN when its caller is gone already. */
int cs_receive(int calls, struct cs_call *call);

/* Whether the caller still waits: its end, or on older kernels a signal, ends its waiting. */
int cs_still_waits(int calls, uint64_t id);

/* Lets the kernel itself do the call. */
int cs_let_through(int calls, uint64_t id);

/* Ends the call with a value, or with -1 and an errno when that is not 0. */
int cs_answer(int calls, uint64_t id, int64_t value, int error);

/* Lets the signal that waits come first: the call is made again after its handler. */
int cs_answer_later(int calls, uint64_t id);

/* Ends an open with a descriptor of the caller's own that stands for `file`. */
int cs_answer_with_file(int calls, uint64_t id, int file, int closes_on_exec);

/* O_PATH, which <fcntl.h> keeps for itself. */
enum { CS_PATH_ONLY = 010000000 };

/* A file in memory with those bytes, to be read; -1 with errno. */
int cs_memory_file(const char *name, const void *bytes, size_t length);

/* Writes what stat(2) or statx(2) say of a file with that mode and device number of the caller's own. */
int cs_write_status(const struct cs_call *call, uint32_t mode, uint64_t device, uint64_t size);

/* Lets this process have as many descriptors as the system allows it; EMFILE when it has them already. */
int cs_raise_limit(void);

/* Bytes of a program's memory; how many could be read or written before the first that could not. */
size_t cs_read(pid_t thread, uint64_t address, void *bytes, size_t length);
size_t cs_write(pid_t thread, uint64_t address, const void *bytes, size_t length);

/* How many bytes from there on the program may write; nothing is changed. */
size_t cs_writable(pid_t thread, uint64_t address, size_t length);

#endif
