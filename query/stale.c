#include "query/stale.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

/* Whether the content has another hash than it had. */
static int content_differs(const char *path, const struct source *src)
{
    struct buf content = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc = 1;
    ssize_t n;

    if (fd < 0)
        return 1;
    /* a byte more than it had, to see that it ends there */
    if (src->size >= SIZE_MAX || buf_reserve(&content, src->size + 1) < 0)
        rc = ERR_NOMEM;
    while (rc > 0 && content.n <= src->size) {
        n = read(fd, content.p + content.n, src->size + 1 - content.n);
        if (n > 0)
            content.n += (size_t)n;
        else if (n == 0 || errno != EINTR)
            break;
    }
    if (rc > 0)
        rc = content.n != src->size || hash64(buf_view(&content)) != src->hash;
    close(fd);
    buf_release(&content);
    return rc;
}

int stale_check(struct view path, const struct source *src)
{
    struct buf name = {0};
    struct stat st;
    uint64_t mtime;
    int rc = 1;

    if (buf_add(&name, path) < 0 || !buf_cstr(&name)) {
        buf_release(&name);
        return ERR_NOMEM;
    }
    if (stat(buf_cstr(&name), &st) == 0 && S_ISREG(st.st_mode) &&
        (uint64_t)st.st_size == src->size) {
        mtime = (uint64_t)st.st_mtim.tv_sec * 1000000000u +
                (uint64_t)st.st_mtim.tv_nsec;
        rc = mtime == src->mtime_ns && (uint64_t)st.st_ino == src->inode
                 ? 0
                 : content_differs(buf_cstr(&name), src);
    }
    buf_release(&name);
    return rc;
}
