/* lab.c - see lab.h. */
#include "tests/process/lab.h"

#include "service/win32/file.h"

#include <tlhelp32.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *find_worker(void)
{
    char *self = path_of_self(), *folder = path_join(self, "..");
    char *worker = path_join(folder, "..\\helper\\worker.exe");
    free(self);
    free(folder);
    assert_non_null(worker);
    return worker;
}

static HANDLE make_job(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION lim = {
        .BasicLimitInformation = {.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE}};
    HANDLE job = CreateJobObjectW(NULL, NULL);
    assert_non_null(job);
    assert_true(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &lim, sizeof lim));
    return job;
}

int lab_setup(void **state)
{
    struct lab *l = calloc(1, sizeof *l);
    assert_non_null(l);
    l->folder = scratch_make();
    l->out = scratch_path(l->folder, "out.txt");
    l->worker = find_worker();
    l->job = make_job();
    *state = l;
    return 0;
}

int lab_teardown(void **state)
{
    struct lab *l = *state;
    ULONGLONG end = GetTickCount64() + LAB_LIMIT_MS;
    TerminateJobObject(l->job, 99);
    CloseHandle(l->job);
    while (lab_children() > 0 && GetTickCount64() < end)
        Sleep(5); /* their folder cannot be removed before */
    scratch_remove(l->folder);
    free(l->worker);
    free(l->out);
    free(l);
    return 0;
}

struct job_spec lab_spec(void)
{
    return (struct job_spec){
        .job = "web", .instance = 1, .unit = "web.1", .directory = "", .env_inherit = YES};
}

char *lab_command(const struct lab *l, const char *switches)
{
    size_t n = strlen(l->worker) + strlen(switches) + 4;
    char *z = malloc(n);
    assert_non_null(z);
    snprintf(z, n, "\"%s\" %s", l->worker, switches);
    return z;
}

HANDLE lab_open_out(const struct lab *l)
{
    SECURITY_ATTRIBUTES inherit = {.nLength = sizeof inherit, .bInheritHandle = TRUE};
    wchar_t *w = path_wide(l->out);
    HANDLE h = CreateFileW(w, FILE_APPEND_DATA | SYNCHRONIZE,
                           FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, &inherit,
                           OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    free(w);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    return h;
}

void lab_start(const struct lab *l, const struct job_spec *spec, const char *command,
               struct spawn *s, struct child *ret)
{
    struct launch launch = {0};
    struct err e = {0};
    HANDLE out = lab_open_out(l);
    if (launch_prepare(spec, command, "Jobwarden", l->folder, NULL, &launch, &e) != ST_OK)
        fail_msg("launch_prepare: %s", e.text);
    s->launch = &launch;
    if (!s->jobs) {
        s->jobs = &l->job;
        s->jobs_n = 1;
    }
    s->out = s->out ? s->out : out;
    s->err = s->err ? s->err : out;
    if (spawn_child(s, ret, &e) != ST_OK)
        fail_msg("spawn_child: %s", e.text);
    CloseHandle(out);
    launch_free(&launch);
}

void lab_prepare(const struct lab *l, const char *switches, struct launch *ret)
{
    struct job_spec spec = lab_spec();
    struct err e = {0};
    char *command = lab_command(l, switches);
    if (launch_prepare(&spec, command, "Jobwarden", l->folder, NULL, ret, &e) != ST_OK)
        fail_msg("launch_prepare: %s", e.text);
    free(command);
}

void lab_start_worker(const struct lab *l, const char *switches, struct spawn *s, struct child *ret)
{
    struct job_spec spec = lab_spec();
    char *command = lab_command(l, switches);
    lab_start(l, &spec, command, s, ret);
    free(command);
}

DWORD lab_finish(struct child *c)
{
    DWORD code = 0;
    assert_int_equal(WaitForSingleObject(c->process, LAB_LIMIT_MS), WAIT_OBJECT_0);
    assert_false(child_alive(c, &code));
    child_close(c);
    return code;
}

char *lab_run(const struct lab *l, const struct job_spec *spec, const char *command,
              DWORD *ret_code)
{
    struct spawn s = {0};
    struct child c = {0};
    scratch_write(l->out, "", 0);
    lab_start(l, spec, command, &s, &c);
    DWORD code = lab_finish(&c);
    if (ret_code)
        *ret_code = code;
    char *text = scratch_read(l->out);
    assert_non_null(text);
    return text;
}

char *lab_run_worker(const struct lab *l, const char *switches, DWORD *ret_code)
{
    struct job_spec spec = lab_spec();
    char *command = lab_command(l, switches);
    char *text = lab_run(l, &spec, command, ret_code);
    free(command);
    return text;
}

void lab_wait_text(const char *path, const char *text)
{
    ULONGLONG end = GetTickCount64() + LAB_LIMIT_MS;
    for (;;) {
        char *got = scratch_read(path);
        bool found = got && strstr(got, text);
        if (!found && GetTickCount64() > end)
            fail_msg("'%s' did not come; there is only: %s", text, got ? got : "no file");
        free(got);
        if (found)
            return;
        Sleep(5);
    }
}

bool lab_in_job(HANDLE job, DWORD pid)
{
    BOOL in = FALSE;
    HANDLE p = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, pid);
    if (!p)
        return false;
    assert_true(IsProcessInJob(p, job, &in));
    CloseHandle(p);
    return in;
}

unsigned lab_children(void)
{
    PROCESSENTRY32W p = {.dwSize = sizeof p};
    HANDLE h = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    unsigned n = 0;
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    for (BOOL more = Process32FirstW(h, &p); more; more = Process32NextW(h, &p))
        n += p.th32ParentProcessID == GetCurrentProcessId() &&
             _wcsicmp(p.szExeFile, L"conhost.exe") != 0;
    CloseHandle(h);
    return n;
}

unsigned lab_handles(void)
{
    /* By hand: GetProcessHandleCount gives the size of the table under Wine. */
    unsigned n = 0;
    DWORD flags;
    for (uintptr_t i = 4; i < 0x10000; i += 4)
        n += GetHandleInformation((HANDLE)i, &flags) != 0;
    return n;
}
