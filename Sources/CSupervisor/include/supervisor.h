/*
 * Starting a program whose opens of /dev/raw-gadget and whose calls on it are answered by somebody else
 * (seccomp_unotify(2)). Functions that can fail return 0 or an errno.
 */
#ifndef COPYSCOPE_SUPERVISOR_H
#define COPYSCOPE_SUPERVISOR_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A system call that waits for an answer. */
struct cs_call {
  uint64_t id;
  /* The thread that calls. */
  pid_t thread;
  /* An open, with the address of its path and its flags; else an ioctl, with descriptor, number, argument. */
  int is_open;
  uint64_t path, flags;
  int descriptor;
  uint32_t number;
  uint64_t argument;
};

struct cs_program {
  pid_t pid;
  /* Readable when a call waits; hung up when nobody is left who could call. */
  int calls;
  /* The program's terminal, from outside. */
  int terminal;
};

/* What was being done when starting failed. */
enum cs_stage { CS_TERMINAL, CS_PROCESS, CS_FILTER, CS_EXECUTION };

/* Starts a program found as execvp(3) finds it, stopped at its first call that matters. */
int cs_start(char *const arguments[], struct cs_program *program, enum cs_stage *stage);

/* A descriptor that becomes readable when the user or the system wants this program to end, which it does
   not do by itself from then on; -1 when there is none. */
int cs_catch_endings(void);

/* Takes the next call; EAGAIN when its caller is gone already. */
int cs_receive(int calls, struct cs_call *call);

/* Whether the caller still waits: a signal ends its waiting. */
int cs_still_waits(int calls, uint64_t id);

/* Lets the kernel itself do the call. */
int cs_let_through(int calls, uint64_t id);

/* Ends the call with a value, or with -1 and an errno when that is not 0. */
int cs_answer(int calls, uint64_t id, int64_t value, int error);

/* Ends an open with a descriptor of the caller's own that stands for `file`. */
int cs_answer_with_file(int calls, uint64_t id, int file, int closes_on_exec);

/* Bytes of a program's memory; how many could be read or written before the first that could not. */
size_t cs_read(pid_t thread, uint64_t address, void *bytes, size_t length);
size_t cs_write(pid_t thread, uint64_t address, const void *bytes, size_t length);

#endif
