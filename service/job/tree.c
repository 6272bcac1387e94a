/* tree.c - joins the job's list, a snapshot and what only the single process can tell. */
#include "service/job/tree.h"

#include "service/job/commandline.h"
#include "service/job/kin.h"
#include "service/win32/wide.h"

#include <stdlib.h>

enum { PATH_ROOM = 32768 }; /* units of the longest path that Windows can have */

/* The snapshot may be older than the process that has the pid now. */
static bool is_the_one(HANDLE h, const struct proc *p)
{
    FILETIME created, ended, kernel, user;
    return GetProcessTimes(h, &created, &ended, &kernel, &user) &&
           (((uint64_t)created.dwHighDateTime << 32) | created.dwLowDateTime) == p->created;
}

/* What cannot be asked stays NULL: a process may have ended, or be another account's. */
static void name(const struct job *j, bool commands, struct tree_node *node, wchar_t *path)
{
    HANDLE h = job_open_member(j, node->proc.pid);
    DWORD n = PATH_ROOM;
    if (!h)
        return;
    if (is_the_one(h, &node->proc)) {
        if (QueryFullProcessImageNameW(h, 0, path, &n))
            node->image = utf8_of(path);
        node->command = commands ? commandline_of(h) : NULL;
    }
    CloseHandle(h);
}

/* Those of PIDS that are in S, into PROC; how many. */
static size_t gather(const struct snapshot *s, const uint32_t *pids, size_t n, struct proc *proc)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        const struct proc *p = snapshot_find(s, pids[i]);
        if (p)
            proc[found++] = *p;
    }
    return found;
}

enum st tree_read(struct job *j, const struct snapshot *s, bool commands, struct tree *ret,
                  struct err *e)
{
    const uint32_t *pids = NULL;
    size_t n = 0;
    enum st st = job_pids(j, &pids, &n, e);
    if (st != ST_OK)
        return st;
    struct proc *proc = calloc(n + 1, sizeof *proc);
    struct kin *kin = calloc(n + 1, sizeof *kin);
    struct tree_node *node = calloc(n + 1, sizeof *node);
    wchar_t *path = malloc(PATH_ROOM * sizeof *path);
    st = proc && kin && node && path ? ST_OK : ST_NOMEM;
    if (st == ST_OK) {
        n = gather(s, pids, n, proc);
        st = kin_order(proc, n, kin);
    }
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        node[i] = (struct tree_node){.proc = proc[kin[i].index], .depth = kin[i].depth};
        name(j, commands, &node[i], path);
    }
    free(path);
    free(kin);
    free(proc);
    if (st != ST_OK) {
        free(node);
        return err_nomem(e); /* nothing else can have failed */
    }
    *ret = (struct tree){node, n};
    return ST_OK;
}

void tree_free(struct tree *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->node[i].image);
        free(t->node[i].command);
    }
    free(t->node);
    *t = (struct tree){NULL, 0};
}
