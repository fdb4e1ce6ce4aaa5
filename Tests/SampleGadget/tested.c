/* A device for the host's usbtest driver, a printer that is mute, and programs that keep the host waiting. */
#include "odd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usb/ch9.h>
#include <linux/usb/raw_gadget.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

static int device;

union transfer {
  struct usb_raw_ep_io io;
  unsigned char bytes[sizeof(struct usb_raw_ep_io) + 1024];
};

static const struct usb_device_descriptor descriptor = {
    .bLength = USB_DT_DEVICE_SIZE,
    .bDescriptorType = USB_DT_DEVICE,
    .bcdUSB = 0x0200,
    .bMaxPacketSize0 = 64,
    .idVendor = 0x0525,
    .idProduct = 0xa4a0,
    .bNumConfigurations = 1,
};

static const unsigned char qualifier[] = {10, USB_DT_DEVICE_QUALIFIER, 0, 2, 0, 0, 0, 64, 1, 0};

static const unsigned char configuration[] = {
    9, USB_DT_CONFIG,    46, 0, 1, 1, 0, 0x80, 50,
    9, USB_DT_INTERFACE, 0,  0, 4, 0xff, 0, 0, 0,
    7, USB_DT_ENDPOINT,  0x81, 2, 0, 2, 0,
    7, USB_DT_ENDPOINT,  0x02, 2, 0, 2, 0,
    7, USB_DT_ENDPOINT,  0x85, 3, 64, 0, 4,
    7, USB_DT_ENDPOINT,  0x06, 3, 64, 0, 4,
};

struct end {
  int handle, is_in, length, packet;
};

/* Sends what usbtest expects, a count modulo 63 in each packet, or takes what comes. */
static void *pump(void *argument) {
  const struct end *end = argument;
  union transfer transfer;
  for (;;) {
    transfer.io = (struct usb_raw_ep_io){.ep = (unsigned short)end->handle, .length = (unsigned)end->length};
    for (int i = 0; i < end->length; i++) {
      transfer.bytes[sizeof transfer.io + i] = (unsigned char)(i % end->packet % 63);
    }
    int result = ioctl(device, end->is_in ? USB_RAW_IOCTL_EP_WRITE : USB_RAW_IOCTL_EP_READ, &transfer);
    if (result < 0 && errno == ESHUTDOWN) return NULL;
  }
}

static void configure(void) {
  static struct end ends[4];
  pthread_t thread;
  for (int i = 0; i < 4; i++) {
    struct usb_endpoint_descriptor endpoint;
    memcpy(&endpoint, configuration + 18 + 7 * i, 7);
    int handle = ioctl(device, USB_RAW_IOCTL_EP_ENABLE, &endpoint);
    int is_bulk = i < 2;
    ends[i] = (struct end){handle, endpoint.bEndpointAddress >> 7, is_bulk ? 1024 : 64, is_bulk ? 512 : 64};
    pthread_create(&thread, NULL, pump, &ends[i]);
  }
  ioctl(device, USB_RAW_IOCTL_CONFIGURE, 0);
}

static int fetch(struct usb_ctrlrequest *request) {
  union {
    struct usb_raw_event event;
    unsigned char bytes[sizeof(struct usb_raw_event) + sizeof(struct usb_ctrlrequest)];
  } got;
  do {
    got.event.length = sizeof *request;
    if (ioctl(device, USB_RAW_IOCTL_EVENT_FETCH, &got) < 0) return -1;
  } while (got.event.type != USB_RAW_EVENT_CONTROL);
  memcpy(request, got.bytes + sizeof got.event, sizeof *request);
  return 0;
}

static int give(const struct usb_ctrlrequest *request, const void *bytes, size_t length) {
  union transfer transfer = {.io = {.length = (unsigned)(length < request->wLength ? length : request->wLength)}};
  memcpy(transfer.bytes + sizeof transfer.io, bytes, transfer.io.length);
  return ioctl(device, USB_RAW_IOCTL_EP0_WRITE, &transfer);
}

static int take(const struct usb_ctrlrequest *request, unsigned char *bytes) {
  union transfer transfer = {.io = {.length = request->wLength}};
  int result = ioctl(device, USB_RAW_IOCTL_EP0_READ, &transfer);
  if (result > 0) memcpy(bytes, transfer.bytes + sizeof transfer.io, (size_t)result);
  return result;
}

static int answer(const struct usb_ctrlrequest *request) {
  static unsigned char kept[1024];
  static const unsigned char nothing[2], first = 1;
  switch (request->bRequest) {
    case 0x5b: return take(request, kept);
    case 0x5c: return give(request, kept, sizeof kept);
    case USB_REQ_SET_CONFIGURATION: configure(); return take(request, kept);
    case USB_REQ_SET_INTERFACE: return take(request, kept);
    case USB_REQ_GET_CONFIGURATION: return give(request, &first, 1);
    case USB_REQ_GET_INTERFACE: return give(request, nothing, 1);
    case USB_REQ_GET_STATUS: return give(request, nothing, 2);
    case USB_REQ_GET_DESCRIPTOR: break;
    default: return ioctl(device, USB_RAW_IOCTL_EP0_STALL, 0);
  }
  unsigned char other[sizeof configuration];
  switch (request->wValue >> 8) {
    case USB_DT_OTHER_SPEED_CONFIG:
      memcpy(other, configuration, sizeof other);
      other[1] = USB_DT_OTHER_SPEED_CONFIG;
      return give(request, other, sizeof other);
    case USB_DT_DEVICE: return give(request, &descriptor, sizeof descriptor);
    case USB_DT_CONFIG: return give(request, configuration, sizeof configuration);
    case USB_DT_DEVICE_QUALIFIER: return give(request, qualifier, sizeof qualifier);
    default: return ioctl(device, USB_RAW_IOCTL_EP0_STALL, 0);
  }
}

void be_tested(int opened) {
  struct usb_ctrlrequest request;
  device = opened;
  while (fetch(&request) == 0) answer(&request);
}

/* Hears what the host wants and does nothing about it. */
static void be_mute(void) {
  struct usb_ctrlrequest request;
  while (fetch(&request) == 0) {
  }
}

static void *sleep_in_driver(void *nothing) {
  struct usb_ctrlrequest request;
  fetch(&request);
  return nothing;
}

/* More threads than a story has room for, all of them in the driver. */
static void crowd(void) {
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  pthread_t thread;
  for (int i = 0; i < 1100; i++) pthread_create(&thread, &small, sleep_in_driver, NULL);
  pthread_join(thread, NULL);
}

/* More open files than that, one for each. */
static void hoard(void) {
  struct rlimit limit = {4096, 4096};
  say("limit", setrlimit(RLIMIT_NOFILE, &limit));
  int opened = 0;
  while (opened < 1100 && open("/dev/raw-gadget", O_RDWR) >= 0) opened++;
  say("opened", opened);
}

void keep_waiting(int opened, const char *what) {
  device = opened;
  if (strcmp(what, "mute") == 0) be_mute();
  if (strcmp(what, "crowd") == 0) crowd();
  if (strcmp(what, "hoard") == 0) hoard();
  /* At work without a call for the driver. */
  if (strcmp(what, "busy") == 0) usleep(2500000);
  fflush(stdout);
}
