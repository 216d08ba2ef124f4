#include "indexer/formats/library.h"

#include <dlfcn.h>
#include <string.h>

static int missing(const struct library *l, struct err *err)
{
    return err_set(err, ERR_NOTFOUND, "%s needs %s (apt-get install %s)",
                   l->user, l->file, l->package);
}

int library_open(struct library *l, const struct library_symbol *symbol,
                 unsigned n, struct err *err)
{
    void *handle, *found;
    unsigned i;

    if (l->handle)
        return 0;
    handle = dlopen(l->file, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return missing(l, err);
    for (i = 0; i < n; i++) {
        found = dlsym(handle, symbol[i].name);
        if (!found) {
            dlclose(handle);
            return missing(l, err);
        }
        memcpy(symbol[i].to, &found, sizeof found);
    }
    l->handle = handle;
    return 0;
}
