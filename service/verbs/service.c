/* service.c - the fleet as a Windows service. */
#include "service/host/scm.h"
#include "service/verbs/verbs.h"

#include <stdlib.h>

int verb_service(const struct arguments *a)
{
    struct err e = {0};
    char *path = config_path(a);
    if (!path)
        return complain("out of memory");
    /* The SCM starts us in system32, so a relative path would mean a file there. */
    bool full = path[0] == '\\' || (path[0] != '\0' && path[1] == ':' && path[2] == '\\');
    if (!full) {
        free(path);
        return complain("service needs --config with the full path of the job file");
    }
    enum st st = scm_main(path, &e);
    free(path);
    return st == ST_OK ? EXIT_FINE : complain(e.text);
}
