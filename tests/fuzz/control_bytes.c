/* control_bytes.c - see control_bytes.h. */
#include "tests/fuzz/control_bytes.h"

#include "common/utf.h"
#include "tests/control/stage.h"
#include "tests/fuzz/talker.h"

#include <string.h>

enum { TALKERS = 4, STEPS_MAX = 400, WAIT_MAX_MS = 5000, LIVE_MAX_MS = 60000 };

struct play {
    struct stage stage;
    struct talker talker[TALKERS];
    size_t who; /* talker[who] does what comes next */
    bool may_command;
    uint64_t last_client;
    size_t piece;
    uint64_t lived, tails, reloads;
    size_t set; /* that holds */
    uint64_t told; /* of the journal */
    struct group_spec group;
};

static uint64_t number(struct str s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && n < 1000000; i++)
        n = n * 10 + (uint64_t)(s.p[i] - '0');
    return n;
}

/* --- the fleet -------------------------------------------------------------------------- */
static void on_sent(void *ctx, uint64_t client, struct str frame, bool last)
{
    struct play *p = ctx;
    for (size_t i = 0; i < TALKERS; i++)
        if (p->talker[i].client == client) {
            talker_hear(&p->talker[i], frame, last);
            return;
        }
    talker_expect(false, "nothing is sent to a client that is gone");
}

static void on_line(void *ctx, enum log_level level, struct str line)
{
    struct play *p = ctx;
    journal_add(p->stage.journal, (int64_t)p->stage.scene.f.now, level, line);
}

/* Something of everything that replies tell about. */
static void define(struct play *p, struct definitions *d)
{
    static const struct override set[] = {{"a", false, "job_memory_limit", "1G"},
                                          {"apps", true, "job_time_limit", "1h"}};
    for (size_t i = 0; i < d->config.n; i++) {
        struct job_spec *s = &d->spec[i];
        s->out = *s->job == 'a' ? "logs\\a.log" : "null";
        s->err = *s->job == 'b' ? "logs\\b.err" : "stdout";
        s->group = *s->job == 'b' ? &p->group : NULL;
        s->limits.on_limit = REACTION_RESTART;
        s->limits.job_memory = (uint64_t)(i + 1) << 30;
    }
    d->config.groups = 1;
    d->config.group = &p->group;
    d->config.overrides = sizeof set / sizeof *set;
    d->config.override = set;
}

static void open_play(struct play *p)
{
    struct stage *s = &p->stage;
    *p = (struct play){.piece = SIZE_MAX, .may_command = true, .group = {.name = "apps"}};
    p->group.limits.on_limit = REACTION_LOG;
    stage_prepare(s, "a3 b2 c1 d0", "a2 b3 e1", "b1 c2 d2");
    for (size_t i = 0; i < 3; i++)
        define(p, &s->scene.set[i]);
    SET_EACH(&s->scene.set[0], 2, restart, RESTART_NEVER);
    s->loud = false;
    s->scene.f.quiet = true;
    s->sink = (struct log){LOG_INFO, on_line, p};
    s->hears = on_sent;
    s->ctx = p;
    s->group = "apps";
    s->fleet = "Test";
    s->group_limits = s->fleet_limits = s->scene.set[0].spec[0].limits;
    s->measure = (struct measure){.known = true, .now = {.at = 5, .commit = 77, .processes = 1}};
    s->process[0] = (struct process_row){
        .proc = {.pid = 5, .created = 1}, .main = true, .image = "C:\\x.exe", .command = "x \xFF"};
    s->processes = 1;
    stage_run(s);
    p->told = journal_next(s->journal);
}

/* Every client is gone, and then nothing is owed to anybody. */
static void close_play(struct play *p)
{
    struct stage *s = &p->stage;
    for (size_t i = 0; i < TALKERS; i++)
        talker_leave(&p->talker[i], s->control);
    talker_expect(!control_busy(s->control), "nothing is owed to clients that are gone");
    talker_expect(s->untails >= s->tails, "no log file is read for them");
    control_tick(s->control);
    stage_close(s);
}

/* --- the host ------------------------------------------------------------------------------ */
static void end_reload(struct play *p, struct talker *t, uint64_t how)
{
    static const struct plan_line line = {.at = {"jobs.ini", 3},
                                          .subject = "job a",
                                          .key = "command",
                                          .to = "x \xC3",
                                          .cost = APPLY_RESPAWN,
                                          .text = "jobs.ini:3"};
    static const struct plan plan = {.n = 1, .line = &line};
    const struct takeover taken = {.same = 1};
    struct diags *d = diags_new();
    if (!d || !t->reloading) {
        diags_free(d);
        return;
    }
    if (how == 2)
        diag_add(d, SEV_ERROR, line.at, "unknown-key", "there is no 'x\xFF'");
    t->reloading = false;
    const struct reloaded all[] = {{.plan = &plan, .taken = &taken, .mistakes = d},
                                   {.plan = &plan},
                                   {.refusal = REFUSAL_REFUSED, .why = "mistakes", .mistakes = d},
                                   {.refusal = REFUSAL_FAILED, .why = "out of memory"}};
    uint64_t client = t->client;
    control_reloaded(p->stage.control, client, &all[how % 4]);
    talker_expect(!t->asked, "a reload that has ended is answered");
    diags_free(d);
}

static void bring_text(struct play *p, struct talker *t, struct str text, bool last)
{
    const struct tailed got = {.file = p->stage.tail_n && text.n ? &p->stage.tail[0] : NULL,
                               .path = "C:\\logs\\a.log",
                               .text = text,
                               .last = last};
    if (!t->tailing)
        return;
    control_tailed(p->stage.control, t->client, &got);
    talker_expect(t->asked != last, "files that have ended end the reply");
}

static void bring_trouble(struct play *p, struct talker *t)
{
    const struct tailed got = {
        .file = &p->stage.tail[0], .path = "C:\\logs\\a.log", .why = "access is denied"};
    if (t->tailing)
        control_tailed(p->stage.control, t->client, &got);
}

static void take_over(struct play *p, uint64_t set)
{
    struct scene *s = &p->stage.scene;
    size_t i = (size_t)(set % 3);
    struct err e = {0};
    if (i == p->set || sup_stopping(s->f.sup) || sup_uses(s->f.sup, &s->set[i].config))
        return;
    talker_expect(sup_take(s->f.sup, &s->set[i].config, &s->done, &e) == ST_OK, "it takes over");
    p->set = i;
}

static void end_one(struct play *p, uint64_t code)
{
    struct fake *f = &p->stage.scene.f;
    for (size_t i = 0; i < sup_count(f->sup); i++)
        if (f->job[i].open && f->job[i].main_alive) {
            fake_exit(f, i, (uint32_t)code);
            return;
        }
}

static void live(struct play *p, uint64_t ms)
{
    ms = ms < WAIT_MAX_MS ? ms : WAIT_MAX_MS;
    if (p->lived + ms <= LIVE_MAX_MS)
        stage_live(&p->stage, ms);
    p->lived += ms;
}

static void turn_away(struct play *p)
{
    struct no *no = &p->stage.reload_no;
    p->stage.tail_busy = !p->stage.tail_busy;
    if (p->stage.tail_busy)
        say_no(no, REFUSAL_BUSY, "a reload is under way");
    else
        no->code = REFUSAL_NONE;
}

/* --- steps ----------------------------------------------------------------------------------- */
static void send_line(struct play *p, struct str line, bool framed)
{
    struct stage *s = &p->stage;
    struct talker *t = &p->talker[p->who];
    struct buf all = {0};
    char head[FRAME_HEAD];
    if (!t->client)
        talker_connect(t, ++p->last_client, p->may_command);
    frame_head((uint32_t)line.n, head);
    buf_add(&all, head, framed ? sizeof head : 0);
    buf_str(&all, line);
    talker_send(t, s->control, buf_view(&all), p->piece);
    buf_free(&all);
}

static void step(struct play *p, struct str line)
{
    struct stage *s = &p->stage;
    struct talker *t = &p->talker[p->who];
    struct str rest = {line.p + 1, line.n - 1};
    switch (*line.p) {
    case '{': send_line(p, line, true); break;
    case '=': send_line(p, rest, false); break;
    case '/': p->piece = number(rest) ? (size_t)number(rest) : SIZE_MAX; break;
    case '@':
        p->who = number(rest) % TALKERS;
        p->may_command = rest.n == 0 || rest.p[rest.n - 1] != '-';
        break;
    case '<': talker_read(t, s->control); break;
    case 'x': talker_leave(t, s->control); break;
    case '+': live(p, number(rest)); break;
    case 'r': end_reload(p, t, number(rest)); break;
    case 'l': bring_text(p, t, rest, false); break;
    case 'L': bring_text(p, t, rest, true); break;
    case 'w': bring_trouble(p, t); break;
    case 'j':
        if (utf8_valid(rest) == rest.n)
            on_line(p, LOG_WARNING, rest);
        break;
    case '>': take_over(p, number(rest)); break;
    case 'e': end_one(p, number(rest)); break;
    case 'n': turn_away(p); break;
    case 's': sup_stop_begin(s->scene.f.sup, CAUSE_SHUTDOWN, 10000); break;
    default: break;
    }
}

/* Of whom the host was asked something. */
static void note_orders(struct play *p)
{
    struct stage *s = &p->stage;
    for (size_t i = 0; i < TALKERS; i++) {
        struct talker *t = &p->talker[i];
        if (s->reloads > p->reloads && t->client == s->reload_client)
            t->reloading = true;
        if (s->tails > p->tails && t->client == s->tail_client)
            t->tailing = true;
    }
    p->reloads = s->reloads;
    p->tails = s->tails;
}

static void check(struct play *p)
{
    struct stage *s = &p->stage;
    bool owed = false;
    note_orders(p);
    if (journal_next(s->journal) != p->told)
        control_happened(s->control);
    p->told = journal_next(s->journal);
    for (size_t i = 0; i < TALKERS; i++)
        owed = owed || p->talker[i].asked;
    talker_expect(owed || !control_busy(s->control), "ticks are for those who are owed something");
}

void control_bytes(const uint8_t *bytes, size_t n)
{
    struct str rest = {(const char *)bytes, n};
    static struct play p; /* too large for a stack under sanitizers */
    open_play(&p);
    for (size_t i = 0; rest.p && i < STEPS_MAX; i++) {
        struct str line = str_cut(&rest, '\n');
        if (line.n > 0)
            step(&p, line);
        check(&p);
    }
    close_play(&p);
}
