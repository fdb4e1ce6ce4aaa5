/* ncursesw for Swift: its macros and globals as functions, which is all that Swift cannot import. */
#ifndef COPYSCOPE_SHIM_H
#define COPYSCOPE_SHIM_H

#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE_EXTENDED 1
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

extern int wcwidth(wchar_t c);
/* Of <term.h>, whose macros (lines, columns ...) take too many names. */
extern int setupterm(const char *type, int descriptor, int *problem);

/* A window. What is in one is told by some versions of ncurses and not by others, and the pointer is of another Swift type
 * then. */
struct cn_window {
  WINDOW *window;
};

static inline SCREEN *cn_newterm(const char *type) { return newterm(type, stdout, stdin); }

/* Whether the description of a terminal exists; loads it for cn_string, cn_number and cn_flag. */
static inline int cn_describe(const char *type) {
  int problem = 0;
  return setupterm(type, STDOUT_FILENO, &problem) == OK;
}

/* A string capability, NULL when the terminal lacks it. */
static inline const char *cn_string(const char *name) {
  const char *text = tigetstr(name);
  return text == (const char *)-1 ? NULL : text;
}
static inline int cn_number(const char *name) { return tigetnum(name); }
static inline int cn_flag(const char *name) { return tigetflag(name) > 0; }

/* Takes the locale's character set from the environment; 1 when it is UTF-8. */
static inline int cn_locale_is_utf8(void) {
  if (setlocale(LC_CTYPE, "") == NULL) setlocale(LC_CTYPE, "C");
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* Columns the C library gives a scalar; curses goes by these. */
static inline int cn_width(unsigned int scalar) { return wcwidth((wchar_t)scalar); }

/* The sequence that moves the cursor, both counted from 0. */
static inline const char *cn_move(const char *cup, int line, int column) {
  return tparm(cup, (long)line, (long)column, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
}

/* Size of the terminal on a descriptor; 0 when it has none. */
static inline int cn_size(int descriptor, int *columns, int *lines) {
  struct winsize size;
  memset(&size, 0, sizeof size);
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return 0;
  *columns = size.ws_col;
  *lines = size.ws_row;
  return 1;
}

/* Bytes that wait on a descriptor, 0 when none or unknown. */
static inline int cn_waiting(int descriptor) {
  int count = 0;
  return ioctl(descriptor, FIONREAD, &count) == 0 ? count : 0;
}

#endif
