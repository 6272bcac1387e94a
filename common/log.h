/* log.h - one event, one line, one name: `job.exit job=web.1 pid=4120 code=5`.
 *
 * A line is built here and handed to a sink, which adds the time.  Any thread that the sink allows.
 * Logging never changes errno or the last Windows error. */
#ifndef JW_COMMON_LOG_H
#define JW_COMMON_LOG_H

#include "common/str.h"

#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG, LOG_LEVELS };
extern const char *const log_level_names[LOG_LEVELS]; /* "error" "warning" "info" "debug" */

struct log {
    enum log_level level; /* lines above it are dropped */
    /* LINE is `event key=value...`, UTF-8, without time, level or line end. */
    void (*sink)(void *ctx, enum log_level level, struct str line);
    void *ctx;
};

enum log_kind { LOG_END, LOG_KIND_TEXT, LOG_KIND_UNSIGNED, LOG_KIND_SIGNED, LOG_KIND_HEX };

struct log_field {
    const char *key;
    enum log_kind kind;
    const char *text;
    uint64_t number;
};

/* A text that is empty or holds a blank, '=', '"' or a control character is quoted, with \" \\ \n
 * \r \t and \xNN inside; NULL leaves the field out. */
#define LOG_TEXT(k, v) ((struct log_field){.key = (k), .kind = LOG_KIND_TEXT, .text = (v)})
#define LOG_NUM(k, v) ((struct log_field){.key = (k), .kind = LOG_KIND_UNSIGNED, .number = (v)})
#define LOG_INT(k, v)                                                                              \
    ((struct log_field){.key = (k), .kind = LOG_KIND_SIGNED, .number = (uint64_t)(int64_t)(v)})
#define LOG_HEX(k, v) ((struct log_field){.key = (k), .kind = LOG_KIND_HEX, .number = (v)})

/* A number of which 0 means that nothing is known, or that nothing happened: then no field. */
struct log_field log_count(const char *key, uint64_t v);

/* log_event(l, LOG_INFO, "job.exit", LOG_TEXT("job", name), LOG_NUM("pid", pid)); */
#define log_event(l, level, name, ...)                                                             \
    log_write((l), (level), (name), (const struct log_field[]){__VA_ARGS__, {.kind = LOG_END}})

/* L may be NULL: nothing happens. */
void log_write(const struct log *l, enum log_level level, const char *event,
               const struct log_field *fields);

#endif
