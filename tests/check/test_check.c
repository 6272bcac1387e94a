/* test_check.c - every golden case through the loader, as `check` uses it. */
#define _POSIX_C_SOURCE 200809L

#include "golden.h"
#include "posix_source.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static int check(const struct runner *r, const char *folder, const char *file, struct buf *said)
{
    struct config *config = NULL;
    struct diags *d = diags_new();
    assert_non_null(d);
    assert_int_equal(chdir(folder), 0);
    enum st st = config_load(file, &r->source, &config, d);
    diags_print(d, said);
    if (config)
        config_print(config, said);
    assert_true(buf_ok(said));
    config_free(config);
    diags_free(d);
    return st == ST_OK ? 0 : 1;
}

static void write_file(const char *path, struct str bytes)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    size_t n = bytes.n ? fwrite(bytes.p, 1, bytes.n, f) : 0;
    assert_int_equal(fclose(f), 0);
    assert_int_equal(n, bytes.n);
}

/* --- what is on the disk ------------------------------------------------------------ */
static void file__that_may_not_be_read__is_said(void **state)
{
    const struct runner *r = *state;
    struct buf path = {0};
    bool root = geteuid() == 0; /* who may read everything */
    buf_f(&path, "%s/secret.ini", r->scratch);
    write_file(buf_text(&path), STR("[job:web]\ncommand = web.exe\n"));
    int failed = chmod(buf_text(&path), 0) || chmod(r->scratch, 0755);
    buf_free(&path);
    assert_int_equal(failed, 0);
    if (root && seteuid(NOBODY) != 0) {
        print_message("root may read everything, and may not become somebody else here\n");
        skip();
    }
    struct buf said = {0};
    int code = check(r, r->scratch, "secret.ini", &said);
    if (root && seteuid(0) != 0)
        abort();
    bool right = strcmp(buf_text(&said), "secret.ini: error[unreadable-file]: cannot be opened: "
                                         "... (Windows error 5)\n") == 0;
    if (!right)
        print_message("%s", buf_text(&said));
    buf_free(&said);
    assert_true(right);
    assert_int_equal(code, 1);
}

static void files__more_than_are_read__are_one_mistake(void **state)
{
    const struct runner *r = *state;
    struct buf path = {0};
    buf_f(&path, "%s/many.ini", r->scratch);
    write_file(buf_text(&path), STR("[job:web]\ncommand = web.exe\n[include]\nfiles = m-*.inc\n"));
    for (int i = 0; i <= CONFIG_FILES_MAX; i++) {
        buf_reset(&path);
        buf_f(&path, "%s/m-%04d.inc", r->scratch, i);
        write_file(buf_text(&path), STR(""));
    }
    buf_free(&path);
    golden_expect(r, r->scratch, "many.ini",
                  "many.ini:4: error[too-many-files]: more than 4096 files\n");
}

/* --- what is in the folder ---------------------------------------------------------- */
static bool exists(const struct runner *r, const char *stem, size_t n, const char *end)
{
    struct buf path = {0};
    buf_f(&path, "%s/", r->cases);
    buf_add(&path, stem, n);
    buf_z(&path, end);
    bool found = access(buf_text(&path), F_OK) == 0;
    buf_free(&path);
    return found;
}

static void cases__every_one__has_its_text_and_the_reverse(void **state)
{
    const struct runner *r = *state;
    DIR *dir = opendir(r->cases);
    bool good = true;
    assert_non_null(dir);
    for (const struct dirent *d; (d = readdir(dir));) {
        const char *name = d->d_name, *dot = strrchr(name, '.');
        size_t n = dot ? (size_t)(dot - name) : strlen(name);
        bool text = dot && strcmp(dot, ".expected") == 0;
        bool file = exists(r, name, n, ".ini"), folder = exists(r, name, n, "/main.ini");
        if (*name == '.' || (file != folder && exists(r, name, n, ".expected") &&
                             (text || !dot || strcmp(dot, ".ini") == 0)))
            continue;
        print_message("%s: wants NAME.expected, and either NAME.ini or NAME/main.ini\n", name);
        good = false;
    }
    closedir(dir);
    assert_true(good);
}

/* --- running ------------------------------------------------------------------------ */
static void remove_scratch(const char *scratch)
{
    DIR *dir = opendir(scratch);
    if (!dir || chdir(scratch) != 0)
        abort();
    for (const struct dirent *d; (d = readdir(dir));)
        if (*d->d_name != '.')
            unlink(d->d_name);
    closedir(dir);
    if (chdir("/") == 0)
        rmdir(scratch);
}

int main(void)
{
    static const struct CMUnitTest more[] = {
        cmocka_unit_test(file__that_may_not_be_read__is_said),
        cmocka_unit_test(files__more_than_are_read__are_one_mistake),
        cmocka_unit_test(cases__every_one__has_its_text_and_the_reverse),
    };
    char cases[] = JW_CASES, scratch[] = "/tmp/jw-check-XXXXXX";
    struct runner r = {.source = source_posix(golden_env),
                       .cases = cases,
                       .scratch = scratch,
                       .update = getenv("JOBWARDEN_UPDATE_GOLDEN") != NULL,
                       .check = check,
                       .write = write_file,
                       .more = more,
                       .more_n = sizeof more / sizeof *more};
    if (!mkdtemp(scratch)) {
        perror(scratch);
        return 1;
    }
    int failed = golden_run(&r);
    remove_scratch(scratch);
    return failed;
}
