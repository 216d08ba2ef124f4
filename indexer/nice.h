/*
 * nice.h - behind everything else that the machine does.
 */
#ifndef INDEXER_NICE_H
#define INDEXER_NICE_H

/* Lowers the process's priority for the processor (by 10) and, on Linux, for
 * disks: it is served when nobody else asks. What is made later of threads
 * inherits both. A system that refuses is no error: the work is the same. */
void nice_process(void);

#endif
