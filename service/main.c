/* main.c - reads the command line and runs one verb. */
#include "common/buf.h"
#include "config/schema.h"
#include "service/host/logger.h"
#include "service/process/ctrl.h"
#include "service/verbs/options.h"
#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int wmain(int argc, wchar_t **argv);

int complain(const char *text)
{
    struct buf b = {0};
    buf_f(&b, "jobwarden: %s\n", text);
    print_err(buf_view(&b));
    buf_free(&b);
    return EXIT_FAILED;
}

char *config_path(const struct arguments *a)
{
    const wchar_t *data = _wgetenv(L"ProgramData");
    if (a->config) {
        size_t n = strlen(a->config) + 1;
        char *copy = malloc(n);
        return copy ? memcpy(copy, a->config, n) : NULL;
    }
    char *base = utf8_of(data ? data : L"C:\\ProgramData");
    struct buf b = {0};
    if (base)
        buf_f(&b, "%s\\Jobwarden\\jobwarden.ini", base);
    free(base);
    return b.p;
}

static int wrong_usage(const char *fmt, const char *what)
{
    struct buf b = {0};
    buf_f(&b, fmt, what);
    complain(buf_text(&b));
    buf_free(&b);
    return EXIT_USAGE;
}

static int unknown_verb(const char *name)
{
    const char *names[32];
    size_t n = 0;
    for (const struct verb *v = verbs; v->name && n < sizeof names / sizeof *names; v++)
        if (v->usage)
            names[n++] = v->name;
    const char *nearest = nearest_word(str_of(name), names, n);
    struct buf b = {0};
    buf_f(&b, "there is no command '%s'", name);
    if (nearest)
        buf_f(&b, "; did you mean '%s'?", nearest);
    else
        buf_z(&b, "; 'jobwarden.exe help' lists them");
    complain(buf_text(&b));
    buf_free(&b);
    return EXIT_USAGE;
}

static int wrong_words(const struct verb *v, const char *what)
{
    struct buf b = {0};
    buf_f(&b, "%s; usage: jobwarden.exe %s", what, v->usage);
    complain(buf_text(&b));
    buf_free(&b);
    return EXIT_USAGE;
}

static int run(const char **word, size_t n)
{
    struct arguments a;
    struct err e = {0};
    if (n == 0)
        return verb_help(&(struct arguments){0}), EXIT_USAGE;
    if (strcmp(word[0], "--help") == 0 || strcmp(word[0], "-h") == 0)
        word[0] = "help";
    if (strcmp(word[0], "--version") == 0)
        word[0] = "version";
    const struct verb *v = verb_find(word[0]);
    if (!v)
        return unknown_verb(word[0]);
    if (!v->run)
        return wrong_usage("'%s' is not supported yet", v->name);
    if (options_parse(word + 1, n - 1, v, &a, &e) != ST_OK) {
        complain(e.text);
        return EXIT_USAGE;
    }
    if (a.config && a.words > 0 && v->run == verb_check)
        return wrong_usage("give the job file once: as '%s' or by --config", a.word[0]);
    if (a.words > v->words_max)
        return wrong_words(v, "too many words");
    if (a.words < v->words_min)
        return wrong_words(v, v->names && a.words == 0 ? "a name is missing" : "a word is missing");
    return v->run(&a);
}

int wmain(int argc, wchar_t **argv)
{
    if (argc > 1 && wcscmp(argv[1], L"" CTRL_VERB) == 0)
        return ctrl_helper_main(argc, argv);
    size_t n = argc > 0 ? (size_t)argc - 1 : 0;
    char **word = calloc(n + 1, sizeof *word);
    const char **view = calloc(n + 1, sizeof *view);
    int code = EXIT_FAILED;
    bool ok = word && view;
    for (size_t i = 0; ok && i < n; i++) {
        view[i] = word[i] = utf8_of(argv[i + 1]);
        ok = word[i] != NULL;
    }
    code = ok ? run(view, n) : complain("out of memory");
    for (size_t i = 0; word && i < n; i++)
        free(word[i]);
    free(view);
    free(word);
    return code;
}
