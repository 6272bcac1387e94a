/* check.c - every mistake of a job file, or what will run.  It is the loader itself. */
#include "service/control/memory.h"
#include "service/host/logger.h"
#include "service/job/machine.h"
#include "service/verbs/json.h"
#include "service/verbs/verbs.h"
#include "service/win32/file.h"

#include <stdlib.h>

static yyjson_mut_val *json_diag(yyjson_mut_doc *doc, const struct diag *d)
{
    yyjson_mut_val *o = yyjson_mut_obj(doc);
    yyjson_mut_obj_add_str(doc, o, "severity", d->severity == SEV_ERROR ? "error" : "warning");
    yyjson_mut_obj_add_str(doc, o, "code", d->code);
    yyjson_mut_obj_add_str(doc, o, "file", d->at.file);
    yyjson_mut_obj_add_uint(doc, o, "line", d->at.line);
    yyjson_mut_obj_add_str(doc, o, "text", d->text);
    return o;
}

static yyjson_mut_val *json_unit(yyjson_mut_doc *doc, const struct job_spec *j)
{
    yyjson_mut_val *o = yyjson_mut_obj(doc);
    yyjson_mut_obj_add_str(doc, o, "job", j->job);
    yyjson_mut_obj_add_uint(doc, o, "instance", j->instance);
    yyjson_mut_obj_add_str(doc, o, "command", j->command);
    yyjson_mut_obj_add_str(doc, o, "file", j->at.file);
    yyjson_mut_obj_add_uint(doc, o, "line", j->at.line);
    return o;
}

/* {"errors":N,"warnings":N,"diagnostics":[...],"instances":[...]} */
static int print_json(const struct config *c, const struct diags *d)
{
    bool failed = false;
    yyjson_mut_doc *doc = memory_doc(&failed);
    yyjson_mut_val *root = yyjson_mut_obj(doc), *list = yyjson_mut_arr(doc);
    yyjson_mut_val *units = yyjson_mut_arr(doc);
    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_uint(doc, root, "errors", diag_errors(d));
    yyjson_mut_obj_add_uint(doc, root, "warnings", diag_warnings(d));
    for (size_t i = 0; i < diag_count(d); i++)
        yyjson_mut_arr_append(list, json_diag(doc, diag_at(d, i)));
    for (size_t i = 0; c && i < c->n; i++)
        yyjson_mut_arr_append(units, json_unit(doc, &c->job[i]));
    yyjson_mut_obj_add_val(doc, root, "diagnostics", list);
    yyjson_mut_obj_add_val(doc, root, "instances", units);
    return print_document(doc);
}

static void print_text(const struct config *c, const struct diags *d)
{
    struct buf mistakes = {0}, fleet = {0};
    diags_print(d, &mistakes);
    print_out(buf_view(&mistakes));
    if (c)
        config_print(c, &fleet);
    print_out(buf_view(&fleet));
    buf_free(&fleet);
    buf_free(&mistakes);
}

int verb_check(const struct arguments *a)
{
    const struct arguments named = {.config = a->words > 0 ? a->word[0] : a->config};
    struct machine machine;
    struct source source = source_win32();
    struct config *config = NULL;
    char *path = config_path(&named);
    struct diags *d = diags_new();
    int code = EXIT_FAILED;
    machine_read(&machine);
    source.machine = &machine;
    if (path && d) {
        if (config_load(path, &source, &config, d) == ST_OK)
            code = EXIT_FINE;
        diags_sort(d);
        if (!(a->given & OPT_JSON))
            print_text(config, d);
        else if (print_json(config, d) != EXIT_FINE)
            code = EXIT_FAILED;
    } else {
        complain("out of memory");
    }
    config_free(config);
    diags_free(d);
    free(path);
    return code;
}
