/* reload.c - tells the running service that its job file has changed; the service reads it. */
#include "service/host/loading.h"
#include "service/host/logger.h"
#include "service/host/reload_event.h"
#include "service/verbs/verbs.h"

#include <stdlib.h>

static int tell(const struct config *c)
{
    struct err e = {0};
    struct buf b = {0};
    if (reload_event_set(&c->service, &e) != ST_OK)
        return complain(e.text);
    buf_f(&b, "service '%s' was told to read its job file again; ", c->service.name);
    if (c->service.log_file[0] != '\0')
        buf_f(&b, "config.taken or config.refused in its log (%s) says how it went\n",
              c->service.log_file);
    else
        buf_z(&b, "it writes no log, so only its workers show how it went\n");
    print_out(buf_view(&b));
    buf_free(&b);
    return EXIT_FINE;
}

int verb_reload(const struct arguments *a)
{
    struct config *config = NULL;
    struct buf mistakes = {0};
    char *path = config_path(a);
    if (!path)
        return complain("out of memory");
    enum st st = load_config(path, &config, &mistakes);
    print_err(buf_view(&mistakes)); /* warnings too */
    int code =
        st == ST_OK ? tell(config) : complain("nothing was changed; mend the job file first");
    config_free(config);
    buf_free(&mistakes);
    free(path);
    return code;
}
