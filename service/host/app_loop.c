/* app_loop.c - what the loop does between the start of the fleet and its end. */
#include "service/host/app_impl.h"

#include "service/host/accounts.h"
#include "service/host/limit_events.h"

enum {
    BATCH = 256,
    BATCHES = 8,
    SECOND_MS = 1000,
    HINT_MS = 15000,
    HINT_MAX_MS = 3600000,
    ABANDON_MS = 20000
};

static void tell_stopping(struct app *a)
{
    uint64_t now = uv_now(&a->loop), end = sup_stop_deadline(a->sup);
    uint64_t left = end > now ? end - now : 0;
    if (left > HINT_MAX_MS) /* the next check point comes in a second anyway */
        left = HINT_MAX_MS;
    if (a->options.front.stopping)
        a->options.front.stopping(a->options.front.ctx, (uint32_t)left + HINT_MS);
}

/* The last resort: a terminated process that does not end is stuck in the kernel, and waiting for
 * it would hold the SCM, or a shutdown.  Closing the jobs asks once more. */
static void on_second(uv_timer_t *t)
{
    struct app *a = t->data;
    tell_stopping(a);
    if (uv_now(&a->loop) < a->stop_until)
        return;
    log_event(&a->logger.log, LOG_ERROR, "service.stop_abandoned",
              LOG_TEXT("reason", "terminated workers do not end; leaving them to Windows"));
    a->abandoned = true;
    uv_stop(&a->loop);
}

/* Asking a worker to stop takes a moment, so units are asked one a turn: what else comes does not
 * wait for all of them.  (Starts are spread by the supervisor itself.) */
static void on_idle(uv_idle_t *i)
{
    struct app *a = i->data;
    if (!sup_stop_next(a->sup))
        uv_idle_stop(i);
}

static void begin_stop(struct app *a, enum cause cause, uint64_t budget)
{
    if (budget == 0 || budget > a->config->service.stop_timeout)
        budget = a->config->service.stop_timeout;
    uint64_t end = uv_now(&a->loop) + budget;
    if (!a->stopping || end < a->hooks_until)
        a->hooks_until = end;
    if (!a->stopping) {
        a->stopping = true;
        log_event(&a->logger.log, LOG_INFO, "service.stopping",
                  LOG_TEXT("cause", cause_names[cause]), LOG_NUM("within_ms", budget));
        a->stop_until = end + ABANDON_MS;
        uv_timer_start(&a->second, on_second, SECOND_MS, SECOND_MS);
    }
    sup_stop_begin(a->sup, cause, budget);
    uv_idle_start(&a->turns, on_idle);
    tell_stopping(a);
}

/* What the last worker's end has to tell somebody is not cut off: each hook has its own time, and a
 * stop waits for them within its budget. */
static bool hooks_hold(const struct app *a)
{
    return runs_have_hooks(a->runs) && (!a->stopping || uv_now(&a->loop) < a->hooks_until);
}

/* The loop ends when nothing runs and nothing will. */
static void end_if_done(struct app *a)
{
    if (!a->stopping && sup_wants_exit(a->sup)) {
        log_event(&a->logger.log, LOG_ERROR, "service.exit_requested",
                  LOG_TEXT("reason", "a job with start_limit_action = exit-service has failed"));
        begin_stop(a, CAUSE_SHUTDOWN, 0);
    }
    bool done = a->stopping || (a->options.console && sup_all_final(a->sup));
    if (done && sup_all_down(a->sup) && !hooks_hold(a) && (a->stopping || !reload_busy(a->reload)))
        uv_stop(&a->loop);
}

static void tell_packet(const struct app *a, const struct note *n)
{
    log_event(&a->logger.log, LOG_DEBUG, "port.packet", LOG_NUM("message", n->number),
              LOG_TEXT("name", message_name(n->number)), LOG_NUM("pid", n->pid),
              LOG_HEX(n->kind == NOTE_JOB ? "run" : "level", n->id));
}

/* A new process changes nothing that a look could show, and of refusals there can be thousands a
 * second; every other message may. */
static bool worth_a_look(uint32_t number)
{
    return number != JOB_OBJECT_MSG_NEW_PROCESS && number != JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT &&
           number != JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT &&
           number != JOB_OBJECT_MSG_JOB_MEMORY_LIMIT;
}

static void apply_job(struct app *a, const struct note *n)
{
    tell_packet(a, n);
    if (sup_find(a->sup, n->id))
        limits_message(a->runs, &(struct seat){.slot = (uint32_t)n->id}, n->number, n->pid);
    if (worth_a_look(n->number))
        sup_note(a->sup, n->id);
}

static void apply_level(struct app *a, const struct note *n)
{
    tell_packet(a, n);
    struct upper *u = levels_find(runs_levels(a->runs), n->id);
    if (u)
        limits_message(a->runs, &(struct seat){.upper = u}, n->number, n->pid);
}

static void apply(struct app *a, const struct note *n)
{
    switch (n->kind) {
    case NOTE_JOB:
        apply_job(a, n);
        break;
    case NOTE_LEVEL:
        apply_level(a, n);
        break;
    case NOTE_ENDED:
        sup_note(a->sup, n->id);
        break;
    case NOTE_HELPER:
        runs_helper_ended(a->runs, n->number);
        break;
    case NOTE_HOOK:
        runs_hook_ended(a->runs, n->number);
        break;
    case NOTE_CHECK:
        runs_check_packet(a->runs, n->number);
        break;
    case NOTE_RELOAD:
        reload_ask(a->reload, n->number != 0);
        break;
    case NOTE_STOP:
        begin_stop(a, (enum cause)n->number, n->id);
        break;
    case NOTE_STOP_NOW:
        begin_stop(a, CAUSE_SHUTDOWN, 0);
        log_event(&a->logger.log, LOG_WARNING, "service.stop_now",
                  LOG_TEXT("workers", "terminated"));
        sup_end_now(a->sup);
        a->hooks_until = 0;
        break;
    }
}

/* Makes up for lost notes. */
static void look_all(struct app *a)
{
    limits_look_all(a->runs);
    sup_look_all(a->sup);
}

void app_on_bell(uv_async_t *bell)
{
    struct app *a = bell->data;
    struct note note[BATCH];
    size_t n = BATCH;
    bool any_lost = false;
    for (int i = 0; i < BATCHES && n == BATCH; i++) {
        bool lost = false;
        n = queue_take(a->queue, note, BATCH, &lost);
        for (size_t k = 0; k < n; k++)
            apply(a, &note[k]);
        any_lost = any_lost || lost;
    }
    if (any_lost)
        look_all(a);
    if (n == BATCH) /* a flood must not hold the alarms: the rest is for the next turn */
        uv_async_send(bell);
    end_if_done(a);
}

void app_on_lines(uv_async_t *lines)
{
    struct app *a = lines->data;
    if (chronicle_fetch(a->chronicle, a->journal) && a->clients)
        clients_happened(a->clients);
}

static void on_look(uv_timer_t *t)
{
    struct app *a = t->data;
    look_all(a);
    runs_look_at_helpers(a->runs);
    runs_look_at_hooks(a->runs);
    reload_look(a->reload);
    end_if_done(a);
}

/* An alarm may have been the last thing to happen. */
static void on_turn(uv_prepare_t *p)
{
    end_if_done(p->data);
}

static void tell_start(struct app *a)
{
    const struct switches *s = &a->switches;
    struct str rest = str_of(a->options.warnings);
    while (rest.n > 0) {
        struct buf line = {0};
        buf_str(&line, str_cut(&rest, '\n'));
        if (line.n > 0)
            log_event(&a->logger.log, LOG_WARNING, "config.warning",
                      LOG_TEXT("text", buf_text(&line)));
        buf_free(&line);
    }
    log_event(&a->logger.log, LOG_INFO, "service.started",
              LOG_TEXT("service", a->config->service.name), LOG_TEXT("config", a->config->path),
              LOG_NUM("instances", a->config->n), LOG_NUM("pid", GetCurrentProcessId()),
              LOG_TEXT("namespace", a->claim.prefix));
    if (s->drop_packets || s->suspended || s->no_suspended || s->look_often || s->unknown)
        log_event(&a->logger.log, LOG_WARNING, "service.test_switches",
                  LOG_NUM("drop_packets", s->drop_packets), LOG_NUM("suspended", s->suspended),
                  LOG_NUM("attribute", s->no_suspended), LOG_NUM("look_often", s->look_often),
                  LOG_TEXT("unknown", s->unknown));
}

static int exit_code(const struct app *a)
{
    if (sup_wants_exit(a->sup))
        return 1;
    /* Not for the SCM: it asked for this stop, and its recovery actions would start the service
     * again. */
    if (a->options.console && a->abandoned)
        return 1;
    for (size_t i = 0; a->options.console && i < sup_count(a->sup); i++)
        if (sup_unit(a->sup, i)->at == S_FAILED)
            return 1;
    return 0;
}

int app_run(struct app *a)
{
    uv_prepare_start(&a->turn, on_turn);
    uv_timer_start(&a->look, on_look, a->look_ms, a->look_ms);
    tell_start(a);
    sup_start_all(a->sup); /* the first; the others follow by the fleet's alarm */
    if (a->options.front.running)
        a->options.front.running(a->options.front.ctx);
    uv_run(&a->loop, UV_RUN_DEFAULT);
    int code = exit_code(a);
    const struct account used = account_of_fleet(a->runs);
    log_event(&a->logger.log, LOG_INFO, "service.stopped", LOG_NUM("exit_code", (uint64_t)code),
              LOG_NUM("processes", used.processes),
              LOG_NUM("cpu_ms", (used.user + used.kernel) / TICKS_PER_MS),
              LOG_NUM("ended_by_limits", used.terminated));
    return code;
}
