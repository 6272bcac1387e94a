/* stream.c - events and logs: what there is, and with -f what comes. */
#include "service/host/logger.h"
#include "service/verbs/talk.h"
#include "service/view/member.h"
#include "service/view/view.h"

#include <string.h>

struct stream {
    const struct arguments *a;
    bool logs;
    char last[256]; /* whose text was shown last: a heading comes with another one's */
};

/* Of several files each part says whose it is; a single one needs it only to say what is wrong with
 * it. */
static bool heading(struct stream *s, yyjson_val *reply)
{
    struct str file = member_text(reply, "file");
    char now[sizeof s->last];
    size_t n = file.n < sizeof now ? file.n : sizeof now - 1;
    memcpy(now, file.p ? file.p : "", n);
    now[n] = '\0';
    bool other = strcmp(now, s->last) != 0;
    memcpy(s->last, now, sizeof now);
    bool wrong = member_text(reply, "problem").n > 0;
    return other && file.n > 0 && (wrong || member_count(reply, "files") > 1);
}

/* False: nobody reads it any more. */
static bool show(struct stream *s, const struct talk *t)
{
    struct buf b = {0};
    if (s->a->given & OPT_JSON)
        return talk_print_json(t, true) == EXIT_FINE;
    if (s->logs)
        view_logs(t->reply, heading(s, t->reply), &t->out.style, &b);
    else
        view_events(t->reply, &t->out.style, &b);
    bool heard =
        buf_ok(&b) ? b.n == 0 || print_out(buf_view(&b)) : complain("out of memory") == EXIT_FINE;
    buf_free(&b);
    return heard;
}

static int hear_all(struct stream *s, struct talk *t)
{
    bool follow = s->a->given & OPT_FOLLOW;
    struct err e = {0};
    do {
        if (talk_hear(t, follow ? UINT64_MAX : ANSWER_MS, &e) != ST_OK)
            return complain(e.text);
        if (!t->ok)
            return talk_refused(t, s->a);
        if (!show(s, t))
            return EXIT_FAILED;
    } while (t->more);
    return EXIT_FINE;
}

static int ask(const struct arguments *a, bool logs)
{
    struct stream s = {.a = a, .logs = logs};
    struct question q = question_new(a->verb->name, a);
    struct talk t;
    struct err e = {0};
    if (a->given & OPT_FOLLOW)
        yyjson_mut_obj_add_bool(q.doc, q.root, "follow", true);
    if (a->given & OPT_LINES)
        yyjson_mut_obj_add_uint(q.doc, q.root, "n", a->lines);
    unsigned which = a->given & (OPT_STDOUT | OPT_STDERR);
    if (which == OPT_STDOUT || which == OPT_STDERR)
        yyjson_mut_obj_add_str(q.doc, q.root, "stream", which == OPT_STDOUT ? "stdout" : "stderr");
    enum st st = talk_begin(a, true, &q, &t, &e);
    int code = st == ST_OK ? hear_all(&s, &t) : complain(e.text);
    talk_end(&t);
    return code;
}

int verb_events(const struct arguments *a)
{
    return ask(a, false);
}

int verb_logs(const struct arguments *a)
{
    return ask(a, true);
}
