/* completion.c - what the shell may complete: a script for PowerShell, and the words that it asks
 * for. */
#include "config/schema.h"
#include "service/host/logger.h"
#include "service/verbs/options.h"
#include "service/verbs/talk.h"
#include "service/view/member.h"

#include <string.h>

enum { SOON_MS = 1000 };

/* PowerShell gives the words so far; the program itself knows what may follow. */
static const char powershell[] =
    "# Completes the commands of jobwarden.exe.  To load it with every session, add to $PROFILE:\n"
    "#     jobwarden.exe completion powershell | Out-String | Invoke-Expression\n"
    "Register-ArgumentCompleter -Native -CommandName jobwarden, jobwarden.exe -ScriptBlock {\n"
    "    param($word, $line, $cursor)\n"
    "    $before = @($line.CommandElements | Select-Object -Skip 1 |\n"
    "        Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { \"$_\" })\n"
    "    & $line.GetCommandName() --complete @before \"$word|\" 2>$null |\n"
    "        ForEach-Object {\n"
    "            $text, $about = $_ -split \"`t\", 2\n"
    "            if (-not $about) { $about = $text }\n"
    "            [System.Management.Automation.CompletionResult]::new($text, $text,\n"
    "                'ParameterValue', $about)\n"
    "        }\n"
    "}\n";

int verb_completion(const struct arguments *a)
{
    if (strcmp(a->word[0], "powershell") != 0) {
        complain("completion is there for powershell: 'jobwarden.exe completion powershell'");
        return EXIT_USAGE;
    }
    return print_out(str_of(powershell)) ? EXIT_FINE : EXIT_FAILED;
}

/* --- candidates ------------------------------------------------------------------------------- */
struct candidates {
    struct str begun; /* what the word begins with */
    struct buf out;
};

static void offer(struct candidates *c, const char *text, const char *about)
{
    if (!str_starts(str_of(text), c->begun.p))
        return;
    buf_f(&c->out, "%s\t%s\n", text, about ? about : text);
}

static void offer_verbs(struct candidates *c)
{
    for (const struct verb *v = verbs; v->name; v++)
        if (v->usage && v->run)
            offer(c, v->name, v->brief);
}

static void offer_options(struct candidates *c, const struct verb *v)
{
    for (const struct option_row *o = options; o->name; o++)
        if (v->options & o->bit)
            offer(c, o->name, o->brief);
}

static void offer_keys(struct candidates *c, bool all)
{
    for (size_t i = 0; i < schema_count; i++)
        if (schema[i].type && (all || schema[i].apply <= APPLY_RELIMIT) &&
            (all || schema[i].section == SECTION_JOB) && !schema[i].apart) {
            struct buf text = {0};
            buf_f(&text, "%s%s", schema[i].key, all ? "" : "=");
            offer(c, buf_text(&text), schema[i].brief);
            buf_free(&text);
        }
}

static bool had_before(yyjson_val *list, size_t before, const char *member, struct str name)
{
    size_t at, n;
    yyjson_val *one;
    yyjson_arr_foreach(list, at, n, one)
    {
        if (at == before)
            return false;
        if (str_eq(member_text(one, member), name))
            return true;
    }
    return false;
}

/* Each once, though all instances of a job, and all jobs of a group, have it. */
static void offer_of(struct candidates *c, yyjson_val *list, const char *member)
{
    size_t at, n;
    yyjson_val *one;
    bool many = strcmp(member, "name") != 0;
    yyjson_arr_foreach(list, at, n, one)
    {
        struct str name = member_text(one, member), state = member_text(one, "state");
        if (name.n == 0 || (many && had_before(list, at, member, name)))
            continue;
        struct buf z = {0}, about = {0};
        buf_str(&z, name);
        buf_str(&about, state);
        offer(c, buf_text(&z), many ? member : buf_text(&about));
        buf_free(&about);
        buf_free(&z);
    }
}

/* From the running service; without one there are none. */
static void offer_names(struct candidates *c, const struct arguments *a)
{
    struct question q = question_new("status", NULL);
    struct talk t;
    struct err e = {0};
    enum st st = talk_begin(a, false, &q, &t, &e);
    if (st == ST_OK)
        st = talk_hear(&t, SOON_MS, &e);
    if (st == ST_OK && t.ok) {
        yyjson_val *list = member_list(t.reply, "instances");
        offer(c, "all", "every instance");
        offer_of(c, list, "group");
        offer_of(c, list, "job");
        offer_of(c, list, "name");
    }
    talk_end(&t);
}

/* The option before the word, if it waits for a value. */
static const struct option_row *wants_value(const char *before)
{
    for (const struct option_row *o = options; before && o->name; o++)
        if (o->value &&
            (strcmp(before, o->name) == 0 || (o->other && strcmp(before, o->other) == 0)))
            return o;
    return NULL;
}

/* WORD[0..N) are before the one that is begun. */
static void offer_for(struct candidates *c, const struct arguments *a, const char *const *word,
                      size_t n)
{
    const struct verb *v = n > 0 ? verb_find(word[0]) : NULL;
    if (n == 0) {
        offer_verbs(c);
    } else if (!v || !v->usage || wants_value(word[n - 1])) {
        return; /* a file, a time: the shell's own completion is as good */
    } else if (c->begun.n > 0 && c->begun.p[0] == '-') {
        offer_options(c, v);
    } else if (v->run == verb_help) {
        offer_verbs(c);
        offer_keys(c, true);
    } else if (v->run == verb_completion) {
        offer(c, "powershell", "PowerShell");
    } else if (v->run == verb_set && n > 1) {
        offer_keys(c, false);
    } else if (v->names) {
        offer_names(c, a);
    }
}

/* Words as the script gives them; the last one, which is begun, ends in '|' so that an empty one is
 * there too. */
int verb_complete(const struct arguments *a)
{
    struct candidates c = {.begun = STR("")};
    struct arguments asked = {.verb = a->verb};
    struct buf last = {0};
    size_t n = a->words;
    if (n > 0)
        buf_z(&last, a->word[--n]);
    if (last.n > 0 && last.p[last.n - 1] == '|')
        last.p[--last.n] = '\0';
    for (size_t i = 0; i + 1 < n; i++) { /* names are asked of the service that is meant */
        asked.config = strcmp(a->word[i], "--config") == 0 ? a->word[i + 1] : asked.config;
        asked.service = strcmp(a->word[i], "--service") == 0 ? a->word[i + 1] : asked.service;
        asked.host = strcmp(a->word[i], "--host") == 0 ? a->word[i + 1] : asked.host;
    }
    c.begun = str_of(buf_text(&last));
    offer_for(&c, &asked, a->word, n);
    print_out(buf_view(&c.out));
    buf_free(&c.out);
    buf_free(&last);
    return EXIT_FINE;
}
