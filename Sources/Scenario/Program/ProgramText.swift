/// The parts of a written program that are the same in all.
enum ProgramText {
  static let start = #"""
    #include <errno.h>
    #include <fcntl.h>
    #include <linux/usb/raw_gadget.h>
    #include <pthread.h>
    #include <signal.h>
    #include <stdio.h>
    #include <string.h>
    #include <sys/ioctl.h>
    #include <sys/mman.h>
    #include <unistd.h>

    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static pthread_cond_t change = PTHREAD_COND_INITIALIZER;
    static int turn;
    static int is_asleep;

    static void go_to(int next) {
      pthread_mutex_lock(&lock);
      turn = next;
      pthread_cond_broadcast(&change);
      pthread_mutex_unlock(&lock);
    }

    /* Waits for a step's turn. A call that may sleep lets the next step come while it does. */
    static void begin(int step, int returns) {
      pthread_mutex_lock(&lock);
      while (turn != step) pthread_cond_wait(&change, &lock);
      pthread_mutex_unlock(&lock);
      if (is_asleep) usleep(20000);
      is_asleep = !returns;
      if (!returns) go_to(step + 1);
    }

    static void end(int step, int returns) {
      if (returns) go_to(step + 1);
    }

    static int came(const char *what, int result) {
      if (result < 0) {
        printf("%s: %s\n", what, strerror(errno));
      } else {
        printf("%s: %d\n", what, result);
      }
      fflush(stdout);
      return result;
    }

    /* Memory that ends behind so many bytes, and that can be made to be read only. */
    static char *make(const void *bytes, size_t count, size_t reach, int is_constant) {
      size_t page = (size_t)sysconf(_SC_PAGESIZE);
      size_t room = (reach + page - 1) / page * page;
      char *area = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      char *place = area + room - reach;
      if (count > reach) count = reach;
      if (count > 0) memcpy(place, bytes, count);
      mprotect(area + room, page, PROT_NONE);
      if (is_constant) mprotect(area, room, PROT_READ);
      return place;
    }

    static void on_signal(int number) { (void)number; }
    """#
}
