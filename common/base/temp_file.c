#include "base/temp_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/write_all.h"

int temp_file_open(struct err *err)
{
    const char *dir = getenv("TMPDIR");
    char *path;
    int fd;

    if (asprintf(&path, "%s/spool-XXXXXX", dir && *dir ? dir : "/tmp") < 0)
        return err_nomem(err);
    fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        fd = err_sys(err, ERR_IO, errno, "cannot create %s", path);
    else
        unlink(path);
    free(path);
    return fd;
}

int temp_file_add(int fd, struct view v, struct err *err)
{
    if (write_all(fd, v) == 0)
        return 0;
    return err_sys(err, errno == ENOSPC ? ERR_FULL : ERR_IO, errno,
                   "cannot write a temporary file");
}
