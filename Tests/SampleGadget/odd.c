#include "odd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/usb/raw_gadget.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

struct fetched {
  struct usb_raw_event event;
  char data[64];
};

static volatile sig_atomic_t hits;

static void on_signal(int number) {
  (void)number;
  hits++;
}

static void handle(int number, int flags) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};
  sigaction(number, &action, NULL);
}

static int descriptors(void) {
  int count = 0;
  for (int i = 0; i < 512; i++) count += fcntl(i, F_GETFD) >= 0;
  return count;
}

/* Opens under a timer whose handler does not ask for restarts. */
static void open_under_fire(void) {
  handle(SIGALRM, 0);
  int before = descriptors(), failed = 0, lost = 0;
  struct itimerval timer = {{0, 400}, {0, 400}};
  setitimer(ITIMER_REAL, &timer, NULL);
  for (int i = 0; i < 4000; i++) {
    int file = open(i % 8 == 0 ? "/dev/raw-gadget" : "/etc/passwd", O_RDONLY);
    if (file < 0) failed++;
    close(file);
    struct stat status;
    lost += stat("/etc/passwd", &status) != 0;
  }
  memset(&timer, 0, sizeof timer);
  setitimer(ITIMER_REAL, &timer, NULL);
  printf("failed: %d, lost: %d, descriptors: %d\n", failed, lost, descriptors() - before);
  printf("signals: %s\n", hits > 10 ? "many" : "few");
}

static void find(void) {
  struct stat status;
  say("stat", stat("/dev/raw-gadget", &status));
  printf("device: %d\n", S_ISCHR(status.st_mode));
  say("access", access("/dev/raw-gadget", R_OK | W_OK));
  struct statx extended;
  say("statx", statx(AT_FDCWD, "/dev/raw-gadget", 0, STATX_BASIC_STATS, &extended));
  say("slashes", open("//dev//raw-gadget", O_RDWR) < 0 ? -1 : 0);
  say("dots", open("/dev/../dev/./raw-gadget", O_RDWR) < 0 ? -1 : 0);
  say("creat", creat("/dev/raw-gadget", 0600) < 0 ? -1 : 0);
  int folder = open("/dev", O_RDONLY | O_DIRECTORY);
  say("relative", openat(folder, "raw-gadget", O_RDWR) < 0 ? -1 : 0);
  struct open_how how = {.flags = O_RDWR};
  say("openat2", syscall(SYS_openat2, folder, "raw-gadget", &how, sizeof how) < 0 ? -1 : 0);
  char link[] = "/tmp/sample-XXXXXX";
  close(mkstemp(link));
  unlink(link);
  say("link made", symlink("/dev/raw-gadget", link));
  say("link", open(link, O_RDWR) < 0 ? -1 : 0);
  unlink(link);
  say("path", open("/dev/raw-gadget", O_PATH) < 0 ? -1 : 0);
  say("other", open("/dev/raw-gadgets", O_RDWR) < 0 ? -1 : 0);
  say("folder", open("/dev/raw-gadget", O_RDWR | O_DIRECTORY) < 0 ? -1 : 0);
  say("new", open("/dev/raw-gadget", O_RDWR | O_CREAT | O_EXCL, 0600) < 0 ? -1 : 0);
  DIR *controllers = opendir("/sys/class/udc");
  for (struct dirent *entry; controllers != NULL && (entry = readdir(controllers)) != NULL;) {
    if (entry->d_name[0] != '.') printf("controller: %s\n", entry->d_name);
  }
  char speed[32] = "";
  FILE *file = fopen("/sys/class/udc/dummy_udc.0/maximum_speed", "r");
  if (file != NULL && fgets(speed, sizeof speed, file) != NULL) printf("speed: %s", speed);
  say("chdir", chdir("/dev"));
  say("here", open("raw-gadget", O_RDWR) < 0 ? -1 : 0);
}

static void repeat_input(void) {
  char line[80];
  while (fgets(line, sizeof line, stdin) != NULL) printf("heard: %s", line);
  printf("\033[1;31mthe end\033[0m\n");
}

int do_first(const char *what) {
  if (strcmp(what, "fire") == 0) {
    open_under_fire();
  } else if (strcmp(what, "find") == 0) {
    find();
  } else if (strcmp(what, "repeat") == 0) {
    repeat_input();
  } else {
    return 0;
  }
  fflush(stdout);
  return 1;
}

static void *fetch(void *device) {
  struct fetched got = {.event.length = 64};
  say("fetch", ioctl(*(int *)device, USB_RAW_IOCTL_EVENT_FETCH, &got));
  return NULL;
}

/* A thread that sleeps in the driver, and a signal for it. */
static void wake(int device, int flags) {
  pthread_t thread;
  handle(SIGUSR1, flags);
  pthread_create(&thread, NULL, fetch, &device);
  usleep(300000);
  pthread_kill(thread, SIGUSR1);
  pthread_join(thread, NULL);
  printf("handled: %d\n", (int)hits);
}

/* Stopped and continued while it sleeps. */
static void stop(int device) {
  pid_t parent = getpid();
  if (fork() == 0) {
    usleep(300000);
    kill(parent, SIGSTOP);
    usleep(100000);
    kill(parent, SIGCONT);
    _exit(0);
  }
  fetch(&device);
  wait(NULL);
}

static void *call_once(void *device) {
  say("short", ioctl(*(int *)device, USB_RAW_IOCTL_EVENT_FETCH, 0));
  return NULL;
}

/* More threads than a story has names for, one after the other. */
static void call_in_turn(int device) {
  for (int i = 0; i < 150; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, call_once, &device);
    pthread_join(thread, NULL);
  }
}

/* Answers that have no room. */
static void misplace(int device) {
  char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(page + 4096, 4096);
  memset(page, 0x55, 4096);
  say("cut", ioctl(device, USB_RAW_IOCTL_EPS_INFO, page + 4096 - 100));
  printf("arrived: %d\n", page[4096 - 100] != 0x55);
  mprotect(page, 4096, PROT_READ);
  say("read-only", ioctl(device, USB_RAW_IOCTL_EPS_INFO, page));
  say("nowhere", ioctl(device, USB_RAW_IOCTL_EPS_INFO, 16));
}

void do_with(int device, const char *what) {
  if (strcmp(what, "wake") == 0) wake(device, 0);
  if (strcmp(what, "wake-restart") == 0) wake(device, SA_RESTART);
  if (strcmp(what, "stop") == 0) stop(device);
  if (strcmp(what, "turns") == 0) call_in_turn(device);
  if (strcmp(what, "misplace") == 0) misplace(device);
  fflush(stdout);
}
