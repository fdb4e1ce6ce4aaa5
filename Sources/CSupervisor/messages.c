#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "internal.h"

union control {
  struct cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];
};

int cs_send(int socket, const struct cs_message *message, int descriptor) {
  struct iovec part = {(void *)message, sizeof *message};
  union control control = {.bytes = {0}};
  struct msghdr envelope = {.msg_iov = &part, .msg_iovlen = 1};
  if (descriptor >= 0) {
    envelope.msg_control = control.bytes;
    envelope.msg_controllen = sizeof control.bytes;
    struct cmsghdr *header = CMSG_FIRSTHDR(&envelope);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  }
  ssize_t sent;
  do {
    sent = sendmsg(socket, &envelope, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? errno : 0;
}

ssize_t cs_take(int socket, struct cs_message *message, int *descriptor, int flags) {
  struct iovec part = {message, sizeof *message};
  union control control;
  struct msghdr envelope = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
  ssize_t count;
  do {
    count = recvmsg(socket, &envelope, flags | MSG_CMSG_CLOEXEC);
  } while (count < 0 && errno == EINTR);
  struct cmsghdr *header = count > 0 ? CMSG_FIRSTHDR(&envelope) : NULL;
  if (header != NULL && header->cmsg_type == SCM_RIGHTS && descriptor != NULL) {
    memcpy(descriptor, CMSG_DATA(header), sizeof *descriptor);
  }
  return count;
}
