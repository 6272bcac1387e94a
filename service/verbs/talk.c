/* talk.c - see talk.h. */
#include "service/verbs/talk.h"

#include "config/service_name.h"
#include "config/value.h"
#include "service/control/memory.h"
#include "service/host/loading.h"
#include "service/host/logger.h"
#include "service/view/member.h"
#include "service/view/view.h"
#include "service/win32/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- which service ----------------------------------------------------------------------- */
/* Never a guess: an order that meets another service is worse than none. */
static enum st name_loaded(const char *path, char ret[NAME_MAX_BYTES + 1], struct err *e)
{
    struct config *c = NULL;
    struct buf mistakes = {0};
    enum st st = load_config(path, &c, NULL, &mistakes);
    if (st == ST_OK)
        snprintf(ret, NAME_MAX_BYTES + 1, "%s", c->service.name);
    else
        err_say(e, st,
                "which service is meant cannot be read from %s, which has mistakes; say it with "
                "--service NAME, and see 'jobwarden.exe check --config FILE'",
                path);
    config_free(c);
    buf_free(&mistakes);
    return st;
}

/* What the job file says, where that is plain however broken the rest of it is. */
static enum st name_in(const char *path, bool given, char ret[NAME_MAX_BYTES + 1], struct err *e)
{
    const struct source source = source_win32();
    struct arena *a = arena_new();
    struct str bytes;
    struct err why = {0};
    enum st st = a ? source.read(source.ctx, path, a, &bytes, &why) : err_nomem(&why);
    bool unclear = st == ST_OK && service_name_of(bytes, ret) == SERVICE_NAME_UNCLEAR;
    arena_free(a);
    if (unclear)
        return name_loaded(path, ret, e);
    if (st == ST_OK || !given) /* without a job file it is the service of the default name */
        return ST_OK;
    return err_say(e, st, "%s: %s; it would tell the service's name, or --service does", path,
                   why.text);
}

char *talk_service(const struct arguments *a, struct err *e)
{
    char name[NAME_MAX_BYTES + 1] = "Jobwarden";
    if (a->service)
        return _strdup(a->service);
    if (a->host && !a->config)
        return _strdup(name); /* the job file of this machine says nothing about others */
    char *path = config_path(a);
    enum st st = path ? name_in(path, a->config != NULL, name, e) : err_nomem(e);
    free(path);
    return st == ST_OK ? _strdup(name) : NULL;
}

/* They become part of a path. */
static enum st check_names(const struct arguments *a, struct err *e)
{
    if (a->service && !name_valid(str_of(a->service)))
        return err_say(e, ST_SYNTAX, "'%s' is no name of a service: " NAME_RULE, a->service);
    if (a->host && (!*a->host || strpbrk(a->host, "\\/")))
        return err_say(e, ST_SYNTAX, "'%s' is no name of a machine; write it without slashes",
                       a->host);
    return ST_OK;
}

enum st talk_open(const struct arguments *a, bool prints, struct talk *t, struct err *e)
{
    *t = (struct talk){.pipe = NULL};
    if (prints) {
        term_open(&t->out, GetStdHandle(STD_OUTPUT_HANDLE));
        term_open(&t->err, GetStdHandle(STD_ERROR_HANDLE));
    }
    e->st = ST_OK;
    enum st names = check_names(a, e);
    if (names != ST_OK)
        return names;
    char *service = talk_service(a, e);
    if (!service)
        return e->st != ST_OK ? e->st : err_nomem(e);
    enum st st = pipe_client_open(a->host, service, &t->pipe, e);
    free(service);
    return st;
}

void talk_end(struct talk *t)
{
    pipe_client_close(t->pipe);
    yyjson_doc_free(t->doc);
    buf_free(&t->frame);
    term_close(&t->err);
    term_close(&t->out);
    *t = (struct talk){.pipe = NULL};
}

/* --- questions ------------------------------------------------------------------------------ */
void question_names(struct question *q, const struct arguments *a)
{
    yyjson_mut_val *names = yyjson_mut_arr(q->doc);
    for (size_t i = 0; i < a->words; i++)
        yyjson_mut_arr_add_strcpy(q->doc, names, a->word[i]);
    yyjson_mut_obj_add_val(q->doc, q->root, "names", names);
}

struct question question_new(const char *what, const struct arguments *a)
{
    struct question q = {.failed = calloc(1, sizeof(bool))};
    q.doc = q.failed ? memory_doc(q.failed) : NULL;
    q.root = yyjson_mut_obj(q.doc);
    yyjson_mut_doc_set_root(q.doc, q.root);
    yyjson_mut_obj_add_uint(q.doc, q.root, "protocol", 1);
    yyjson_mut_obj_add_uint(q.doc, q.root, "id", 1);
    yyjson_mut_obj_add_str(q.doc, q.root, "do", what);
    if (a && a->words > 0 && a->verb->names && a->verb->run != verb_set)
        question_names(&q, a);
    return q;
}

void question_free(struct question *q)
{
    yyjson_mut_doc_free(q->doc);
    free(q->failed);
    *q = (struct question){.doc = NULL};
}

enum st talk_begin(const struct arguments *a, bool prints, struct question *q, struct talk *t,
                   struct err *e)
{
    enum st st = talk_open(a, prints, t, e);
    if (st == ST_OK)
        return talk_ask(t, q, e);
    question_free(q);
    return st;
}

enum st talk_ask(struct talk *t, struct question *q, struct err *e)
{
    size_t n = 0;
    char *json = q->failed ? memory_text(q->doc, q->failed, 0, &n) : NULL;
    question_free(q);
    enum st st = json ? pipe_client_send(t->pipe, (struct str){json, n}, e)
                      : err_say(e, ST_SYNTAX,
                                "this cannot be asked: a word is not text, or there "
                                "is no memory");
    free(json);
    return st;
}

/* --- answers ---------------------------------------------------------------------------------- */
enum st talk_read(struct talk *t, struct err *e)
{
    yyjson_doc_free(t->doc);
    t->doc = yyjson_read(t->frame.p, t->frame.n, 0);
    t->reply = yyjson_doc_get_root(t->doc);
    if (!yyjson_is_obj(t->reply))
        return err_say(e, ST_SYNTAX, "the service answered with something that is no JSON object");
    t->ok = member_yes(t->reply, "ok");
    t->more = member_yes(t->reply, "more");
    return ST_OK;
}

enum st talk_hear(struct talk *t, uint64_t wait_ms, struct err *e)
{
    switch (pipe_client_receive(t->pipe, &t->frame, wait_ms, NULL, e)) {
    case PIPE_GOT_FRAME:
        return talk_read(t, e);
    case PIPE_GOT_NOTHING:
        return err_say(e, ST_BUSY, "the service has not answered for %llu s",
                       (unsigned long long)wait_ms / 1000);
    default:
        return e->st;
    }
}

int talk_print_json(const struct talk *t, bool stream)
{
    size_t n = 0;
    char *text = yyjson_val_write(t->reply, stream ? 0 : YYJSON_WRITE_PRETTY_TWO_SPACES, &n);
    if (!text)
        return complain("out of memory");
    struct buf b = {0};
    buf_add(&b, text, n);
    buf_char(&b, '\n');
    bool heard = buf_ok(&b) && print_out(buf_view(&b));
    free(text);
    buf_free(&b);
    return heard ? EXIT_FINE : EXIT_FAILED;
}

int talk_refused(const struct talk *t, const struct arguments *a)
{
    struct buf b = {0};
    yyjson_val *error = member_object(t->reply, "error");
    bool no_name = str_is(member_text(error, "code"), "no-such-name");
    if (a->given & OPT_JSON)
        talk_print_json(t, false);
    view_error(t->reply, &t->err.style, &b);
    complain(buf_text(&b));
    buf_free(&b);
    return no_name ? EXIT_NO_NAME : EXIT_FAILED;
}

int show_text(struct buf *b)
{
    int code = !buf_ok(b)               ? complain("out of memory")
               : print_out(buf_view(b)) ? EXIT_FINE
                                        : EXIT_FAILED;
    buf_free(b);
    return code;
}

static int show_it(const struct talk *t, const struct arguments *a, talk_show show,
                   int (*judge)(yyjson_val *reply))
{
    struct buf b = {0};
    int code = EXIT_FINE;
    if (a->given & OPT_JSON) {
        code = talk_print_json(t, false);
    } else {
        show(t->reply, &t->out.style, &b);
        code = show_text(&b);
    }
    return code == EXIT_FINE && judge ? judge(t->reply) : code;
}

int talk_once(const struct arguments *a, struct question *q, talk_show show,
              int (*judge)(yyjson_val *reply))
{
    struct talk t;
    struct err e = {0};
    enum st st = talk_begin(a, true, q, &t, &e);
    if (st == ST_OK)
        st = talk_hear(&t, ANSWER_MS, &e);
    int code = st != ST_OK ? complain(e.text)
               : !t.ok     ? talk_refused(&t, a)
                           : show_it(&t, a, show, judge);
    talk_end(&t);
    return code;
}
