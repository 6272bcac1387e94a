/* attributes.c - see attributes.h.  Loop thread only. */
#include "service/process/attributes.h"

#include "service/win32/oserr.h"

#include <stdbool.h>
#include <stdlib.h>

/* Some systems refuse a handle that stands in the list twice, and a NULL in it makes them inherit
 * nothing at all: each real handle once. */
static void collect(struct attributes *a, const HANDLE io[3])
{
    for (size_t i = 0; i < 3; i++) {
        bool known = io[i] == NULL;
        for (size_t k = 0; k < a->n; k++)
            known = known || a->inherited[k] == io[i];
        if (!known)
            a->inherited[a->n++] = io[i];
    }
}

static enum st check(const struct attributes *a, struct err *e)
{
    for (size_t i = 0; i < a->n; i++) {
        DWORD flags = 0;
        if (!GetHandleInformation(a->inherited[i], &flags)) {
            DWORD code = GetLastError();
            return err_os(e, code, "a standard handle for the worker");
        }
        if (!(flags & HANDLE_FLAG_INHERIT))
            return err_os(e, ERROR_INVALID_PARAMETER,
                          "a standard handle for the worker is not inheritable");
    }
    return ST_OK;
}

static enum st put(struct attributes *a, DWORD_PTR key, const void *value, size_t bytes,
                   struct err *e)
{
    if (UpdateProcThreadAttribute(a->list, 0, key, (void *)value, bytes, NULL, NULL))
        return ST_OK;
    DWORD code = GetLastError();
    return err_os(e, code, "UpdateProcThreadAttribute");
}

static enum st fill(struct attributes *a, struct err *e)
{
    enum st st = check(a, e);
    if (st == ST_OK && a->jobs_n > 0)
        st = put(a, PROC_THREAD_ATTRIBUTE_JOB_LIST, a->jobs, a->jobs_n * sizeof *a->jobs, e);
    if (st == ST_OK && a->n > 0)
        st = put(a, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, a->inherited, a->n * sizeof *a->inherited,
                 e);
    return st;
}

enum st attributes_make(struct attributes *a, const HANDLE io[3], const HANDLE *jobs, size_t jobs_n,
                        struct err *e)
{
    SIZE_T bytes = 0;
    *a = (struct attributes){.jobs = jobs, .jobs_n = jobs_n};
    collect(a, io);
    InitializeProcThreadAttributeList(NULL, 2, 0, &bytes); /* fails, and tells the size */
    LPPROC_THREAD_ATTRIBUTE_LIST list = malloc(bytes);
    if (!list)
        return err_nomem(e);
    if (!InitializeProcThreadAttributeList(list, 2, 0, &bytes)) {
        DWORD code = GetLastError();
        free(list);
        return err_os(e, code, "InitializeProcThreadAttributeList");
    }
    a->list = list;
    enum st st = fill(a, e);
    if (st != ST_OK)
        attributes_free(a);
    return st;
}

void attributes_free(struct attributes *a)
{
    if (a->list)
        DeleteProcThreadAttributeList(a->list);
    free(a->list);
    *a = (struct attributes){0};
}
