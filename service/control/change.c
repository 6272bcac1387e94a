/* change.c - changed definitions: reload and set; and how they went. */
#include "service/control/control_impl.h"

#include "common/wild.h"

#include <string.h>

/* --- what is to change ---------------------------------------------------------------- */
static bool find_group(const struct config *c, const char *name, const char **ret)
{
    for (size_t i = 0; i < c->groups; i++)
        if (str_ieq(str_of(c->group[i].name), str_of(name))) {
            *ret = c->group[i].name;
            return true;
        }
    return false;
}

static bool find_job(const struct config *c, const char *name, const char **ret)
{
    for (size_t i = 0; i < c->jobs; i++)
        if (str_ieq(str_of(c->definition[i].name), str_of(name))) {
            *ret = c->definition[i].name;
            return true;
        }
    return false;
}

static bool find_target(const struct sup *s, const char *name, struct reload_order *o,
                        struct no *no)
{
    const struct config *c = sup_config(s);
    struct str rest = str_of(name), job = str_cut(&rest, '.');
    if (find_job(c, name, &o->target))
        return true;
    o->group = find_group(c, name, &o->target);
    if (o->group)
        return true;
    if (wild_is(str_of(name)) || str_ieq(str_of(name), STR("all")))
        return say_no(no, REFUSAL_REFUSED, "set takes one job or group by its name, not '%s'",
                      name);
    for (size_t i = 0; rest.p && i < c->jobs; i++)
        if (str_ieq(str_of(c->definition[i].name), job))
            return say_no(no, REFUSAL_REFUSED,
                          "settings are those of a whole job or group, not of one instance; say "
                          "'set %s'",
                          c->definition[i].name);
    return select_unknown(s, name, no);
}

static bool order_of(struct asked *a, struct reload_order *o, struct no *no)
{
    const struct request *r = a->request;
    struct sup *s = a->c->world.sup;
    *o = (struct reload_order){
        .dry_run = r->dry_run, .reset = r->reset, .settings = r->settings, .setting = r->setting};
    if (sup_stopping(s) && !r->dry_run)
        return say_no(no, REFUSAL_STOPPING, "the service is being stopped; nothing was changed");
    return r->what != DO_SET || find_target(s, r->target, o, no);
}

void do_change(struct asked *a)
{
    struct control *c = a->c;
    struct reload_order order;
    struct no no;
    if (!order_of(a, &order, &no)) {
        refuse(a, &no);
        return;
    }
    struct deal *d = deal_begin(a, DEAL_RELOAD);
    if (!d)
        return;
    order.setting = d->request.setting;
    if (c->world.reload(c->world.ctx, d->client, &order, &no))
        return;
    uint64_t client = d->client, id = d->request.id;
    struct reply none = {.doc = NULL};
    deal_end(c, d);
    reply_refuse(&c->world, client, id, &no, &none);
}

/* --- how it went ------------------------------------------------------------------------- */
static yyjson_mut_val *line_json(yyjson_mut_doc *doc, const struct plan_line *l)
{
    yyjson_mut_val *o = yyjson_mut_obj(doc);
    json_text(doc, o, "file", l->at.file);
    if (l->at.line)
        yyjson_mut_obj_add_uint(doc, o, "line", l->at.line);
    json_text(doc, o, "subject", l->subject);
    json_text(doc, o, "key", l->key);
    json_text(doc, o, "from", l->from);
    json_text(doc, o, "to", l->to);
    yyjson_mut_obj_add_str(doc, o, "cost", apply_names[l->cost]);
    yyjson_mut_obj_add_uint(doc, o, "instances", l->instances);
    json_text(doc, o, "text", l->text);
    return o;
}

static void add_plan(struct reply *out, const struct plan *p)
{
    yyjson_mut_val *o = yyjson_mut_obj(out->doc), *list = yyjson_mut_arr(out->doc);
    for (size_t i = 0; i < p->n; i++)
        yyjson_mut_arr_append(list, line_json(out->doc, &p->line[i]));
    yyjson_mut_obj_add_val(out->doc, o, "changes", list);
    yyjson_mut_obj_add_uint(out->doc, o, "same", p->same);
    yyjson_mut_obj_add_uint(out->doc, o, "live", p->live);
    yyjson_mut_obj_add_uint(out->doc, o, "relimit", p->relimit);
    yyjson_mut_obj_add_uint(out->doc, o, "respawn", p->respawn);
    yyjson_mut_obj_add_uint(out->doc, o, "added", p->added);
    yyjson_mut_obj_add_uint(out->doc, o, "removed", p->removed);
    yyjson_mut_obj_add_val(out->doc, out->root, "plan", o);
}

static void add_taken(struct reply *out, const struct takeover *t)
{
    yyjson_mut_val *o = yyjson_mut_obj(out->doc);
    yyjson_mut_obj_add_uint(out->doc, o, "same", t->same);
    yyjson_mut_obj_add_uint(out->doc, o, "live", t->live);
    yyjson_mut_obj_add_uint(out->doc, o, "relimit", t->relimit);
    yyjson_mut_obj_add_uint(out->doc, o, "roll", t->roll);
    yyjson_mut_obj_add_uint(out->doc, o, "added", t->added);
    yyjson_mut_obj_add_uint(out->doc, o, "removed", t->removed);
    yyjson_mut_obj_add_val(out->doc, out->root, "taken", o);
}

static void add_mistakes(struct reply *out, const struct diags *diags)
{
    yyjson_mut_val *list = yyjson_mut_arr(out->doc);
    for (size_t i = 0; diags && i < diag_count(diags); i++) {
        const struct diag *d = diag_at(diags, i);
        yyjson_mut_val *o = yyjson_mut_obj(out->doc);
        yyjson_mut_obj_add_str(out->doc, o, "severity",
                               d->severity == SEV_ERROR ? "error" : "warning");
        yyjson_mut_obj_add_str(out->doc, o, "code", d->code);
        json_text(out->doc, o, "file", d->at.file);
        yyjson_mut_obj_add_uint(out->doc, o, "line", d->at.line);
        json_text(out->doc, o, "text", d->text);
        yyjson_mut_arr_append(list, o);
    }
    yyjson_mut_obj_add_val(out->doc, out->root, "mistakes", list);
}

void control_reloaded(struct control *c, uint64_t client, const struct reloaded *how)
{
    struct deal *d = deal_find(c, client, DEAL_RELOAD);
    if (!d)
        return; /* gone meanwhile; what was ordered is done all the same */
    uint64_t id = d->request.id;
    struct reply out = reply_begin(id);
    deal_end(c, d);
    if (how->plan)
        add_plan(&out, how->plan);
    if (how->taken)
        add_taken(&out, how->taken);
    add_mistakes(&out, how->mistakes);
    struct no no;
    if (how->refusal == REFUSAL_NONE) {
        reply_send(&c->world, client, &out, false);
        return;
    }
    say_no(&no, how->refusal, "%s", how->why);
    reply_refuse(&c->world, client, id, &no, &out);
}
