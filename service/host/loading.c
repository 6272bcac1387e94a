/* loading.c - joins the loader and the disk. */
#include "service/host/loading.h"

#include "service/job/machine.h"
#include "service/win32/file.h"

static enum st no_memory(const char *path, struct diags *d)
{
    diag_add(d, SEV_ERROR, (struct place){path, 0}, "out-of-memory", "out of memory");
    return ST_NOMEM;
}

enum st load_definitions(const char *path, const char *service, struct config **ret,
                         struct recording **ret_read, struct diags *d)
{
    struct machine machine;
    struct source disk = source_win32();
    struct recording *read = ret_read ? recording_new() : NULL;
    if (ret_read && !read)
        return no_memory(path, d);
    struct source source = read ? recording_source(read, &disk) : disk;
    machine_read(&machine);
    source.machine = &machine;
    source.service = service;
    enum st st = config_load(path, &source, ret, d);
    if (st == ST_OK && read && !recording_whole(read)) {
        config_free(*ret);
        *ret = NULL;
        st = no_memory(path, d);
    }
    diags_sort(d);
    if (read)
        *ret_read = read;
    return st;
}

enum st load_again(const char *path, const char *service, const struct recording *read,
                   const struct override *override, size_t overrides, struct config **ret,
                   struct diags *d)
{
    struct machine machine;
    struct source source = recording_replay(read);
    machine_read(&machine);
    source.machine = &machine;
    source.service = service;
    enum st st = config_load_with(path, &source, override, overrides, ret, d);
    diags_sort(d);
    return st;
}

enum st load_config(const char *path, struct config **ret, struct recording **ret_read,
                    struct buf *mistakes)
{
    struct diags *d = diags_new();
    if (!d) {
        buf_z(mistakes, "out of memory\n");
        return ST_NOMEM;
    }
    enum st st = load_definitions(path, NULL, ret, ret_read, d);
    if (st != ST_OK && ret_read) {
        recording_free(*ret_read);
        *ret_read = NULL;
    }
    diags_print(d, mistakes);
    diags_free(d);
    return st;
}
