/* list.c - the processes of instances, as trees. */
#include "service/control/control_impl.h"

enum { TICKS_A_MS = 10000 };
/* From 1601 to 1970. */
#define EPOCH_MS INT64_C(11644473600000)

static yyjson_mut_val *process_json(yyjson_mut_doc *doc, const struct process_row *p,
                                    bool may_command)
{
    yyjson_mut_val *o = yyjson_mut_obj(doc);
    yyjson_mut_obj_add_uint(doc, o, "pid", p->proc.pid);
    if (p->depth > 0)
        yyjson_mut_obj_add_uint(doc, o, "parent", p->proc.parent);
    yyjson_mut_obj_add_uint(doc, o, "depth", p->depth);
    if (p->main)
        yyjson_mut_obj_add_bool(doc, o, "main", true);
    json_text(doc, o, "image", p->image);
    if (may_command) /* it may hold what is nobody else's business */
        json_text(doc, o, "command", p->command);
    if (p->proc.created)
        json_moment(doc, o, "started", (int64_t)(p->proc.created / TICKS_A_MS) - EPOCH_MS);
    yyjson_mut_obj_add_uint(doc, o, "cpu_ms", (p->proc.user + p->proc.kernel) / TICKS_A_MS);
    yyjson_mut_obj_add_uint(doc, o, "commit", p->proc.commit);
    yyjson_mut_obj_add_uint(doc, o, "threads", p->proc.threads);
    yyjson_mut_obj_add_uint(doc, o, "handles", p->proc.handles);
    return o;
}

static yyjson_mut_val *instance_json(struct asked *a, yyjson_mut_doc *doc, size_t slot)
{
    const struct world *w = &a->c->world;
    const struct unit *u = sup_unit(w->sup, slot);
    struct process_list list = {0};
    struct err e = {0};
    yyjson_mut_val *o = yyjson_mut_obj(doc), *rows = yyjson_mut_arr(doc);
    yyjson_mut_obj_add_strcpy(doc, o, "name", u->spec->unit);
    yyjson_mut_obj_add_str(doc, o, "state", state_names[u->at]);
    enum st st = u->spawned ? w->list(w->ctx, slot, a->caller->may_command, &list, &e) : ST_OK;
    if (st != ST_OK)
        json_text(doc, o, "problem", e.text);
    for (size_t i = 0; i < list.n; i++)
        yyjson_mut_arr_append(rows, process_json(doc, &list.row[i], a->caller->may_command));
    if (u->spawned && st == ST_OK)
        w->unlist(w->ctx, &list);
    yyjson_mut_obj_add_val(doc, o, "processes", rows);
    return o;
}

void do_ps(struct asked *a)
{
    struct selection x = {0};
    struct no no;
    if (!select_units(a->c->world.sup, a->request->name, a->request->names, &x, &no)) {
        refuse(a, &no);
        return;
    }
    struct reply out = reply_begin(a->request->id);
    yyjson_mut_val *list = yyjson_mut_arr(out.doc);
    for (size_t i = 0; i < x.n; i++)
        yyjson_mut_arr_append(list, instance_json(a, out.doc, x.slot[i]));
    yyjson_mut_obj_add_val(out.doc, out.root, "instances", list);
    reply_send(&a->c->world, a->caller->client, &out, false);
    selection_free(&x);
}
