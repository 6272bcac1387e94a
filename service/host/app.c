/* app.c - opens the rooms in order, closes them in the opposite one.  app_loop.c is the loop. */
#include "service/host/app_impl.h"

#include "config/load.h"
#include "service/host/failure.h"
#include "service/job/account.h"
#include "service/job/machine.h"
#include "service/win32/security.h"
#include "service/win32/file.h"
#include "service/win32/zone.h"

#include <stdlib.h>
#include <string.h>

enum { OUTPUT_GRACE_MS = 2000, PRINTER_GRACE_MS = 2000, LOOK_OFTEN_MS = 200 };

static void ring(void *ctx)
{
    uv_async_send(ctx); /* the one call of libuv that any thread may make */
}

static enum st open_loop(struct app *a, struct err *e)
{
    if (uv_loop_init(&a->loop) != 0)
        return err_say(e, ST_OS, "the event loop could not be made");
    a->loop_open = true;
    if (uv_async_init(&a->loop, &a->bell, app_on_bell) != 0)
        return err_say(e, ST_OS, "the event loop's bell could not be made");
    if (uv_async_init(&a->loop, &a->lines, app_on_lines) != 0) {
        uv_close((uv_handle_t *)&a->bell, NULL);
        return err_say(e, ST_OS, "the event loop's bell for the log could not be made");
    }
    a->bell.data = a->lines.data = a;
    a->started_at = zone_now();
    a->started_ms = uv_now(&a->loop);
    uv_timer_init(&a->loop, &a->look);
    uv_timer_init(&a->loop, &a->second);
    uv_prepare_init(&a->loop, &a->turn);
    uv_idle_init(&a->loop, &a->turns);
    a->look.data = a->second.data = a->turn.data = a->turns.data = a;
    a->handles_open = true;
    enum st st = queue_new(ring, &a->bell, &a->queue, e);
    if (st != ST_OK)
        return st;
    struct recording *read = a->options.read;
    a->options.read = NULL; /* taken over, also on failure */
    return reload_new(a, read, &a->reload, e);
}

struct output_file app_log_file(const struct app *a, const struct service_spec *s)
{
    return (struct output_file){
        .path = a->log_path, .max_size = s->log_max_size, .keep = s->log_keep, .roll = ROLL_SIZE};
}

/* What is logged from here on can be asked for. */
static enum st open_journal(struct app *a, struct err *e)
{
    a->journal = journal_new();
    enum st st = a->journal ? chronicle_new(ring, &a->lines, &a->chronicle, e) : err_nomem(e);
    a->logger.chronicle = a->chronicle;
    return st;
}

static enum st open_log(struct app *a, struct err *e)
{
    const struct service_spec *s = &a->config->service;
    logger_init(&a->logger, s->log_level);
    enum st st = open_journal(a, e);
    if (st == ST_OK && a->options.console)
        st = printer_start(&a->logger.printer, e);
    if (st == ST_OK)
        st = output_start(&a->logger.log, &a->output, e);
    if (st != ST_OK || s->log_file[0] == '\0')
        return st;
    a->log_path = path_join(a->config_dir, s->log_file);
    if (!a->log_path)
        return err_nomem(e);
    const struct output_file file = app_log_file(a, s);
    bool lost = false;
    st = output_open_log(a->output, &file, &lost, e);
    if (st == ST_OK)
        a->logger.output = a->output;
    if (st == ST_OK && lost && !a->options.console) /* the console has been told */
        failure_event(s->name, e->text);
    return st;
}

static enum st open_fleet(struct app *a, struct err *e)
{
    const struct runs_setup setup = {.service = a->service,
                                     .config_dir = a->config_dir,
                                     .sample_interval = a->config->service.sample_interval,
                                     .prefix = a->claim.prefix,
                                     .port = port_handle(a->port),
                                     .security = &a->security,
                                     .logger = &a->logger,
                                     .output = a->output,
                                     .loop = &a->loop,
                                     .machine = &a->machine,
                                     .probe = &a->probe,
                                     .violation = job_violation,
                                     .switches = a->switches};
    machine_read(&a->machine);
    enum st st = probe_run(&a->machine, &a->probe, e);
    if (st == ST_OK)
        st = runs_new(&setup, a->config, &a->runs, e);
    if (st != ST_OK)
        return st;
    const struct hands hands = runs_hands(a->runs);
    st = sup_new(a->config, &hands, &a->sup, e);
    if (st == ST_OK)
        st = runs_serve(a->runs, a->sup, e);
    return st;
}

static enum st keep_names(struct app *a, struct err *e)
{
    a->service = _strdup(a->config->service.name);
    a->config_dir = _strdup(a->config->config_dir);
    a->log_file = _strdup(a->config->service.log_file);
    if (!a->service || !a->config_dir || !a->log_file)
        return err_nomem(e);
    a->started_with = a->config->service;
    a->started_with.name = a->service;
    a->started_with.log_file = a->log_file;
    return ST_OK;
}

static enum st open_all(struct app *a, struct err *e)
{
    enum st st = keep_names(a, e);
    if (st == ST_OK)
        st = open_loop(a, e);
    if (st == ST_OK)
        st = security_for_objects(&a->security, e);
    if (st == ST_OK)
        st = claim_name(&a->config->service, &a->security, &a->claim, e);
    if (st == ST_OK)
        st = open_log(a, e);
    if (st == ST_OK)
        st = port_open(a->queue, a->switches.drop_packets, &a->port, e);
    if (st == ST_OK)
        st = open_fleet(a, e);
    if (st == ST_OK)
        st = clients_new(a, &a->clients, e);
    if (st == ST_OK)
        reload_watch(a->reload);
    return st;
}

enum st app_open(struct config *c, const struct app_options *o, struct app **ret, struct err *e)
{
    struct app *a = calloc(1, sizeof *a);
    if (!a) {
        config_free(c);
        recording_free(o->read);
        return err_nomem(e);
    }
    a->config = c;
    a->options = *o;
    a->switches = switches_read();
    a->look_ms = a->switches.look_often ? LOOK_OFTEN_MS : LOOK_AGAIN_MS;
    enum st st = open_all(a, e);
    if (st != ST_OK) {
        if (a->logger.output)
            log_event(&a->logger.log, LOG_ERROR, "service.start_failed",
                      LOG_TEXT("error", e->text));
        app_close(a);
        return st;
    }
    *ret = a;
    return ST_OK;
}

static void close_handles(struct app *a)
{
    clients_shut(a->clients);
    if (a->chronicle)
        chronicle_mute(a->chronicle);
    if (a->runs)
        runs_shut(a->runs);
    reload_shut(a->reload);
    if (a->handles_open) {
        uv_close((uv_handle_t *)&a->look, NULL);
        uv_close((uv_handle_t *)&a->second, NULL);
        uv_close((uv_handle_t *)&a->turn, NULL);
        uv_close((uv_handle_t *)&a->turns, NULL);
        uv_close((uv_handle_t *)&a->bell, NULL);
        uv_close((uv_handle_t *)&a->lines, NULL);
    }
    if (!a->loop_open)
        return;
    uv_run(&a->loop, UV_RUN_DEFAULT); /* only the closing callbacks are left */
    if (uv_loop_close(&a->loop) != 0)
        log_event(&a->logger.log, LOG_ERROR, "service.loop_left_open", LOG_TEXT("defect", "yes"));
}

void app_close(struct app *a)
{
    if (!a)
        return;
    if (a->queue)
        queue_shut(a->queue); /* nobody rings from here on */
    close_handles(a);
    port_close(a->port);
    clients_free(a->clients);
    sup_free(a->sup);
    runs_free(a->runs);
    reload_free(a->reload);
    claim_release(&a->claim);
    output_stop(a->output, OUTPUT_GRACE_MS);
    printer_stop(a->logger.printer, PRINTER_GRACE_MS);
    chronicle_free(a->chronicle);
    journal_free(a->journal);
    queue_free(a->queue);
    security_free(&a->security);
    config_free(a->config);
    recording_free(a->options.read);
    free(a->service);
    free(a->config_dir);
    free(a->log_file);
    free(a->log_path);
    free(a);
}

void app_stop(struct app *a, enum cause cause, uint64_t budget_ms)
{
    const struct note n = {.kind = NOTE_STOP, .number = (uint32_t)cause, .id = budget_ms};
    queue_push(a->queue, &n, 1);
}

void app_reload(struct app *a)
{
    queue_push(a->queue, &(struct note){.kind = NOTE_RELOAD}, 1);
}

void app_reload_changed(struct app *a)
{
    queue_push(a->queue, &(struct note){.kind = NOTE_RELOAD, .number = 1}, 1);
}

void app_stop_now(struct app *a)
{
    queue_push(a->queue, &(struct note){.kind = NOTE_STOP_NOW}, 1);
}
