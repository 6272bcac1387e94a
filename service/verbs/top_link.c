/* top_link.c - the live view's connection: one thread keeps the stream of `status` coming, another
 * one sends orders, so that neither the keys nor the drawing ever wait for the service. */
#include "service/verbs/talk.h"
#include "service/verbs/top.h"
#include "service/view/view.h"

#include <process.h>
#include <stdlib.h>
#include <string.h>

/* A view that is held up (marked text, a suspended window) misses frames, not memory. */
enum {
    INTERVAL_MS = 1000,
    AGAIN_MS = 1000,
    ORDERS_MAX = 16,
    FRAMES_MAX = 16,
    STUCK_AGAIN_MS = 500
};

struct news {
    struct news *next;
    enum link_news what;
    yyjson_doc *frame;
    struct buf text;
};

struct order {
    enum top_do what;
    char name[TOP_NAME];
};

struct link {
    const struct arguments *a;
    HANDLE ready, quit, ordered; /* events: manual, manual, by itself */
    HANDLE stream, orders;       /* threads */
    SRWLOCK lock;
    struct news *first, **end;
    size_t frames;                  /* among them */
    struct order order[ORDERS_MAX]; /* a ring */
    size_t at, n;
};

/* --- news ------------------------------------------------------------------------------------- */
static void free_news(struct news *x)
{
    yyjson_doc_free(x->frame);
    buf_free(&x->text);
    free(x);
}

/* Under the lock: the oldest frame goes once there are too many. */
static void drop_frame(struct link *l)
{
    struct news **at = &l->first;
    while (*at && (*at)->what != LINK_FRAME)
        at = &(*at)->next;
    struct news *x = *at;
    if (!x)
        return;
    *at = x->next;
    l->end = x->next ? l->end : at;
    l->frames--;
    free_news(x);
}

/* Takes FRAME over. */
static void post(struct link *l, enum link_news what, yyjson_doc *frame, const char *text)
{
    struct news *x = calloc(1, sizeof *x);
    if (!x) {
        yyjson_doc_free(frame);
        return;
    }
    x->what = what;
    x->frame = frame;
    buf_z(&x->text, text);
    AcquireSRWLockExclusive(&l->lock);
    if (what == LINK_FRAME && ++l->frames > FRAMES_MAX)
        drop_frame(l);
    *l->end = x;
    l->end = &x->next;
    SetEvent(l->ready);
    ReleaseSRWLockExclusive(&l->lock);
}

static enum link_news take(void *ctx, yyjson_doc **frame, struct buf *text)
{
    struct link *l = ctx;
    AcquireSRWLockExclusive(&l->lock);
    struct news *x = l->first;
    if (x) {
        l->first = x->next;
        l->end = l->first ? l->end : &l->first;
        l->frames -= x->what == LINK_FRAME;
    } else {
        ResetEvent(l->ready);
    }
    ReleaseSRWLockExclusive(&l->lock);
    if (!x)
        return LINK_NOTHING;
    enum link_news what = x->what;
    *frame = x->frame;
    x->frame = NULL;
    buf_str(text, buf_view(&x->text));
    free_news(x);
    return what;
}

/* --- the stream ------------------------------------------------------------------------------- */
/* The words of a refusal, in *text. */
static void words_of(const struct talk *t, struct buf *text)
{
    const struct view_style plain = {false, 0, true};
    view_error(t->reply, &plain, text);
}

static enum st ask_for_stream(struct link *l, struct talk *t, struct err *e)
{
    struct question q = question_new("status", l->a);
    uint64_t every = l->a->given & OPT_INTERVAL ? l->a->interval_ms : INTERVAL_MS;
    yyjson_mut_obj_add_uint(q.doc, q.root, "every_ms", every);
    yyjson_mut_obj_add_bool(q.doc, q.root, "events", true);
    return talk_ask(t, &q, e);
}

/* Until the connection is lost, or the view ends; e->text says why. */
static void hear_stream(struct link *l, struct talk *t, struct err *e)
{
    for (;;) {
        enum pipe_got got = pipe_client_receive(t->pipe, &t->frame, UINT64_MAX, l->quit, e);
        if (got != PIPE_GOT_FRAME)
            return;
        if (talk_read(t, e) != ST_OK)
            return;
        if (!t->ok) {
            struct buf why = {0};
            words_of(t, &why);
            err_say(e, ST_OS, "%s", buf_text(&why));
            buf_free(&why);
            return;
        }
        post(l, LINK_FRAME, t->doc, "");
        t->doc = NULL;
        t->reply = NULL;
    }
}

static unsigned __stdcall run_stream(void *ctx)
{
    struct link *l = ctx;
    do {
        struct err e = {0};
        struct talk t;
        if (talk_open(l->a, false, &t, &e) == ST_OK && ask_for_stream(l, &t, &e) == ST_OK)
            hear_stream(l, &t, &e);
        talk_end(&t);
        if (WaitForSingleObject(l->quit, 0) == WAIT_TIMEOUT)
            post(l, LINK_LOST, NULL, e.text);
    } while (WaitForSingleObject(l->quit, AGAIN_MS) == WAIT_TIMEOUT);
    return 0;
}

/* --- orders -------------------------------------------------------------------------------------
 */
static void order(void *ctx, enum top_do what, const char *name)
{
    struct link *l = ctx;
    AcquireSRWLockExclusive(&l->lock);
    bool room = l->n < ORDERS_MAX && strlen(name) < TOP_NAME;
    if (room) {
        struct order *o = &l->order[(l->at + l->n++) % ORDERS_MAX];
        o->what = what;
        memcpy(o->name, name, strlen(name) + 1);
        SetEvent(l->ordered);
    }
    ReleaseSRWLockExclusive(&l->lock);
    if (!room)
        post(l, LINK_SAID, NULL, "too many orders wait for the service");
}

static bool next_order(struct link *l, struct order *ret)
{
    AcquireSRWLockExclusive(&l->lock);
    bool any = l->n > 0;
    if (any) {
        *ret = l->order[l->at];
        l->at = (l->at + 1) % ORDERS_MAX;
        l->n--;
    }
    ReleaseSRWLockExclusive(&l->lock);
    return any;
}

/* Who quits does not wait for a service that hangs. */
static enum st hear_answer(struct link *l, struct talk *t, struct err *e)
{
    switch (pipe_client_receive(t->pipe, &t->frame, ANSWER_MS, l->quit, e)) {
    case PIPE_GOT_FRAME:
        return talk_read(t, e);
    case PIPE_GOT_NOTHING:
    case PIPE_GOT_OTHER:
        return err_say(e, ST_BUSY, "the service has not answered");
    default:
        return e->st;
    }
}

static void give(struct link *l, const struct order *o)
{
    const struct view_style plain = {false, 0, true};
    const char *const words[] = {o->name};
    const char *verb = top_do_names[o->what];
    struct arguments a = *l->a;
    struct err e = {0};
    struct talk t;
    struct buf said = {0};
    a.verb = verb_find(verb);
    a.word = words;
    a.words = 1;
    struct question q = question_new(verb, &a);
    enum st st = talk_begin(&a, false, &q, &t, &e);
    if (st == ST_OK)
        st = hear_answer(l, &t, &e);
    if (st != ST_OK)
        buf_z(&said, e.text);
    else if (t.ok)
        view_done(t.reply, verb, &plain, &said);
    else
        words_of(&t, &said);
    post(l, LINK_SAID, NULL, buf_text(&said));
    buf_free(&said);
    talk_end(&t);
}

static unsigned __stdcall run_orders(void *ctx)
{
    struct link *l = ctx;
    const HANDLE events[] = {l->quit, l->ordered};
    struct order o;
    while (WaitForMultipleObjects(2, events, FALSE, INFINITE) == WAIT_OBJECT_0 + 1)
        while (next_order(l, &o))
            give(l, &o);
    return 0;
}

/* --- its life
 * ------------------------------------------------------------------------------------- */
static void end_thread(HANDLE *thread)
{
    if (!*thread)
        return;
    while (WaitForSingleObject(*thread, STUCK_AGAIN_MS) == WAIT_TIMEOUT)
        CancelSynchronousIo(*thread); /* a machine that does not answer holds up an open */
    CloseHandle(*thread);
    *thread = NULL;
}

static void close_link(struct link *l)
{
    if (l->quit)
        SetEvent(l->quit);
    end_thread(&l->stream);
    end_thread(&l->orders);
    const HANDLE events[] = {l->ready, l->quit, l->ordered};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i])
            CloseHandle(events[i]);
    for (struct news *x = l->first, *next; x; x = next) {
        next = x->next;
        free_news(x);
    }
}

static bool open_link(struct link *l, const struct arguments *a)
{
    *l = (struct link){.a = a};
    InitializeSRWLock(&l->lock);
    l->end = &l->first;
    l->ready = CreateEventW(NULL, TRUE, FALSE, NULL);
    l->quit = CreateEventW(NULL, TRUE, FALSE, NULL);
    l->ordered = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!l->ready || !l->quit || !l->ordered)
        return false;
    l->stream = (HANDLE)_beginthreadex(NULL, 0, run_stream, l, 0, NULL);
    l->orders = (HANDLE)_beginthreadex(NULL, 0, run_orders, l, 0, NULL);
    return l->stream && l->orders;
}

/* Once, so that a wrong name or no service at all is told before the screen is taken. */
static int try_once(const struct arguments *a)
{
    struct talk t;
    struct err e = {0};
    struct question q = question_new("status", a);
    enum st st = talk_begin(a, true, &q, &t, &e);
    if (st == ST_OK)
        st = talk_hear(&t, ANSWER_MS, &e);
    int code = st != ST_OK ? complain(e.text) : t.ok ? EXIT_FINE : talk_refused(&t, a);
    talk_end(&t);
    return code;
}

int verb_top(const struct arguments *a)
{
    struct link l;
    struct err e = {0};
    int code = try_once(a);
    if (code != EXIT_FINE)
        return code;
    if (!open_link(&l, a)) {
        close_link(&l);
        return complain("the live view's threads could not be started");
    }
    const struct top_link link = {.ctx = &l, .ready = l.ready, .take = take, .order = order};
    enum st st = top_run(&link, true, &e);
    close_link(&l);
    return st == ST_OK ? EXIT_FINE : complain(e.text);
}
