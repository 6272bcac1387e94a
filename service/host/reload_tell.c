/* reload_tell.c - what the log is told of a reload. */
#include "service/host/reload_impl.h"

void reload_say_refused(struct reload *r, const char *reason)
{
    log_event(&r->app->logger.log, LOG_ERROR, "config.refused",
              LOG_TEXT("config", r->app->config->path), LOG_TEXT("reason", reason),
              log_count("mistakes", r->diags ? diag_errors(r->diags) : 0));
}

void reload_say_diags(struct reload *r, enum severity which)
{
    bool error = which == SEV_ERROR;
    for (size_t i = 0; i < diag_count(r->diags); i++) {
        struct buf line = {0};
        if (diag_at(r->diags, i)->severity != which)
            continue;
        diag_print(diag_at(r->diags, i), &line);
        log_event(&r->app->logger.log, error ? LOG_ERROR : LOG_WARNING,
                  error ? "config.mistake" : "config.warning", LOG_TEXT("text", buf_text(&line)));
        buf_free(&line);
    }
}

void reload_say_taken(struct reload *r, const struct takeover *t)
{
    log_event(&r->app->logger.log, LOG_INFO, "config.taken",
              LOG_TEXT("config", r->app->config->path), LOG_NUM("same", t->same),
              LOG_NUM("live", t->live), LOG_NUM("relimit", t->relimit), LOG_NUM("roll", t->roll),
              LOG_NUM("added", t->added), LOG_NUM("removed", t->removed),
              log_count("overrides", r->app->config->overrides));
}
