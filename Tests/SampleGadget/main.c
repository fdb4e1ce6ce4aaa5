/*
 * A small raw-gadget program: a device without a driver on the host's side, with one interrupt endpoint.
 * The first argument says what it does besides being enumerated; it prints what it sees.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/usb/ch9.h>
#include <linux/usb/raw_gadget.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "odd.h"

static int device;

static const struct usb_device_descriptor device_descriptor = {
    .bLength = USB_DT_DEVICE_SIZE,
    .bDescriptorType = USB_DT_DEVICE,
    .bcdUSB = 0x0200,
    .bMaxPacketSize0 = 64,
    .idVendor = 0x1d6b,
    .idProduct = 0x0104,
    .bNumConfigurations = 1,
};

static const unsigned char vendor_configuration[] = {
    9, USB_DT_CONFIG,    25, 0, 1, 1, 0, 0x80, 50,   /* one interface */
    9, USB_DT_INTERFACE, 0,  0, 1, 0xff, 0, 0, 0,    /* vendor class, one endpoint */
    7, USB_DT_ENDPOINT,  0x81, 3, 8, 0, 5,           /* interrupt IN, 8 bytes */
};

int say(const char *what, int result) {
  if (result < 0) {
    printf("%s: %s\n", what, strerrorname_np(errno));
  } else {
    printf("%s: %d\n", what, result);
  }
  fflush(stdout);
  return result;
}

static void begin(const char *driver, const char *controller) {
  struct usb_raw_init init = {.speed = USB_SPEED_HIGH};
  strcpy((char *)init.driver_name, driver);
  strcpy((char *)init.device_name, controller);
  device = open("/dev/raw-gadget", O_RDWR);
  say("open", device < 0 ? -1 : 0);
  if (device < 0) exit(1);
  say("INIT", ioctl(device, USB_RAW_IOCTL_INIT, &init));
  say("RUN", ioctl(device, USB_RAW_IOCTL_RUN, 0));
}

static const unsigned char printer_configuration[] = {
    9, USB_DT_CONFIG,    32, 0, 1, 1, 0, 0x80, 50,
    9, USB_DT_INTERFACE, 0,  0, 2, 7, 1, 2, 0,       /* a printer that talks back */
    7, USB_DT_ENDPOINT,  0x81, 2, 0, 2, 0,
    7, USB_DT_ENDPOINT,  0x02, 2, 0, 2, 0,
};

static const unsigned char *configuration = vendor_configuration;

union answer {
  struct usb_raw_ep_io io;
  unsigned char bytes[sizeof(struct usb_raw_ep_io) + 256];
};

static int answer(const struct usb_ctrlrequest *request, const void *bytes, size_t length) {
  union answer answer = {.bytes = {0}};
  if (length > request->wLength) length = request->wLength;
  answer.io.length = (unsigned)length;
  memcpy(answer.bytes + sizeof answer.io, bytes, length);
  if ((request->bRequestType & USB_DIR_IN) != 0) return ioctl(device, USB_RAW_IOCTL_EP0_WRITE, &answer);
  return ioctl(device, USB_RAW_IOCTL_EP0_READ, &answer);
}

static int enable(void) {
  struct usb_endpoint_descriptor endpoint;
  int handle = -1;
  for (int place = configuration[2] - 7; place >= 18; place -= 7) {
    memcpy(&endpoint, configuration + place, 7);
    handle = say("EP_ENABLE", ioctl(device, USB_RAW_IOCTL_EP_ENABLE, &endpoint));
  }
  say("CONFIGURE", ioctl(device, USB_RAW_IOCTL_CONFIGURE, 0));
  return handle;
}

/* Serves control requests until the host has configured the device. */
static int serve(void) {
  union {
    struct usb_raw_event event;
    unsigned char bytes[sizeof(struct usb_raw_event) + sizeof(struct usb_ctrlrequest)];
  } got;
  struct usb_ctrlrequest request;
  for (;;) {
    memset(&got, 0, sizeof got);
    got.event.length = sizeof request;
    if (ioctl(device, USB_RAW_IOCTL_EVENT_FETCH, &got) < 0) return say("EVENT_FETCH", -1);
    if (got.event.type != USB_RAW_EVENT_CONTROL) {
      say("event", (int)got.event.type);
      continue;
    }
    memcpy(&request, got.bytes + sizeof got.event, sizeof request);
    say("request", request.bRequest);
    if (request.bRequest == USB_REQ_SET_CONFIGURATION) {
      int handle = enable();
      say("status", answer(&request, "", 0));
      return handle;
    }
    if ((request.bRequestType & USB_TYPE_MASK) == USB_TYPE_CLASS) {
      /* GET_DEVICE_ID and GET_PORT_STATUS of a printer. */
      static const unsigned char name[] = "\0\14MFG:copier;";
      answer(&request, name, request.bRequest == 0 ? 12 : 1);
      continue;
    }
    int type = request.wValue >> 8;
    if (type == USB_DT_DEVICE) {
      answer(&request, &device_descriptor, sizeof device_descriptor);
    } else if (type == USB_DT_CONFIG) {
      answer(&request, configuration, configuration[2]);
    } else {
      say("stall", ioctl(device, USB_RAW_IOCTL_EP0_STALL, 0));
    }
  }
}

/* Prints what the host prints. */
static void *print(void *handle) {
  static union {
    struct usb_raw_ep_io io;
    char bytes[sizeof(struct usb_raw_ep_io) + 1024];
  } page;
  for (;;) {
    page.io.ep = (unsigned short)*(int *)handle;
    page.io.length = 1024;
    int length = ioctl(device, USB_RAW_IOCTL_EP_READ, &page);
    if (length < 0) return NULL;
    printf("printed %d: %.*s\n", length, length < 20 ? length : 0, page.bytes + sizeof page.io);
    fflush(stdout);
  }
}

static void *write_report(void *handle) {
  union answer report = {.bytes = {0}};
  report.io.ep = (unsigned short)*(int *)handle;
  report.io.length = 8;
  say("EP_WRITE", ioctl(device, USB_RAW_IOCTL_EP_WRITE, &report));
  return NULL;
}

/* More calls than anybody wants to see. */
static void call_often(void) {
  for (int i = 0; i < 2100; i++) ioctl(device, USB_RAW_IOCTL_EP0_STALL, 0);
}

/* Marks that stand on the sign before them, so that all are one character. */
static void talk(void) {
  for (int i = 0; i < 100000; i++) fputs("\xcc\x81", stdout);
  fflush(stdout);
}

static void *call_for_ever(void *nothing) {
  for (;;) ioctl(device, USB_RAW_IOCTL_RUN, 0);
  return nothing;
}

static void storm(void) {
  pthread_t thread;
  for (int i = 0; i < 64; i++) pthread_create(&thread, NULL, call_for_ever, NULL);
  pthread_join(thread, NULL);
}

/* Becomes a process of its own, as servers do. */
static void leave(void) {
  if (fork() != 0) {
    sleep(1);
    return;
  }
  setsid();
  if (fork() != 0) _exit(0);
  fputs("in the background\n", stdout);
  fflush(stdout);
  for (;;) pause();
}

static void on_alarm(int number) { (void)number; }

/* Sleeps in EVENT_FETCH until a signal comes. */
static void wait_for_signal(void) {
  struct sigaction action = {.sa_handler = on_alarm};
  struct usb_raw_event event = {.length = 0};
  sigaction(SIGALRM, &action, NULL);
  alarm(1);
  say("EVENT_FETCH", ioctl(device, USB_RAW_IOCTL_EVENT_FETCH, &event));
}

/* Calls the driver refuses, and a descriptor used under another number and in another process. */
static void misuse(void) {
  say("NULL", ioctl(device, USB_RAW_IOCTL_EVENT_FETCH, 0));
  say("again", ioctl(device, USB_RAW_IOCTL_RUN, 0));
  say("unknown", ioctl(device, _IO('U', 99), 0));
  unsigned char bytes[4] = {1, 2, 3, 4};
  say("foreign", ioctl(device, _IOW('V', 98, unsigned), bytes));
  say("close on exec", ioctl(device, FIOCLEX));
  int other = dup(device);
  close(device);
  say("handle", ioctl(other, USB_RAW_IOCTL_EP_DISABLE, 77));
  if (fork() == 0) {
    say("child", ioctl(other, USB_RAW_IOCTL_EP_DISABLE, 77));
    _exit(0);
  }
  wait(NULL);
  close(other);
  say("closed", ioctl(other, USB_RAW_IOCTL_RUN, 0));
  say("reopened", open("/dev/raw-gadget", O_RDWR) >= 0 ? 0 : -1);
}

/* Writes and reads on an endpoint that is not enabled, as long as the driver allows and longer. */
static void transfer_long(void) {
  /* A page and no more. */
  char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(page + 4096, 4096, PROT_NONE);
  struct usb_raw_ep_io cut = {.ep = 5, .length = 100};
  memcpy(page + 4096 - sizeof cut - 30, &cut, sizeof cut);
  say("cut", ioctl(device, USB_RAW_IOCTL_EP_WRITE, page + 4096 - sizeof cut - 30));
  static const unsigned lengths[] = {100000, 4194304, 4194305, 0xffffffffu};
  size_t room = sizeof(struct usb_raw_ep_io) + 4194305;
  struct usb_raw_ep_io *io = calloc(1, room);
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    char what[40];
    io->ep = 5;
    io->length = lengths[i];
    snprintf(what, sizeof what, "write %u", lengths[i]);
    say(what, ioctl(device, USB_RAW_IOCTL_EP_WRITE, io));
    snprintf(what, sizeof what, "read %u", lengths[i]);
    say(what, ioctl(device, USB_RAW_IOCTL_EP_READ, io));
  }
}

int main(int count, char **words) {
  const char *what = count > 1 ? words[1] : "";
  if (do_first(what)) return 0;
  /* A server that goes on when the one who started it is content. */
  if (strcmp(what, "serve") == 0 && fork() != 0) return 7;
  if (strcmp(what, "printer") == 0 || strcmp(what, "mute") == 0) configuration = printer_configuration;
  if (strcmp(what, "board") == 0) {
    begin("20980000.usb", "20980000.usb");
  } else {
    begin("dummy_udc", "dummy_udc.0");
  }
  if (strcmp(what, "tested") == 0) {
    be_tested(device);
    return 0;
  }
  int handle = serve();
  if (strcmp(what, "printer") == 0) {
    pthread_t thread;
    /* The endpoint that was enabled first. */
    int out = 1;
    pthread_create(&thread, NULL, print, &out);
    while (serve() >= 0) {
    }
    return 0;
  }
  if (strcmp(what, "thread") == 0) {
    pthread_t thread;
    pthread_create(&thread, NULL, write_report, &handle);
    struct usb_raw_event event = {.length = 0};
    ioctl(device, USB_RAW_IOCTL_EVENT_FETCH, &event);
  }
  do_with(device, what);
  keep_waiting(device, what);
  if (strcmp(what, "signal") == 0) wait_for_signal();
  if (strcmp(what, "misuse") == 0) misuse();
  if (strcmp(what, "long") == 0) transfer_long();
  if (strcmp(what, "many") == 0) call_often();
  if (strcmp(what, "storm") == 0) storm();
  if (strcmp(what, "leave") == 0) leave();
  if (strcmp(what, "talk") == 0) talk();
  if (strcmp(what, "stay") == 0) {
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    for (;;) pause();
  }
  if (strcmp(what, "fail") == 0) return 7;
  return 0;
}
