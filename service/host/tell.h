/* tell.h - one line of the log for one happening; shared by tell.c and tell_run.c. */
#ifndef JW_HOST_TELL_H
#define JW_HOST_TELL_H

#include "service/host/runs_impl.h"

struct saying {
    struct runs *r;
    const struct tale *t;
    enum log_level level;
    const char *event;
};

/* SAY(s, fields): at least one, after the instance's name. */
#define SAY(s, ...)                                                                                \
    log_event(&(s)->r->set.logger->log, (s)->level, (s)->event,                                    \
              LOG_TEXT("job", (s)->t->unit->spec->unit), __VA_ARGS__)

/* The key of a limit, or NULL, which leaves the field out. */
const char *key_of_limit(enum limit_id id);

/* tell_run.c: what is about a process or a whole run. */
void say_started(const struct saying *s);
void say_ready(const struct saying *s);
void say_unhealthy(const struct saying *s);
void say_healthy(const struct saying *s);
void say_ended(const struct saying *s);
void say_leftovers(const struct saying *s);
void say_record(const struct saying *s);

#endif
