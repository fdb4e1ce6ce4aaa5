#include "version.h"

#ifndef COPYSCOPE_COMMIT
#define COPYSCOPE_COMMIT ""
#endif

const char *copyscope_commit(void) { return COPYSCOPE_COMMIT; }
