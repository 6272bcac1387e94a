/* test_check_exe.c - every golden case through `jobwarden.exe check`, one process a case. */
#include "golden.h"

#include "service/win32/file.h"
#include "service/win32/wide.h"
#include "tests/e2e/harness_files.h"
#include "tests/e2e/harness_process.h"

#include <stdlib.h>
#include <string.h>

static char *jobwarden;

/* Windows' own words differ with its language and from Wine's; `...` stands for them. */
static void add_masked(struct buf *out, struct str text)
{
    static const char before[] = "cannot be opened: ", after[] = " (Windows error ";
    while (text.n > 0) {
        struct str line = str_cut(&text, '\n');
        struct buf z = {0};
        buf_str(&z, line);
        const char *begin = strstr(buf_text(&z), before);
        const char *end = begin ? strstr(begin, after) : NULL;
        if (end) {
            buf_add(out, buf_text(&z), (size_t)(begin - buf_text(&z)));
            buf_f(out, "%s...%s\n", before, end);
        } else {
            buf_f(out, "%s%s", buf_text(&z), text.p ? "\n" : "");
        }
        buf_free(&z);
    }
}

static int check(const struct runner *r, const char *folder, const char *file, struct buf *said)
{
    struct buf printed = {0}, complaint = {0};
    struct program p = {0};
    char *command = path_f("\"%s\" check \"%s\"", jobwarden, file);
    char *out = path_f("%s\\check.out", r->scratch), *err = path_f("%s\\check.err", r->scratch);
    program_start(command, folder, NULL, out, err, &p);
    DWORD code = program_wait(&p);
    assert_true(file_read(out, &printed) && file_read(err, &complaint));
    program_close(&p);
    assert_string_equal(buf_text(&complaint), "");
    add_masked(said, buf_view(&printed));
    buf_free(&printed);
    buf_free(&complaint);
    free(command);
    free(out);
    free(err);
    return (int)code;
}

static void file__that_another_program_has_for_itself__is_said(void **state)
{
    const struct runner *r = *state;
    char *path = path_f("%s\\busy.ini", r->scratch);
    file_write(path, STR("[job:web]\ncommand = web.exe\n"));
    wchar_t *w = wide_or_fail(path);
    HANDLE h = CreateFileW(w, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    free(w);
    free(path);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    struct buf said = {0};
    int code = check(r, r->scratch, "busy.ini", &said);
    CloseHandle(h);
    assert_string_equal(buf_text(&said), "busy.ini: error[unreadable-file]: cannot be opened: ... "
                                         "(Windows error 32)\n");
    assert_int_equal(code, 1);
    buf_free(&said);
}

/* --- running ------------------------------------------------------------------------ */

/* RELATIVE is seen from this program's folder. */
static char *path_of(const char *relative)
{
    char *self = path_of_self();
    char *last = self ? strrchr(self, '\\') : NULL;
    if (last)
        *last = '\0';
    char *path = last ? path_join(self, relative) : NULL;
    free(self);
    return path;
}

static char *make_scratch(void)
{
    wchar_t temp[MAX_PATH + 1];
    char *folder = GetTempPathW(MAX_PATH + 1, temp) ? utf8_of(temp) : NULL;
    char *scratch = path_f("%sjw-check-%lu", folder ? folder : ".\\", GetCurrentProcessId());
    free(folder);
    folder_make(scratch);
    return scratch;
}

/* The last program's console host may stand in it for a moment longer. */
static void remove_scratch(const char *path)
{
    tree_remove(path);
    for (int left = 250; left > 0 && file_exists(path); left--) {
        Sleep(POLL_MS);
        tree_remove(path);
    }
}

static void set_variables(void)
{
    for (const struct env_var *v = golden_env; v->name; v++) {
        wchar_t *name = wide_z(v->name), *value = wide_z(v->value);
        if (name && value)
            SetEnvironmentVariableW(name, value);
        free(name);
        free(value);
    }
}

int main(void)
{
    static const struct CMUnitTest more[] = {
        cmocka_unit_test(file__that_another_program_has_for_itself__is_said),
    };
    struct runner r = {.source = source_win32(),
                       .cases = path_of(JW_CASES),
                       .scratch = make_scratch(),
                       .check = check,
                       .write = file_write,
                       .more = more,
                       .more_n = sizeof more / sizeof *more};
    jobwarden = path_of(JW_JOBWARDEN);
    set_variables();
    int failed = r.cases && jobwarden ? golden_run(&r) : 1;
    remove_scratch(r.scratch);
    free(r.scratch);
    free(r.cases);
    free(jobwarden);
    return failed;
}
