/* What only the build can tell of the program. */
#pragma once

/* The commit the sources are of; empty where the build was not told (COPYSCOPE_COMMIT). */
const char *copyscope_commit(void);
