/* What Swift's overlay of the C library leaves out. Functions that can fail return 0 or an errno. */
#ifndef COPYSCOPE_SYSTEM_H
#define COPYSCOPE_SYSTEM_H

#include <stddef.h>

/* Gives a file a name that nobody has (renameat2(2), RENAME_NOREPLACE); EINVAL or ENOSYS where the file system or the
   kernel cannot. */
int cs_rename_new(const char *old_path, const char *new_path);

/* Exchanges two files' names in one go (RENAME_EXCHANGE); EINVAL or ENOSYS where it cannot be done. */
int cs_exchange(const char *path, const char *other);

/* Keeps other processes of the user from this one's memory and descriptors (prctl(2), PR_SET_DUMPABLE). */
void cs_close_to_others(void);

/* Bytes handed out by the C library's allocator now. */
size_t cs_allocated(void);

#endif
