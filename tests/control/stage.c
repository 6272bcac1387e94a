/* stage.c - see stage.h. */
#include "tests/control/stage.h"

#include <stdio.h>
#include <string.h>

/* --- the fake world ---------------------------------------------------------------------- */
static void facts(void *ctx, struct facts *ret)
{
    const struct stage *s = ctx;
    *ret = (struct facts){.name = "Test",
                          .version = "1.2.3",
                          .config = "/etc/jobs.ini",
                          .pid = 77,
                          .processors = 4,
                          .started = 0,
                          .uptime_ms = s->scene.f.now,
                          .memory = 1 << 30};
}

static uint64_t now(void *ctx)
{
    const struct stage *s = ctx;
    return s->scene.f.now;
}

static void send(void *ctx, uint64_t client, struct buf *frame, bool last)
{
    struct stage *s = ctx;
    if (s->hears)
        s->hears(s->ctx, client, buf_view(frame), last);
    if (s->loud && frame->n > 0) { /* else the host hangs up */
        assert_in_range(s->n, 0, STAGE_FRAMES - 1);
        if (s->pause)
            s->pause(true);
        yyjson_doc *doc = yyjson_read(frame->p, frame->n, 0);
        if (s->pause)
            s->pause(false);
        assert_non_null(doc); /* whatever is sent is JSON */
        s->sent[s->n++] = (struct sent){client, last, doc};
    }
    buf_free(frame);
}

static void measure(void *ctx, const size_t *slot, size_t n, struct measure *ret)
{
    struct stage *s = ctx;
    s->measurings++;
    for (size_t i = 0; i < n; i++) {
        ret[i] = (struct measure){.known = false};
        if (sup_unit(s->scene.f.sup, slot[i])->spawned)
            ret[i] = s->measure;
    }
}

static bool level(void *ctx, size_t slot, uint32_t upper, struct level_facts *ret,
                  struct measure *used)
{
    const struct stage *s = ctx;
    const struct unit *u = sup_unit(s->scene.f.sup, slot);
    const char *const names[] = {u->spec->unit, s->group ? s->group : s->fleet, s->fleet};
    bool is_group = upper == 1 && s->group;
    if (upper > 2 || !names[upper] || (upper == 2 && !s->group))
        return false;
    *ret = (struct level_facts){.kind = upper == 0 ? LEVEL_INSTANCE
                                        : is_group ? LEVEL_GROUP
                                                   : LEVEL_FLEET,
                                .name = names[upper],
                                .open = u->spawned,
                                .limits = upper == 0 ? &u->spec->limits
                                          : is_group ? &s->group_limits
                                                     : &s->fleet_limits,
                                .holders = &s->holders,
                                .cpus = 4};
    if (used)
        *used = u->spawned ? s->measure : (struct measure){.known = false};
    return true;
}

static enum st list(void *ctx, size_t slot, bool commands, struct process_list *ret, struct err *e)
{
    struct stage *s = ctx;
    (void)slot;
    (void)commands;
    if (s->processes == 0)
        return err_say(e, ST_OS, "Windows does not say");
    *ret = (struct process_list){s->processes, s->process, NULL};
    return ST_OK;
}

static void unlist(void *ctx, struct process_list *x)
{
    (void)ctx;
    *x = (struct process_list){0};
}

static bool reload(void *ctx, uint64_t client, const struct reload_order *order, struct no *no)
{
    struct stage *s = ctx;
    if (s->reload_no.code != REFUSAL_NONE) {
        *no = s->reload_no;
        return false;
    }
    s->reload = *order;
    s->reload_client = client;
    s->reloads++;
    return true;
}

static bool tail(void *ctx, uint64_t client, const struct tail_file *file, size_t n, uint64_t lines,
                 bool follow, struct no *no)
{
    struct stage *s = ctx;
    if (s->tail_busy)
        return say_no(no, REFUSAL_BUSY, "too many");
    for (size_t i = 0; i < n && i < 8; i++)
        s->tail[i] = file[i];
    s->tail_n = n;
    s->tail_lines = lines;
    s->tail_client = client;
    s->tail_follow = follow;
    s->tails++;
    return true;
}

static void untail(void *ctx, uint64_t client)
{
    struct stage *s = ctx;
    (void)client;
    s->untails++;
}

static void tail_more(void *ctx, uint64_t client)
{
    struct stage *s = ctx;
    (void)client;
    s->mores++;
}

static void sink(void *ctx, enum log_level l, struct str line)
{
    struct stage *s = ctx;
    (void)l;
    if (!s->loud)
        return;
    buf_str(&s->log, line);
    buf_char(&s->log, '\n');
}

/* --- its life ------------------------------------------------------------------------------ */
void stage_prepare(struct stage *s, const char *a, const char *b, const char *c)
{
    *s = (struct stage){.loud = true};
    scene_open(&s->scene, a, b, c);
    for (int i = 0; i < LIMITS; i++)
        s->holders.of[i] = HELD_BY_SAMPLER;
    s->sink = (struct log){LOG_INFO, sink, s};
}

void stage_run(struct stage *s)
{
    struct err e = {0};
    scene_run(&s->scene);
    const struct world w = {.ctx = s,
                            .sup = s->scene.f.sup,
                            .log = &s->sink,
                            .facts = facts,
                            .now = now,
                            .send = send,
                            .measure = measure,
                            .level = level,
                            .list = list,
                            .unlist = unlist,
                            .reload = reload,
                            .tail = tail,
                            .untail = untail,
                            .tail_more = tail_more};
    s->journal = journal_new();
    assert_non_null(s->journal);
    assert_int_equal(control_new(&w, s->journal, &s->control, &e), ST_OK);
}

void stage_open(struct stage *s, const char *a, const char *b, const char *c)
{
    stage_prepare(s, a, b, c);
    stage_run(s);
}

void stage_clear(struct stage *s)
{
    for (size_t i = 0; i < s->n; i++)
        yyjson_doc_free(s->sent[i].doc);
    s->n = 0;
}

void stage_close(struct stage *s)
{
    stage_clear(s);
    control_free(s->control);
    journal_free(s->journal);
    buf_free(&s->log);
    scene_close(&s->scene);
}

/* --- asking ---------------------------------------------------------------------------------- */
void stage_ask(struct stage *s, uint64_t client, bool may_command, const char *json)
{
    const struct caller caller = {client, may_command, "DOMAIN\\somebody", 4711};
    struct buf b = {0};
    buf_f(&b, "{\"protocol\":1,\"id\":9,%s}", json);
    control_request(s->control, &caller, buf_view(&b));
    buf_free(&b);
}

yyjson_val *stage_frame(struct stage *s, size_t i)
{
    assert_in_range(i, 0, s->n - 1);
    return yyjson_doc_get_root(s->sent[i].doc);
}

static yyjson_val *one_frame(struct stage *s, const char *json)
{
    stage_clear(s);
    stage_ask(s, 1, true, json);
    assert_int_equal(s->n, 1);
    assert_true(s->sent[0].last);
    assert_false(has(stage_frame(s, 0), "more"));
    assert_int_equal(number_at(stage_frame(s, 0), "id"), 9);
    return stage_frame(s, 0);
}

yyjson_val *stage_once(struct stage *s, const char *json)
{
    yyjson_val *v = one_frame(s, json);
    if (!yyjson_get_bool(at(v, "ok")))
        fail_msg("refused: %s", text_at(v, "error/text"));
    return v;
}

void stage_refused(struct stage *s, const char *json, const char *code, const char *piece)
{
    yyjson_val *v = one_frame(s, json);
    assert_false(yyjson_get_bool(at(v, "ok")));
    assert_string_equal(text_at(v, "error/code"), code);
    if (!strstr(text_at(v, "error/text"), piece))
        fail_msg("%s", text_at(v, "error/text"));
}

void stage_live(struct stage *s, uint64_t ms)
{
    for (uint64_t end = s->scene.f.now + ms; s->scene.f.now < end;) {
        scene_live(&s->scene, CONTROL_TICK_MS);
        if (control_busy(s->control))
            control_tick(s->control);
    }
}

void stage_read(struct stage *s, uint64_t client)
{
    control_sent(s->control, client);
}

/* --- replies ---------------------------------------------------------------------------------- */
static yyjson_val *find(yyjson_val *v, const char *path)
{
    char pointer[160];
    snprintf(pointer, sizeof pointer, "/%s", path);
    return yyjson_ptr_get(v, pointer);
}

yyjson_val *at(yyjson_val *v, const char *path)
{
    yyjson_val *found = find(v, path);
    if (!found) {
        char *text = yyjson_val_write(v, YYJSON_WRITE_PRETTY, NULL);
        fail_msg("there is no %s in %s", path, text ? text : "?");
    }
    return found;
}

const char *text_at(yyjson_val *v, const char *path)
{
    const char *text = yyjson_get_str(at(v, path));
    assert_non_null(text);
    return text;
}

uint64_t number_at(yyjson_val *v, const char *path)
{
    yyjson_val *n = at(v, path);
    assert_true(yyjson_is_uint(n));
    return yyjson_get_uint(n);
}

bool has(yyjson_val *v, const char *path)
{
    return find(v, path) != NULL;
}
