/*
 * crash.h - a damaged index must not look like a bug.
 *
 * The checksums of our records cannot guard LMDB's own pages, and a file that
 * was cut short or a failing disk shows as a signal when the map is read. From
 * crash_guard on, SIGBUS and SIGSEGV become a message and exit status 5. Under
 * the sanitizers, which have handlers of their own, nothing happens.
 */
#ifndef QUERY_CRASH_H
#define QUERY_CRASH_H

void crash_guard(void);

#endif
