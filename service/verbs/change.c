/* change.c - reload and set: other definitions for a running fleet. */
#include "service/host/logger.h"
#include "service/verbs/talk.h"
#include "service/view/member.h"
#include "service/view/view.h"

#include <string.h>

/* A job file may lie on a disk that takes its time. */
enum { RELOAD_MS = 600000 };

static int show(const struct talk *t, const struct arguments *a)
{
    struct buf b = {0};
    if (!t->ok && !(a->given & OPT_JSON)) {
        view_changes(t->reply, &t->err.style, &b); /* the mistakes */
        print_err(buf_view(&b));
        buf_free(&b);
        return talk_refused(t, a);
    }
    if (!t->ok)
        return talk_refused(t, a);
    if (a->given & OPT_JSON)
        return talk_print_json(t, false);
    view_changes(t->reply, &t->out.style, &b);
    return show_text(&b);
}

static int ask(const struct arguments *a, struct question *q)
{
    struct talk t;
    struct err e = {0};
    if (a->given & OPT_DRY_RUN)
        yyjson_mut_obj_add_bool(q->doc, q->root, "dry_run", true);
    enum st st = talk_begin(a, true, q, &t, &e);
    if (st == ST_OK)
        st = talk_hear(&t, RELOAD_MS, &e);
    int code = st == ST_OK ? show(&t, a) : complain(e.text);
    talk_end(&t);
    return code;
}

int verb_reload(const struct arguments *a)
{
    struct question q = question_new("reload", a);
    return ask(a, &q);
}

/* --- set ----------------------------------------------------------------------------------------
 */
static int wrong(const char *word)
{
    struct err e = {0};
    err_say(&e, ST_SYNTAX, "'%s' is no setting; write KEY=VALUE, such as job_memory_limit=2G",
            word);
    complain(e.text);
    return EXIT_USAGE;
}

/* WORD is KEY=VALUE; blanks around the parts are as good as none. */
static bool add_setting(struct question *q, yyjson_mut_val *keys, const char *word)
{
    struct str value = str_of(word), key = str_cut(&value, '=');
    key = str_trim(key);
    if (!value.p || key.n == 0)
        return false;
    value = str_trim(value);
    yyjson_mut_obj_add(keys, yyjson_mut_strncpy(q->doc, key.p, key.n),
                       yyjson_mut_strncpy(q->doc, value.p, value.n));
    return true;
}

static const char *add_words(struct question *q, const struct arguments *a)
{
    bool reset = a->given & OPT_RESET;
    yyjson_mut_val *keys = reset ? yyjson_mut_arr(q->doc) : yyjson_mut_obj(q->doc);
    for (size_t i = 1; i < a->words; i++) {
        if (reset && !strchr(a->word[i], '='))
            yyjson_mut_arr_add_strcpy(q->doc, keys, a->word[i]);
        else if (reset || !add_setting(q, keys, a->word[i]))
            return a->word[i];
    }
    if (reset)
        yyjson_mut_obj_add_bool(q->doc, q->root, "reset", true);
    if (a->words > 1)
        yyjson_mut_obj_add_val(q->doc, q->root, "keys", keys);
    return NULL;
}

int verb_set(const struct arguments *a)
{
    if (a->words == 1 && !(a->given & OPT_RESET)) {
        complain("set needs KEY=VALUE, such as 'set web job_memory_limit=2G', or --reset");
        return EXIT_USAGE;
    }
    struct question q = question_new("set", a);
    yyjson_mut_obj_add_strcpy(q.doc, q.root, "name", a->word[0]);
    const char *bad = add_words(&q, a);
    if (bad) {
        question_free(&q);
        return wrong(bad);
    }
    return ask(a, &q);
}
