/* clients_logs.c - from the files of workers, as the control room names them, to the thread that
 * reads them, and back. */
#include "service/host/clients_impl.h"

#include "service/win32/file.h"

#include <stdlib.h>
#include <string.h>

void clients_forget(struct reading *r)
{
    for (size_t i = 0; i < r->n; i++) {
        free((char *)(uintptr_t)r->file[i].name);
        free(r->path[i]);
    }
    free(r->file);
    free(r->path);
    *r = (struct reading){.client = 0};
}

static struct reading *reading_of(struct clients *c, uint64_t client)
{
    for (size_t i = 0; i < CLIENTS_READING; i++)
        if (c->reading[i].client == client)
            return &c->reading[i];
    return NULL;
}

/* Definitions may go while it is read. */
static bool keep(struct clients *c, struct reading *r, const struct tail_file *file, size_t n)
{
    r->file = calloc(n + 1, sizeof *r->file);
    r->path = calloc(n + 1, sizeof *r->path);
    for (; r->file && r->path && r->n < n; r->n++) {
        char *name = _strdup(file[r->n].name);
        r->file[r->n] = file[r->n];
        r->file[r->n].name = name;
        r->path[r->n] = path_join(c->app->config_dir, file[r->n].path);
        r->file[r->n].path = r->path[r->n];
        if (!name || !r->path[r->n]) {
            r->n++;
            return false;
        }
    }
    return r->file && r->path;
}

bool clients_tail(void *ctx, uint64_t client, const struct tail_file *file, size_t n,
                  uint64_t lines, bool follow, struct no *no)
{
    struct clients *c = ctx;
    struct err e = {0};
    struct reading *r = reading_of(c, 0);
    if (!r)
        return say_no(no, REFUSAL_BUSY, "too many clients read log files; try again");
    bool kept = keep(c, r, file, n);
    enum st st =
        kept ? tail_begin(c->tail, client, (const char *const *)r->path, n, lines, follow, &e)
             : err_nomem(&e);
    if (st == ST_OK) {
        r->client = client;
        return true;
    }
    clients_forget(r);
    return say_no(no, st == ST_BUSY ? REFUSAL_BUSY : REFUSAL_FAILED, "%s", e.text);
}

void clients_untail(void *ctx, uint64_t client)
{
    struct clients *c = ctx;
    struct reading *r = reading_of(c, client);
    if (!r)
        return;
    if (c->tail)
        tail_end(c->tail, client);
    clients_forget(r);
}

void clients_tail_more(void *ctx, uint64_t client)
{
    struct clients *c = ctx;
    tail_more(c->tail, client);
}

void clients_read(struct clients *c)
{
    for (struct tail_piece *p = tail_take(c->tail), *next; p; p = next) {
        struct reading *r = reading_of(c, p->client);
        next = p->next;
        if (r) {
            bool some = p->file < r->n;
            const struct tailed t = {.file = some ? &r->file[p->file] : NULL,
                                     .path = some ? r->path[p->file] : NULL,
                                     .files = r->n,
                                     .text = buf_view(&p->text),
                                     .why = p->why,
                                     .last = p->last};
            control_tailed(c->control, p->client, &t);
        }
        tail_piece_free(p);
    }
}
