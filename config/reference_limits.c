/* reference_limits.c - docs/limits.md: tables from the schema, and the prose between them. */
#include "config/reference.h"

#include "config/reference_text.h"

/* Who can keep a limit, where Windows or Wine does not. */
static const char *holders(enum limit_id id)
{
    switch (id) {
    case LIMIT_GUARD_COMMIT:
    case LIMIT_GUARD_HANDLES:
    case LIMIT_GUARD_THREADS:
    case LIMIT_GUARD_CPU:
        return "sampler";
    case LIMIT_NOTIFY_CPU_RATE:
    case LIMIT_NOTIFY_NET_RATE:
        return "kernel, else nobody";
    default:
        return id < LIMIT_REACHABLE ? "kernel, else sampler" : "kernel, else nobody";
    }
}

static void print_row(const struct field *f, struct buf *out)
{
    buf_f(out, "| `%s` | %s", f->key, f->brief);
    if (f->note)
        buf_f(out, " %s", f->note);
    buf_f(out, " | %s |", f->hit);
    if (f->id < LIMIT_REACHABLE)
        buf_f(out, " %s |", f->message ? f->message : "-");
    buf_f(out, " %s |\n", holders(f->id));
}

static void print_rows(enum limit_id first, enum limit_id end, struct buf *out)
{
    for (enum limit_id id = first; id < end; id = (enum limit_id)(id + 1))
        print_row(schema_limit(id), out);
}

void reference_limits(struct buf *out)
{
    buf_z(out, limits_intro);
    buf_z(out, "\n## Limits that can be reached\n\nReaching one is an event in the log, "
               "`limit.reached`, and leads to a reaction. Windows tells them by the job message in "
               "the fourth column.\n\n"
               "| key | what it limits | when it is reached | message | who can hold it |\n"
               "|---|---|---|---|---|\n");
    print_rows((enum limit_id)0, LIMIT_REACHABLE, out);
    buf_z(out, "\n## Limits that just hold\n\nNothing ever reaches these, and nobody is told.\n\n"
               "| key | what it limits | what it does | who can hold it |\n"
               "|---|---|---|---|\n");
    print_rows(LIMIT_REACHABLE, LIMITS, out);
    for (const char *const *section = limits_prose; *section; section++)
        buf_z(out, *section);
}
