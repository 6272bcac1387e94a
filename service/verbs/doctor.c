/* doctor.c - what this system can do for a job file: who holds which limit, and why. */
#include "config/schema.h"
#include "service/control/memory.h"
#include "service/host/logger.h"
#include "service/job/machine.h"
#include "service/job/probe.h"
#include "service/verbs/json.h"
#include "service/verbs/verbs.h"
#include "service/win32/oserr.h"
#include "service/win32/privilege.h"
#include "service/win32/version.h"

#include <stdio.h>
#include <windows.h>

struct findings {
    char system[128];
    struct machine machine;
    struct probe probe;
    bool base_priority, create_global;
};

static enum st find_out(struct findings *f, struct err *e)
{
    system_version(f->system, sizeof f->system);
    machine_read(&f->machine);
    f->base_priority = privilege_enable(SE_INC_BASE_PRIORITY_NAME);
    f->create_global = privilege_enable(SE_CREATE_GLOBAL_NAME);
    return probe_run(&f->machine, &f->probe, e);
}

/* Why it is not the kernel's, in words; "" where nothing is to be said. */
static void reason(const struct probe *p, enum limit_id id, char *out, size_t cap)
{
    char words[160];
    const struct probe_row *row = &p->row[id];
    bool bytes = id == LIMIT_NOTIFY_IO_READ_BYTES || id == LIMIT_NOTIFY_IO_WRITE_BYTES;
    const char *more = !row->kernel && bytes && !p->counters.io
                           ? "; it shows no process' input and output either"
                           : "";
    if (row->os == 0) {
        snprintf(out, cap, "%s%s", row->note, more);
        return;
    }
    os_words(row->os, words, sizeof words);
    snprintf(out, cap, "%s: %s (Windows error %lu)%s", row->note, words, (unsigned long)row->os,
             more);
}

static const char *yes(bool b)
{
    return b ? "yes" : "no";
}

static void print_text(const struct findings *f)
{
    struct buf b = {0};
    const struct machine *m = &f->machine;
    buf_f(&b, "system                         %s\n", f->system);
    buf_f(&b, "processors                     %u in %u group%s\n", m->cpus, m->groups,
          m->groups == 1 ? "" : "s");
    buf_f(&b, "SeIncreaseBasePriorityPrivilege %s\n", f->base_priority ? "held" : "not held");
    buf_f(&b, "SeCreateGlobalPrivilege        %s\n", f->create_global ? "held" : "not held");
    buf_f(&b, "inside a Job Object            %s\n", yes(m->in_job));
    buf_f(&b, "  with UI restrictions         %s\n", yes(m->ui_above));
    buf_f(&b, "  with network rate control    %s\n", yes(m->net_above));
    buf_f(&b, "fair share scheduling          %s\n\n", yes(m->fair_share));
    buf_f(&b, "%-28s %-8s %s\n", "limit", "held by", "why");
    for (int i = 0; i < LIMITS; i++) {
        char why[256];
        reason(&f->probe, (enum limit_id)i, why, sizeof why);
        buf_f(&b, "%-28s %-8s %s\n", schema_limit((enum limit_id)i)->key,
              holder_names[f->probe.holders.of[i]], why);
    }
    print_out(buf_view(&b));
    buf_free(&b);
}

static yyjson_mut_val *json_limits(yyjson_mut_doc *doc, const struct probe *p)
{
    yyjson_mut_val *list = yyjson_mut_arr(doc);
    for (int i = 0; i < LIMITS; i++) {
        char why[256];
        yyjson_mut_val *o = yyjson_mut_obj(doc);
        reason(p, (enum limit_id)i, why, sizeof why);
        yyjson_mut_obj_add_str(doc, o, "limit", schema_limit((enum limit_id)i)->key);
        yyjson_mut_obj_add_str(doc, o, "held_by", holder_names[p->holders.of[i]]);
        yyjson_mut_obj_add_bool(doc, o, "accepted", p->row[i].accepted);
        yyjson_mut_obj_add_uint(doc, o, "windows_error", p->row[i].os);
        yyjson_mut_obj_add_strcpy(doc, o, "why", why);
        yyjson_mut_arr_append(list, o);
    }
    return list;
}

/* {"system":...,"processors":N,...,"limits":[{"limit":KEY,"held_by":...}]} */
static int print_json(const struct findings *f)
{
    bool failed = false;
    yyjson_mut_doc *doc = memory_doc(&failed);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    const struct machine *m = &f->machine;
    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_str(doc, root, "system", f->system);
    yyjson_mut_obj_add_uint(doc, root, "processors", m->cpus);
    yyjson_mut_obj_add_uint(doc, root, "processor_groups", m->groups);
    yyjson_mut_obj_add_bool(doc, root, "increase_base_priority", f->base_priority);
    yyjson_mut_obj_add_bool(doc, root, "create_global", f->create_global);
    yyjson_mut_obj_add_bool(doc, root, "in_job", m->in_job);
    yyjson_mut_obj_add_bool(doc, root, "ui_restrictions_above", m->ui_above);
    yyjson_mut_obj_add_bool(doc, root, "net_rate_above", m->net_above);
    yyjson_mut_obj_add_bool(doc, root, "fair_share", m->fair_share);
    yyjson_mut_obj_add_val(doc, root, "limits", json_limits(doc, &f->probe));
    return print_document(doc);
}

int verb_doctor(const struct arguments *a)
{
    struct findings f = {.system = ""};
    struct err e = {0};
    if (find_out(&f, &e) != ST_OK)
        return complain(e.text);
    if (a->given & OPT_JSON)
        return print_json(&f);
    print_text(&f);
    return EXIT_FINE;
}
