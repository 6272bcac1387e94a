/* launch.c - a definition turned into the arguments of CreateProcessW.  Any thread. */
#include "service/process/launch.h"

#include "service/process/cmdline.h"
#include "service/process/environ.h"
#include "service/process/program.h"
#include "service/win32/file.h"
#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In UTF-16 units, without the final NUL. */
enum { COMMAND_MAX = 32766, BATCH_MAX = 8191, DIRECTORY_MAX = MAX_PATH - 2 };
enum { BATCH_PATH_MAX = MAX_PATH - 1 };

static enum st make_environment(const struct job_spec *spec, const char *service,
                                const struct env_vars *extra, wchar_t **ret, struct err *e)
{
    char instance[16];
    if (!spec) {
        const struct env_var var = {"JOBWARDEN_SERVICE", service};
        const struct env_vars whose = {1, &var};
        const struct env_vars *const both[] = {&whose, extra};
        return environ_make(true, both, 2, ret, e);
    }
    snprintf(instance, sizeof instance, "%u", (unsigned)spec->instance);
    const struct env_var who[] = {
        {"JOBWARDEN_JOB", spec->job},
        {"JOBWARDEN_INSTANCE", instance},
        {"JOBWARDEN_SERVICE", service},
    };
    const struct env_vars own = {.n = sizeof who / sizeof *who, .var = who};
    const struct env_vars *const layer[] = {&spec->env, &own, extra};
    return environ_make(spec->env_inherit == YES, layer, sizeof layer / sizeof *layer, ret, e);
}

static enum st check_directory(const wchar_t *w, const char *directory, struct err *e)
{
    DWORD a = GetFileAttributesW(w);
    DWORD code = a == INVALID_FILE_ATTRIBUTES ? GetLastError() : 0;
    if (code)
        return err_os(e, code, "the directory '%s'", directory);
    if (!(a & FILE_ATTRIBUTE_DIRECTORY))
        return err_say(e, ST_NOTFOUND, "the directory '%s' is a file", directory);
    if (wcslen(w) > DIRECTORY_MAX) /* CreateProcess takes no \\?\ here */
        return err_say(e, ST_RANGE,
                       "the directory '%s' has more than %d characters, and Windows starts no "
                       "program there; use a shorter path or a junction",
                       directory, DIRECTORY_MAX);
    return ST_OK;
}

static enum st make_directory(const char *directory, wchar_t **ret, struct err *e)
{
    wchar_t *w = path_wide(directory);
    if (!w)
        return err_nomem(e);
    enum st st = check_directory(w, directory, e);
    if (st == ST_OK)
        *ret = w;
    else
        free(w);
    return st;
}

/* `C:\Windows\System32\cmd.exe`, from malloc: not from ComSpec, which a worker's own environment
 * may point elsewhere. */
static enum st find_shell(char **ret, struct err *e)
{
    wchar_t w[MAX_PATH];
    UINT n = GetSystemDirectoryW(w, MAX_PATH);
    if (n == 0 || n >= MAX_PATH) {
        DWORD code = GetLastError();
        return err_os(e, code, "GetSystemDirectory");
    }
    char *folder = utf8_of_n(w, n);
    *ret = folder ? path_join(folder, "cmd.exe") : NULL;
    free(folder);
    return *ret ? ST_OK : err_nomem(e);
}

static enum st make_command(const char *program, struct str rest, bool batch, const char *shell,
                            struct buf *out, struct err *e)
{
    buf_f(out, "\"%s\"", batch ? shell : program);
    if (batch) {
        buf_char(out, ' ');
        return cmdline_batch(str_of(program), rest, out, e);
    }
    if (rest.n > 0) {
        buf_char(out, ' ');
        buf_str(out, rest);
    }
    return buf_ok(out) ? ST_OK : err_nomem(e);
}

/* What cmd.exe itself would fail at, with a message that nobody sees, or would not notice. */
static enum st check_batch(const char *program, const wchar_t *directory, struct err *e)
{
    wchar_t *w = wide_z(program);
    if (!w)
        return err_nomem(e);
    size_t n = wcslen(w);
    free(w);
    if (n > BATCH_PATH_MAX)
        return err_say(e, ST_RANGE,
                       "the path of the batch file '%s' has more than %d characters, and cmd.exe "
                       "takes no longer ones",
                       program, BATCH_PATH_MAX);
    if (directory[0] == L'\\' && directory[1] == L'\\') /* it would run in C:\Windows instead */
        return err_say(e, ST_UNSUPPORTED,
                       "the batch file '%s' cannot run in a network folder: cmd.exe takes none as "
                       "its directory; give a local `directory`",
                       program);
    return ST_OK;
}

/* Sets application and command; the directory is there already. */
static enum st make_program(const char *program, struct str rest, struct launch *l, struct err *e)
{
    bool batch = cmdline_is_batch(str_of(program));
    struct buf command = {0};
    char *shell = NULL;
    enum st st = batch ? check_batch(program, l->directory, e) : ST_OK;
    if (st == ST_OK && batch)
        st = find_shell(&shell, e);
    if (st == ST_OK)
        st = make_command(program, rest, batch, shell, &command, e);
    if (st == ST_OK) {
        size_t max = batch ? BATCH_MAX : COMMAND_MAX;
        l->application = path_wide(batch ? shell : program);
        l->command = wide_of(buf_view(&command));
        if (!l->application || !l->command)
            st = err_nomem(e);
        else if (wcslen(l->command) > max)
            st = err_say(e, ST_RANGE, "the command has %zu characters; %s at most %zu",
                         wcslen(l->command),
                         batch ? "cmd.exe, which runs batch files, takes" : "Windows takes", max);
    }
    free(shell);
    buf_free(&command);
    return st;
}

/* Everything but the environment, which is there already. */
static enum st prepare(const char *command, const char *directory, struct launch *l, struct err *e)
{
    struct str word, rest;
    char *program = NULL;
    enum st st = cmdline_split(str_of(command), &word, &rest, e);
    if (st == ST_OK)
        st = make_directory(directory, &l->directory, e);
    if (st == ST_OK)
        st = program_find(word, directory, l->environment, &program, e);
    if (st == ST_OK)
        st = make_program(program, rest, l, e);
    free(program);
    return st;
}

enum st launch_prepare(const struct job_spec *spec, const char *command, const char *service,
                       const char *config_dir, const struct env_vars *extra, struct launch *ret,
                       struct err *e)
{
    struct launch l = {0};
    enum st st = make_environment(spec, service, extra, &l.environment, e);
    char *directory = st == ST_OK ? path_join(config_dir, spec ? spec->directory : "") : NULL;
    if (st == ST_OK)
        st = directory ? prepare(command, directory, &l, e) : err_nomem(e);
    free(directory);
    if (st == ST_OK)
        *ret = l;
    else
        launch_free(&l);
    return st;
}

void launch_free(struct launch *l)
{
    free(l->application);
    free(l->command);
    free(l->environment);
    free(l->directory);
    *l = (struct launch){0};
}
