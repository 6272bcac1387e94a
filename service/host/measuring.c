/* measuring.c - see measuring.h. */
#include "service/host/measuring.h"

#include "service/host/accounts.h"
#include "service/host/runs_impl.h"
#include "service/job/snapshot.h"
#include "service/job/tree.h"

#include <stdlib.h>
#include <string.h>

enum { FRESH_MS = 100, COST_SHARE = 20, NS_A_MS = 1000000 };

/* What was measured of the run of a slot, with which snapshot. */
struct kept {
    uint64_t shot, run;
    struct measure m;
};

struct measuring {
    struct runs *runs;
    struct snapshooter *snapshooter;
    const struct snapshot *shot; /* the last one; NULL: it failed, or there was none */
    uint64_t shots;              /* counts them, failed ones too */
    uint64_t taken_at,
        spent_ns;               /* when, by the loop's clock; by it and what was measured with it */
    struct err error;           /* of a failed one */
    const struct proc **member; /* of the job at hand */
    size_t room;
    struct kept *kept; /* by slot */
    size_t keeps;
};

enum st measuring_new(struct runs *r, struct measuring **ret, struct err *e)
{
    struct measuring *m = calloc(1, sizeof *m);
    struct snapshooter *s = m ? snapshooter_new() : NULL;
    if (!s) {
        free(m);
        return err_nomem(e);
    }
    m->runs = r;
    m->snapshooter = s;
    *ret = m;
    return ST_OK;
}

void measuring_free(struct measuring *m)
{
    if (!m)
        return;
    snapshooter_free(m->snapshooter);
    free(m->kept);
    free(m->member);
    free(m);
}

/* --- the snapshot --------------------------------------------------------------------- */
static uint64_t now_of(struct measuring *m)
{
    uv_update_time(m->runs->set.loop);
    return uv_now(m->runs->set.loop);
}

/* The last snapshot does for as long as twenty times what it and all measuring with it took. */
static bool still_good(struct measuring *m)
{
    uint64_t ms = m->spent_ns * COST_SHARE / NS_A_MS;
    return m->shots > 0 && now_of(m) < m->taken_at + (ms > FRESH_MS ? ms : FRESH_MS);
}

/* Once for all that is asked in one go, so that it is of one moment. */
static void look(struct measuring *m)
{
    if (still_good(m))
        return;
    uint64_t began = uv_hrtime();
    m->taken_at = now_of(m);
    m->shot = NULL;
    m->shots++;
    m->error = (struct err){0};
    snapshot_take(m->snapshooter, m->taken_at, &m->shot, &m->error);
    m->spent_ns = uv_hrtime() - began;
}

static bool make_room(struct measuring *m, size_t n)
{
    if (n <= m->room)
        return true;
    const struct proc **grown = realloc(m->member, 2 * n * sizeof *grown);
    if (!grown)
        return false;
    m->member = grown;
    m->room = 2 * n;
    return true;
}

/* The members of J that are in the snapshot, without console hosts; false where Windows does not
 * say. */
static bool members_of(struct measuring *m, struct job *j, size_t *ret_n)
{
    const uint32_t *pid = NULL;
    size_t n = 0, found = 0;
    if (job_pids(j, &pid, &n, NULL) != ST_OK || !make_room(m, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct proc *p = snapshot_find(m->shot, pid[i]);
        if (p && !p->attendant)
            m->member[found++] = p;
    }
    *ret_n = found;
    return true;
}

/* --- what they use ------------------------------------------------------------------------ */
/* What living processes have used: less than the truth by what has ended. */
static struct account account_of(const struct proc *const *proc, size_t n)
{
    struct account a = {.processes = n};
    for (size_t i = 0; i < n; i++) {
        a.user += proc[i]->user;
        a.kernel += proc[i]->kernel;
        a.io.read_bytes += proc[i]->io.read_bytes;
        a.io.write_bytes += proc[i]->io.write_bytes;
        a.peak_commit += proc[i]->commit;
        if (proc[i]->peak_commit > a.peak_process_commit)
            a.peak_process_commit = proc[i]->peak_commit;
    }
    return a;
}

static void find_largest(const struct proc *const *proc, size_t n, struct measure *ret)
{
    for (size_t i = 0; i < n; i++) {
        if (proc[i]->commit > ret->largest_commit)
            ret->largest_commit = proc[i]->commit;
        if (proc[i]->user > ret->largest_user)
            ret->largest_user = proc[i]->user;
    }
}

static void measure_seat(struct measuring *m, const struct seat *at, struct measure *ret)
{
    struct job *j = seat_job(m->runs, at);
    struct level *v = seat_level(m->runs, at);
    size_t n = 0;
    *ret = (struct measure){.known = false, .ever = account_at(m->runs, at)};
    if (!j || !m->shot || !members_of(m, j, &n))
        return;
    ret->known = true;
    ret->now = usage_sum(m->member, n);
    ret->now.at = m->shot->at;
    ret->now.cpu = v ? level_usage(v).cpu : 0;
    find_largest(m->member, n, ret);
    struct account living = account_of(m->member, n);
    ret->run = at->upper ? ret->ever : account_of_run(m->runs, at->slot);
    account_best(&ret->run, &living);
    account_best(&ret->ever, &ret->run);
}

/* NULL: there is no memory to keep it. */
static struct kept *kept_of(struct measuring *m, size_t slot)
{
    size_t n = m->runs->n;
    if (slot < m->keeps)
        return &m->kept[slot];
    struct kept *grown = realloc(m->kept, n * sizeof *grown);
    if (!grown)
        return NULL;
    memset(grown + m->keeps, 0, (n - m->keeps) * sizeof *grown);
    m->kept = grown;
    m->keeps = n;
    return &m->kept[slot];
}

static void measure_slot(struct measuring *m, size_t slot, struct measure *ret)
{
    uint64_t run = m->runs->run[slot]->id;
    struct kept *k = run ? kept_of(m, slot) : NULL;
    *ret = (struct measure){.known = false};
    if (k && k->shot == m->shots && k->run == run) {
        *ret = k->m;
        return;
    }
    if (run)
        measure_seat(m, &(struct seat){.slot = slot}, ret);
    if (k)
        *k = (struct kept){m->shots, run, *ret};
}

void measuring_slots(struct measuring *m, const size_t *slot, size_t n, struct measure *ret)
{
    look(m);
    uint64_t began = uv_hrtime();
    for (size_t i = 0; i < n; i++)
        measure_slot(m, slot[i], &ret[i]);
    m->spent_ns += uv_hrtime() - began;
}

bool measuring_level(struct measuring *m, size_t slot, uint32_t upper, struct level_facts *ret,
                     struct measure *used)
{
    struct levels *l = m->runs->levels;
    struct level *level[UPPERS_MAX + 1];
    struct upper *above[UPPERS_MAX + 1];
    if (slot >= levels_slots(l) || !levels_spec(l, slot) ||
        upper >= levels_chain(l, slot, level, above))
        return false;
    const struct seat at = {.slot = slot, .upper = above[upper]};
    *ret = (struct level_facts){.kind = level_kind(level[upper]),
                                .name = seat_name(m->runs, &at),
                                .open = seat_job(m->runs, &at) != NULL,
                                .limits = level_limits(level[upper]),
                                .holders = &m->runs->set.probe->holders,
                                .cpus = m->runs->set.machine->cpus};
    if (used) {
        look(m);
        measure_seat(m, &at, used);
    }
    return true;
}

/* --- their processes ------------------------------------------------------------------------ */
struct own_list {
    struct tree tree;
    struct process_row row[]; /* tree.n */
};

enum st measuring_list(struct measuring *m, size_t slot, bool commands, struct process_list *ret,
                       struct err *e)
{
    const struct run *run = m->runs->run[slot];
    struct tree tree = {0};
    if (!run->job)
        return err_say(e, ST_NOTFOUND, "it does not run");
    look(m);
    if (!m->shot) {
        *e = m->error;
        return e->st;
    }
    enum st st = tree_read(run->job, m->shot, commands, &tree, e);
    if (st != ST_OK)
        return st;
    struct own_list *own = calloc(1, sizeof *own + tree.n * sizeof own->row[0]);
    if (!own) {
        tree_free(&tree);
        return err_nomem(e);
    }
    own->tree = tree;
    size_t n = 0;
    for (size_t i = 0; i < tree.n; i++) {
        const struct tree_node *node = &tree.node[i];
        if (!node->proc.attendant)
            own->row[n++] = (struct process_row){.proc = node->proc,
                                                 .depth = (uint32_t)node->depth,
                                                 .main = node->proc.pid == run->child.pid,
                                                 .image = node->image,
                                                 .command = node->command};
    }
    *ret = (struct process_list){n, own->row, own};
    return ST_OK;
}

void measuring_unlist(struct process_list *x)
{
    struct own_list *own = x->own;
    if (own)
        tree_free(&own->tree);
    free(own);
    *x = (struct process_list){0};
}
