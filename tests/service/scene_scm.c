/* scene_scm.c - what a scene does through sc.exe, and what only the API tells. */
#include "scene.h"

#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

DWORD sc(struct scene *s, struct buf *out, const char *fmt, ...)
{
    char words[4096];
    struct buf said = {0};
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(words, sizeof words, fmt, args);
    va_end(args);
    assert_in_range(n, 0, sizeof words - 1);
    char *command = path_f("sc.exe %s", words);
    DWORD code = program_run(command, s->w->dir, &said, &said);
    free(command);
    if (out)
        buf_str(out, buf_view(&said));
    buf_free(&said);
    return code;
}

/* The test switches that this program was started with: a service inherits nothing from it. */
static const char *switches(void)
{
    const char *text = getenv("JOBWARDEN_TEST");
    return text && *text ? text : NULL;
}

/* A REG_MULTI_SZ of one line, added by the SCM to the service's environment. */
static void set_environment(struct scene *s, const char *text)
{
    HKEY key;
    char *path = path_f("SYSTEM\\CurrentControlSet\\Services\\%s", s->name);
    char *line = path_f("JOBWARDEN_TEST=%s|", text);
    wchar_t *wide_path = wide_or_fail(path), *block = wide_or_fail(line);
    size_t n = wcslen(block) + 1;
    block[n - 2] = L'\0';
    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, wide_path, 0, KEY_SET_VALUE, &key), 0);
    LSTATUS code = RegSetValueExW(key, L"Environment", 0, REG_MULTI_SZ, (const BYTE *)block,
                                  (DWORD)(n * sizeof *block));
    RegCloseKey(key);
    free(block);
    free(wide_path);
    free(line);
    free(path);
    assert_int_equal(code, 0);
}

static void create(struct scene *s, const char *quoted_command)
{
    struct buf out = {0};
    DWORD code = sc(s, &out, "create \"%s\" binPath= \"%s\"", s->name, quoted_command);
    if (code != 0)
        fail_msg("sc.exe create gave %lu; is this an elevated prompt?\n%s", code, buf_text(&out));
    buf_free(&out);
}

void scene_create(struct scene *s)
{
    const char *test = switches();
    char *service = path_f("\\\"%s\\\" service --config \\\"%s\\\"", s->exe, s->ini);
    if (test && on_wine()) {
        /* Wine does not read the value, but does not mind who connects to its SCM. */
        char *shell = path_f("cmd.exe /d /s /c \\\"set JOBWARDEN_TEST=%s&& %s\\\"", test, service);
        create(s, shell);
        free(shell);
    } else {
        create(s, service);
        if (test)
            set_environment(s, test);
    }
    free(service);
}

void scene_start(struct scene *s)
{
    scene_write_jobs(s);
    scene_create(s);
    assert_int_equal(sc(s, NULL, "start \"%s\"", s->name), 0);
    scene_await_state(s, SERVICE_RUNNING);
    scene_await_log(s, "service.started", 1, NULL);
    if (switches())
        scene_await_log(s, "service.test_switches", 1, NULL);
}

/* NULL: there is no such service. */
static SC_HANDLE open_service(const struct scene *s, DWORD access)
{
    SC_HANDLE scm = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!scm)
        fail_msg("no Service Control Manager: Windows error %lu", GetLastError());
    wchar_t *name = wide_or_fail(s->name);
    SC_HANDLE h = OpenServiceW(scm, name, access);
    DWORD code = GetLastError();
    free(name);
    CloseServiceHandle(scm);
    if (!h && code != ERROR_SERVICE_DOES_NOT_EXIST)
        fail_msg("the service cannot be opened: Windows error %lu", code);
    return h;
}

DWORD scene_start_code(struct scene *s)
{
    SC_HANDLE h = open_service(s, SERVICE_START);
    assert_non_null(h);
    DWORD code = StartServiceW(h, 0, NULL) ? ERROR_SUCCESS : GetLastError();
    CloseServiceHandle(h);
    return code;
}

DWORD scene_control(struct scene *s, DWORD control)
{
    SERVICE_STATUS now;
    SC_HANDLE h = open_service(s, SERVICE_PAUSE_CONTINUE);
    assert_non_null(h);
    DWORD code = ControlService(h, control, &now) ? ERROR_SUCCESS : GetLastError();
    CloseServiceHandle(h);
    return code;
}

bool scene_registered(const struct scene *s)
{
    SC_HANDLE h = open_service(s, SERVICE_QUERY_STATUS);
    if (h)
        CloseServiceHandle(h);
    return h != NULL;
}

static SERVICE_STATUS_PROCESS status_of(SC_HANDLE h)
{
    SERVICE_STATUS_PROCESS st;
    DWORD n;
    if (!QueryServiceStatusEx(h, SC_STATUS_PROCESS_INFO, (BYTE *)&st, sizeof st, &n))
        fail_msg("QueryServiceStatusEx: Windows error %lu", GetLastError());
    return st;
}

SERVICE_STATUS_PROCESS scene_status(const struct scene *s)
{
    SC_HANDLE h = open_service(s, SERVICE_QUERY_STATUS);
    assert_non_null(h);
    SERVICE_STATUS_PROCESS st = status_of(h);
    CloseServiceHandle(h);
    return st;
}

/* As sc.exe prints them. */
static const char *state_name(DWORD state)
{
    return state == SERVICE_RUNNING ? "4  RUNNING" : "1  STOPPED";
}

void scene_await_state(struct scene *s, DWORD state)
{
    struct buf out = {0};
    for (ULONGLONG end = GetTickCount64() + GENEROUS_MS;; Sleep(POLL_MS)) {
        DWORD now = scene_status(s).dwCurrentState;
        if (now == state)
            break;
        if ((state == SERVICE_RUNNING && now == SERVICE_STOPPED) || GetTickCount64() >= end)
            fail_msg("the service is in state %lu, not '%s'", now, state_name(state));
    }
    assert_int_equal(sc(s, &out, "query \"%s\"", s->name), 0);
    if (!text_has(buf_view(&out), state_name(state)))
        fail_msg("sc.exe does not say '%s':\n%s", state_name(state), buf_text(&out));
    buf_free(&out);
}

SERVICE_STATUS_PROCESS scene_stopped(struct scene *s, HANDLE process)
{
    scene_await_state(s, SERVICE_STOPPED);
    if (process)
        process_wait(process);
    return scene_status(s);
}

HANDLE scene_service_process(struct scene *s)
{
    uint64_t pid = 0;
    struct buf log = {0};
    scene_await_log(s, "service.started", 1, &log);
    size_t n = lines_matching(buf_view(&log), "service.started");
    assert_true(line_number(line_of(buf_view(&log), "service.started", n - 1), "pid", &pid));
    if (!switches()) /* else it may be a child of the one that the SCM knows */
        assert_int_equal(pid, scene_status(s).dwProcessId);
    HANDLE h = process_open((DWORD)pid);
    assert_in_range(s->w->people.n, 0, PEOPLE_MAX - 1);
    s->w->people.process[s->w->people.n++] = h;
    buf_free(&log);
    return h;
}

char *scene_image_path(const struct scene *s)
{
    static union {
        QUERY_SERVICE_CONFIGW config;
        BYTE bytes[8192];
    } u;
    DWORD n;
    SC_HANDLE h = open_service(s, SERVICE_QUERY_CONFIG);
    assert_non_null(h);
    if (!QueryServiceConfigW(h, &u.config, sizeof u, &n))
        fail_msg("QueryServiceConfig: Windows error %lu", GetLastError());
    CloseServiceHandle(h);
    char *path = utf8_of(u.config.lpBinaryPathName);
    assert_non_null(path);
    return path;
}

/* GRACE_MS later by force.  What was killed hard stays RUNNING in Wine's SCM, and its process id
 * may be another's by now: only one that answered, or that is still starting, is ended. */
static void end_process(DWORD pid, DWORD grace_ms)
{
    HANDLE h = pid ? OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE, pid) : NULL;
    if (!h)
        return;
    if (WaitForSingleObject(h, grace_ms) != WAIT_OBJECT_0)
        TerminateProcess(h, ERROR_PROCESS_ABORTED);
    CloseHandle(h);
}

void scene_remove(struct scene *s)
{
    SERVICE_STATUS now;
    SC_HANDLE h = open_service(s, SERVICE_STOP | SERVICE_QUERY_STATUS | DELETE);
    if (!h)
        return;
    SERVICE_STATUS_PROCESS st = status_of(h);
    if (st.dwCurrentState == SERVICE_START_PENDING)
        end_process(st.dwProcessId, 0);
    else if (st.dwCurrentState == SERVICE_STOP_PENDING ||
             (st.dwCurrentState == SERVICE_RUNNING &&
              ControlService(h, SERVICE_CONTROL_STOP, &now)))
        end_process(st.dwProcessId, GENEROUS_MS);
    DeleteService(h);
    CloseServiceHandle(h);
}
