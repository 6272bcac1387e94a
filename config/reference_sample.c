/* reference_sample.c - a job file with every key, and the fuzzer's dictionary. */
#include "config/reference.h"

#include "config/reference_text.h"
#include "config/value.h"

#include <stdio.h>
#include <string.h>

/* --- sample ------------------------------------------------------------------------- */

const char *reference_example_key(const struct field *f)
{
    if (!strchr(f->key, '.'))
        return f->key;
    return f->limit ? "on_limit.job_memory_limit" : "env.LANG";
}

/* What stands behind the key: an example where the default shows nothing, but for what joins the
 * job to others, and for limits, of which many exclude each other. */
static const char *sample_value(const struct field *f)
{
    bool unlimited = f->dflt && strcmp(f->dflt, "none") == 0;
    bool joins = f->type == &ty_names && !f->apart;
    return f->example && !unlimited && !joins && !f->limit ? f->example : f->dflt;
}

static void print_sample_row(const struct field *f, struct buf *out)
{
    struct buf facts = {0};
    buf_char(out, '\n');
    reference_wrap("; ", f->brief, out);
    if (f->note)
        reference_wrap("; ", f->note, out);
    reference_facts(f, "", &facts);
    reference_wrap("; ", buf_text(&facts), out);
    out->failed = out->failed || !buf_ok(&facts);
    buf_free(&facts);
    const char *value = sample_value(f);
    if (f->example && value != f->example)
        buf_f(out, "; Such as: %s = %s\n", reference_example_key(f), f->example);
    bool required = f->type && !f->dflt && f->section == SECTION_JOB && !strchr(f->key, '.');
    buf_z(out, required ? "" : ";");
    buf_z(out, reference_example_key(f));
    buf_z(out, *value ? " = " : " =");
    buf_f(out, "%s\n", value);
}

static void print_sample_section(enum section s, struct buf *out)
{
    for (const char *const *about = schema_abouts; *about; about++) {
        bool begun = s != SECTION_JOB;
        for (size_t i = 0; i < schema_count; i++) {
            const struct field *f = &schema[i];
            if (f->section != s || !f->type || strcmp(f->about, *about) != 0)
                continue;
            if (!begun)
                buf_f(out, "\n; --- %s\n", *about);
            begun = true;
            print_sample_row(f, out);
        }
    }
}

void reference_sample(struct buf *out)
{
    buf_z(out,
          "; A job file with every key. Lines with a blank after the ';' explain; in front of a "
          "key, remove\n; the ';' to use it. What stands there is the default, or an example "
          "where there is none.\n; Made from the schema by ./dev docs.\n"
          "\n[service]\n");
    print_sample_section(SECTION_SERVICE, out);
    buf_z(out, "\n[include]\n");
    print_sample_section(SECTION_INCLUDE, out);
    buf_z(out, "\n; What the jobs with 'group = workers' have at most together: any key below "
               "'limits' but\n; on_limit_interval, and hook_limit and hook_timeout. They can also "
               "stand in [service], for the\n; whole fleet.\n"
               "; [group:workers]\n"
               "\n; What all jobs have; any key of a job can stand here but extends.\n[defaults]\n"
               "\n; What those jobs have that say 'extends = common'.\n[template:common]\n"
               "\n[job:example]\n");
    print_sample_section(SECTION_JOB, out);
}

/* --- dictionary --------------------------------------------------------------------- */

/* One line: "text", with what libFuzzer wants escaped. */
static void print_token(const char *text, const char *after, struct buf *out)
{
    buf_char(out, '"');
    for (const char *parts[] = {text, after}, **part = parts; part < parts + 2; part++)
        for (const char *p = *part; *p; p++) {
            if (*p == '"' || *p == '\\')
                buf_char(out, '\\');
            if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7F)
                buf_f(out, "\\x%02X", (unsigned)(unsigned char)*p);
            else
                buf_char(out, *p);
        }
    buf_z(out, "\"\n");
}

/* What no row holds. */
static const char *const tokens[] = {
    "[service]\n",
    "[defaults]\n",
    "[template:a]\n",
    "[template:b]\n",
    "[job:a]\n",
    "[job:b]\n",
    "[include]\n",
    "[group:a]\n",
    "[group:b]\n",
    "group = a\n",
    "on_limit.job_memory_limit = ",
    "none",
    "1.5 cpus",
    "12.5%",
    "0-3, 8, 1:0-7",
    "10M/s",
    " for 5m",
    "medium short",
    "extends = a\n",
    "extends = a, b\n",
    "files = 1.ini\n",
    "files = *.ini\n",
    "command = x\n",
    "${job}",
    "${instance}",
    "${service}",
    "${config_dir}",
    "${env:A}",
    "${limit:job_memory_limit:75%:M}",
    "${limit:job_time_limit}",
    "$$",
    "ctrl-break:",
    "close-window:",
    "stdin-eof:",
    "event:",
    "after = b\n",
    "requires = a\n",
    "port:8080",
    "http://127.0.0.1:8080/",
    "file:x",
    "event",
    "@daily",
    "every 10m",
    "*/15 8-18 * * mon-fri",
    "crash, hook, limit",
    "command:",
    "terminate",
    "STATUS_ACCESS_VIOLATION",
    "0xC0000005",
    "-1",
    "1h30m",
    "500ms",
    "1d",
    "10M",
    "25%",
    "1.5",
    "env.A = ",
    "\xEF\xBB\xBF",
    "\r\n",
    "\n%%\n",
};

void reference_dictionary(struct buf *out)
{
    buf_z(out, "# Made from the schema by ./dev docs.\n");
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        print_token(tokens[i], "", out);
    for (size_t i = 0; i < schema_count; i++) {
        const struct field *f = &schema[i];
        print_token(f->key, " = ", out);
        for (size_t w = 0; f->words && f->words[w]; w++)
            print_token(f->words[w], "", out);
        if (f->dflt && *f->dflt)
            print_token(f->dflt, "", out);
    }
}
