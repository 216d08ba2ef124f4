#include "base/write_all.h"

#include <errno.h>
#include <unistd.h>

int write_all(int fd, struct view v)
{
    size_t done = 0;
    ssize_t n;

    while (done < v.n) {
        n = write(fd, v.p + done, v.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        done += (size_t)n;
    }
    return 0;
}
