#include "indexer/nice.h"

#include <sys/syscall.h>
#include <unistd.h>

enum { NICE = 10 };

/* linux/ioprio.h, which libc has no header for */
enum { IOPRIO_WHO_PROCESS = 1, IOPRIO_CLASS_IDLE = 3, IOPRIO_CLASS_SHIFT = 13 };

void nice_process(void)
{
    (void)!nice(NICE);
#ifdef SYS_ioprio_set
    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
            IOPRIO_CLASS_IDLE << IOPRIO_CLASS_SHIFT);
#endif
}
