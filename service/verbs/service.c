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
    enum st st = scm_main(path, &e);
    free(path);
    return st == ST_OK ? EXIT_FINE : complain(e.text);
}
