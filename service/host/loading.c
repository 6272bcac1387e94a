/* loading.c - joins the loader and the disk. */
#include "service/host/loading.h"

#include "service/job/machine.h"
#include "service/win32/file.h"

enum st load_definitions(const char *path, struct config **ret, struct diags *d)
{
    struct machine machine;
    struct source source = source_win32();
    machine_read(&machine);
    source.machine = &machine;
    enum st st = config_load(path, &source, ret, d);
    diags_sort(d);
    return st;
}

enum st load_config(const char *path, struct config **ret, struct buf *mistakes)
{
    struct diags *d = diags_new();
    if (!d) {
        buf_z(mistakes, "out of memory\n");
        return ST_NOMEM;
    }
    enum st st = load_definitions(path, ret, d);
    diags_print(d, mistakes);
    diags_free(d);
    return st;
}
