/*
 * crash.h - a damaged index must not look like a bug.
 *
 * The checksums of our records cannot guard LMDB's own pages, and a file that
 * was cut short or a failing disk shows as a signal when the map is read. From
 * crash_guard on, SIGBUS and SIGSEGV become a message and exit status 5. A
 * writer may be ended so at any time: what it had not committed is gone, as
 * after kill -9. Under the sanitizers, which have handlers of their own,
 * nothing happens.
 */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H

enum { CRASH_STATUS = 5 };

/* `message`: a whole line with its line end, which must live on; or "". */
void crash_guard(const char *message);

#endif
