/* log.c - builds one line and hands it to the sink. */
#include "common/log.h"

#include "common/buf.h"

#include <inttypes.h>

const char *const log_level_names[LOG_LEVELS] = {
    [LOG_ERROR] = "error", [LOG_WARNING] = "warning", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};

static bool plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == '=' || c == '"' || c == 0x7F)
            return false;
    }
    return s.n > 0;
}

static void quoted(struct buf *b, struct str s)
{
    static const char plain_names[] = {['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    buf_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            buf_f(b, "\\%c", c);
        else if (c == '\n' || c == '\r' || c == '\t')
            buf_f(b, "\\%c", plain_names[c]);
        else if (c < ' ' || c == 0x7F)
            buf_f(b, "\\x%02X", c);
        else
            buf_char(b, (char)c);
    }
    buf_char(b, '"');
}

static void field(struct buf *b, const struct log_field *f)
{
    if (f->kind == LOG_KIND_TEXT && !f->text)
        return;
    buf_f(b, " %s=", f->key);
    if (f->kind == LOG_KIND_UNSIGNED)
        buf_f(b, "%" PRIu64, f->number);
    else if (f->kind == LOG_KIND_SIGNED)
        buf_f(b, "%" PRId64, (int64_t)f->number);
    else if (f->kind == LOG_KIND_HEX)
        buf_f(b, "0x%" PRIX64, f->number);
    else if (plain(str_of(f->text)))
        buf_z(b, f->text);
    else
        quoted(b, str_of(f->text));
}

void log_write(const struct log *l, enum log_level level, const char *event,
               const struct log_field *fields)
{
    if (!l || !l->sink || level > l->level)
        return;
    struct buf b = {0};
    buf_z(&b, event);
    for (; fields->kind != LOG_END; fields++)
        field(&b, fields);
    if (buf_ok(&b))
        l->sink(l->ctx, level, buf_view(&b));
    else
        l->sink(l->ctx, level, str_of(event)); /* the event's name needs no memory */
    buf_free(&b);
}

struct log_field log_count(const char *key, uint64_t v)
{
    return v ? LOG_NUM(key, v) : LOG_TEXT(key, NULL);
}
