/* What the parts of the supervisor share. */
#ifndef COPYSCOPE_SUPERVISOR_INTERNAL_H
#define COPYSCOPE_SUPERVISOR_INTERNAL_H

#include <stdatomic.h>

#include "supervisor.h"

/* Results by which the kernel's own calls are made again; they never reach a program. */
enum { CS_ERESTARTSYS = 512, CS_ERESTARTNOINTR = 513 };

/* A page that the owner, the keeper and the tracer see. */
struct cs_shared {
  _Atomic uint32_t generation;
  _Atomic pid_t program;
  _Atomic int trace_error;
  /* A folder to take away in the end; empty for none. */
  char folder[64];
};

/* What the keeper tells its owner. */
struct cs_message {
  enum { CS_STARTED, CS_FAILED, CS_CHANGED, CS_ENDED } kind;
  enum cs_stage stage;
  int error;
  int is_undisturbed;
  int status;
};

/* Installs the filter on the calling thread and all it will start; a descriptor for its calls, or -1. */
int cs_install_filter(int *is_undisturbed);

/* Sends a message with a descriptor, -1 for none; 0 or an errno. */
int cs_send(int socket, const struct cs_message *message, int descriptor);

/* Takes a message: its length, 0 at the end, -1. */
ssize_t cs_take(int socket, struct cs_message *message, int *descriptor, int flags);

/* The keeper's life: starts the program and stays until it and all it started are gone. */
_Noreturn void cs_keep(char *const arguments[], const char *terminal, int owner,
                       struct cs_shared *shared);

/* The tracer's life: follows what the program does until nothing is left. */
_Noreturn void cs_trace(char *const arguments[], const char *terminal, int keeper, int owner,
                        struct cs_shared *shared);

#endif
