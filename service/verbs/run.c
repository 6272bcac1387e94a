/* run.c - the fleet in the foreground. */
#include "service/host/app.h"
#include "service/host/console.h"
#include "service/host/loading.h"
#include "service/host/logger.h"
#include "service/verbs/verbs.h"

#include <stdlib.h>

int verb_run(const struct arguments *a)
{
    struct config *config = NULL;
    struct recording *read = NULL;
    struct app *app = NULL;
    struct buf mistakes = {0};
    struct err e = {0};
    char *path = config_path(a);
    if (!path)
        return complain("out of memory");
    enum st st = load_config(path, &config, &read, &mistakes);
    free(path);
    if (st != ST_OK) {
        print_err(buf_view(&mistakes));
        buf_free(&mistakes);
        return complain("nothing was started; mend the job file first");
    }
    const struct app_options options = {
        .console = true, .read = read, .warnings = buf_text(&mistakes)};
    if (app_open(config, &options, &app, &e) != ST_OK) {
        buf_free(&mistakes);
        return complain(e.text);
    }
    int code = EXIT_FAILED;
    if (console_attach(app, &e) == ST_OK)
        code = app_run(app);
    else
        complain(e.text);
    console_detach();
    app_close(app);
    console_release();
    buf_free(&mistakes);
    return code;
}
