/*
 * sync DIR COUNT - how long one fdatasync of a page takes in DIR: a line in
 * milliseconds each. What no commit there can be faster than.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 256 };

static double now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    static char page[PAGE];
    unsigned i, count = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    char *path;
    int fd, rc = 0;

    if (count == 0 || asprintf(&path, "%s/sync.tmp", argv[1]) < 0) {
        fprintf(stderr, "usage: sync DIR COUNT\n");
        return 2;
    }
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
    for (i = 0; i < PAGES && rc == 0; i++) /* so that no run lengthens it */
        rc = fd >= 0 && write(fd, page, PAGE) == PAGE ? 0 : -1;
    if (rc == 0)
        rc = fsync(fd);
    for (i = 0; i < count && rc == 0; i++) {
        double start;

        page[0] = (char)i;
        start = now_ms();
        rc = pwrite(fd, page, PAGE, (off_t)(i * 7 % PAGES) * PAGE) == PAGE
                 ? fdatasync(fd)
                 : -1;
        printf("%.3f\n", now_ms() - start);
    }
    if (rc != 0)
        perror(path);
    close(fd);
    unlink(path);
    free(path);
    return rc == 0 ? 0 : 2;
}
