#include "index/filesystem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

/* Not all are in linux/magic.h; those are from statfs(2) and the sources of
 * the file systems. */
static const struct {
    uint32_t magic;
    const char *name;
} network[] = {
    {0x00006969, "NFS"},
    {0x0000517b, "SMB"},
    {0xff534d42, "CIFS"},
    {0xfe534d42, "SMB"},
    {0x01021997, "9p"},
    {0x5346414f, "AFS"},
    {0x6b414653, "AFS"},
    {0x73757245, "Coda"},
    {0x00c36400, "Ceph"},
    {0x0bd00bd0, "Lustre"},
    {0x47504653, "GPFS"},
    {0x19830326, "BeeGFS"},
    {0x01161970, "GFS2"},
    {0x7461636f, "OCFS2"},
    {0xaad7aaea, "PanFS"},
    {0x0000564c, "NCP"},
    {0x786f4256, "a shared folder of VirtualBox"},
    {0xbacbacbc, "a shared folder of VMware"},
    {0x7c7c6673, "a shared folder of Parallels"},
};

#define FUSE_MAGIC 0x65735546u

const char *filesystem_network(uint32_t magic)
{
    size_t i;

    for (i = 0; i < sizeof network / sizeof *network; i++)
        if (network[i].magic == magic)
            return network[i].name;
    return NULL;
}

/* The f_type of what `dir` is on or would be made on; 0 if it cannot be
 * told. */
static uint32_t magic_of(const char *dir)
{
    struct statfs fs;
    char *parent, *slash;
    int rc = statfs(dir, &fs);

    if (rc == 0 || errno != ENOENT)
        return rc == 0 ? (uint32_t)fs.f_type : 0;
    parent = strdup(dir);
    if (!parent)
        return 0;
    slash = parent + strlen(parent);
    while (slash > parent && slash[-1] == '/')
        *--slash = 0;
    slash = strrchr(parent, '/');
    if (slash)
        slash[slash == parent] = 0; /* of "/index" the folder is "/" */
    rc = statfs(slash ? parent : ".", &fs);
    free(parent);
    return rc == 0 ? (uint32_t)fs.f_type : 0;
}

int filesystem_check(const char *dir, struct err *err)
{
    const char *name = filesystem_network(magic_of(dir));

    if (!name)
        return 0;
    return err_set(err, ERR_IO,
                   "%s is on a network file system (%s), where an index may "
                   "be damaged: put it on a local disk, or if no other machine "
                   "opens it use --network-filesystem",
                   dir, name);
}

bool filesystem_is_fuse(const char *dir)
{
    return magic_of(dir) == FUSE_MAGIC;
}
