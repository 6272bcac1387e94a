/* service.c - the service itself, in every reply that tells of it. */
#include "service/control/control_impl.h"

yyjson_mut_val *service_json(struct control *c, yyjson_mut_doc *doc)
{
    struct facts f = {0};
    yyjson_mut_val *o = yyjson_mut_obj(doc);
    c->world.facts(c->world.ctx, &f);
    json_text(doc, o, "name", f.name);
    json_text(doc, o, "version", f.version);
    yyjson_mut_obj_add_uint(doc, o, "pid", f.pid);
    json_moment(doc, o, "started", f.started);
    yyjson_mut_obj_add_uint(doc, o, "uptime_ms", f.uptime_ms);
    json_text(doc, o, "config", f.config);
    yyjson_mut_obj_add_bool(doc, o, "stopping", sup_stopping(c->world.sup));
    yyjson_mut_obj_add_uint(doc, o, "processors", f.processors);
    if (f.memory)
        yyjson_mut_obj_add_uint(doc, o, "memory", f.memory);
    return o;
}

void do_check(struct asked *a)
{
    struct reply r = reply_begin(a->request->id);
    yyjson_mut_obj_add_val(r.doc, r.root, "service", service_json(a->c, r.doc));
    yyjson_mut_obj_add_str(r.doc, r.root, "role", a->caller->may_command ? "command" : "look");
    reply_send(&a->c->world, a->caller->client, &r, false);
}
