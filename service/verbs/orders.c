/* orders.c - start, stop, restart, kill; with --wait until it is done. */
#include "service/host/logger.h"
#include "service/verbs/talk.h"
#include "service/view/member.h"
#include "service/view/view.h"

/* With --wait something comes at least once a second. */
enum { SILENCE_MS = 30000 };

struct progress {
    struct view_style style; /* of standard error */
    bool shown;
};

/* On a terminal one line that is written over; nowhere else, where it would only be in the way. */
static void show_progress(struct progress *p, yyjson_val *reply)
{
    struct buf line = {0};
    if (p->style.width == 0)
        return;
    buf_char(&line, '\r');
    view_progress(reply, &p->style, &line);
    print_err(buf_view(&line));
    buf_free(&line);
    p->shown = true;
}

static void wipe_progress(struct progress *p)
{
    struct buf line = {0};
    if (!p->shown)
        return;
    buf_char(&line, '\r');
    for (unsigned i = 1; i < p->style.width; i++)
        buf_char(&line, ' ');
    buf_char(&line, '\r');
    print_err(buf_view(&line));
    buf_free(&line);
    p->shown = false;
}

static int show_end(const struct talk *t, const struct arguments *a)
{
    bool failed = yyjson_arr_size(member_list(t->reply, "failed")) > 0;
    struct buf b = {0};
    int code;
    if (a->given & OPT_JSON) {
        code = talk_print_json(t, false);
    } else {
        view_done(t->reply, a->verb->name, &t->out.style, &b);
        code = show_text(&b);
    }
    return failed ? EXIT_FAILED : code;
}

static int hear_all(struct talk *t, const struct arguments *a)
{
    struct progress p = {.style = t->err.style};
    struct err e = {0};
    enum st st = talk_hear(t, SILENCE_MS, &e);
    while (st == ST_OK && t->ok && t->more) {
        show_progress(&p, t->reply);
        st = talk_hear(t, SILENCE_MS, &e);
    }
    wipe_progress(&p);
    if (st != ST_OK)
        return complain(e.text);
    return t->ok ? show_end(t, a) : talk_refused(t, a);
}

int verb_order(const struct arguments *a)
{
    struct question q = question_new(a->verb->name, a);
    struct talk t;
    struct err e = {0};
    if (a->given & (OPT_WAIT | OPT_TIMEOUT))
        yyjson_mut_obj_add_bool(q.doc, q.root, "wait", true);
    if (a->given & OPT_TIMEOUT)
        yyjson_mut_obj_add_uint(q.doc, q.root, "timeout_ms", a->timeout_ms);
    enum st st = talk_begin(a, true, &q, &t, &e);
    int code = st == ST_OK ? hear_all(&t, a) : complain(e.text);
    talk_end(&t);
    return code;
}
