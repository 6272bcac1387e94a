/* test_job.c - Job Objects with real processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "service/job/job.h"
#include "service/win32/security.h"

#include <aclapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { GENEROUS_MS = 30000 };

struct world {
    HANDLE port;
    SECURITY_ATTRIBUTES sa;
    char name[64];
    wchar_t wide[64];
};

static int set_up(void **state)
{
    static unsigned count;
    struct world *w = calloc(1, sizeof *w);
    if (!w || security_for_objects(&w->sa, NULL) != ST_OK)
        return -1;
    w->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    snprintf(w->name, sizeof w->name, "Local\\jwtest.%lu.%u", GetCurrentProcessId(), ++count);
    for (size_t i = 0; w->name[i]; i++)
        w->wide[i] = (wchar_t)w->name[i];
    *state = w;
    return w->port ? 0 : -1;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    CloseHandle(w->port);
    security_free(&w->sa);
    free(w);
    return 0;
}

static enum st create(struct world *w, ULONG_PTR key, bool again, struct job **ret, struct err *e)
{
    const struct job_request r = {w->name, &w->sa, w->port, key, NULL, again};
    return job_create(&r, ret, e);
}

static struct job *make(struct world *w)
{
    struct job *j = NULL;
    struct err e = {0};
    if (create(w, 42, false, &j, &e) != ST_OK)
        fail_msg("%s", e.text);
    return j;
}

/* A program that stays until it is ended, inside J. */
static PROCESS_INFORMATION start(struct job *j)
{
    wchar_t line[] = L"ping.exe -n 1000 127.0.0.1";
    STARTUPINFOW si = {.cb = sizeof si};
    PROCESS_INFORMATION pi = {0};
    assert_true(CreateProcessW(NULL, line, NULL, NULL, FALSE,
                               CREATE_SUSPENDED | DETACHED_PROCESS, NULL, NULL, &si, &pi));
    assert_true(AssignProcessToJobObject(job_handle(j), pi.hProcess));
    assert_int_not_equal(ResumeThread(pi.hThread), (DWORD)-1);
    CloseHandle(pi.hThread);
    return pi;
}

static void wait_for_packet(struct world *w, DWORD message, DWORD pid)
{
    for (;;) {
        DWORD n = 0;
        ULONG_PTR key = 0;
        OVERLAPPED *o = NULL;
        if (!GetQueuedCompletionStatus(w->port, &n, &key, &o, GENEROUS_MS))
            fail_msg("no packet %lu came", message);
        assert_int_equal(key, 42);
        if (n == message && (pid == 0 || (DWORD)(ULONG_PTR)o == pid))
            return;
    }
}

static size_t count(struct job *j)
{
    struct members m = {0};
    struct err e = {0};
    if (job_members(j, false, &m, &e) != ST_OK)
        fail_msg("%s", e.text);
    size_t n = m.n;
    members_free(&m);
    return n;
}

static void name__free__can_be_opened_by_that_name(void **state)
{
    struct world *w = *state;
    struct job *j = make(w);
    HANDLE h = OpenJobObjectW(JOB_OBJECT_QUERY, FALSE, w->wide);
    assert_non_null(h);
    CloseHandle(h);
    job_close(j);
    assert_null(OpenJobObjectW(JOB_OBJECT_QUERY, FALSE, w->wide));
    assert_int_equal(GetLastError(), ERROR_FILE_NOT_FOUND);
}

static void name__held_by_a_stranger__is_an_error_and_left_alone(void **state)
{
    struct world *w = *state;
    HANDLE stranger = CreateJobObjectW(NULL, w->wide);
    struct job *j = NULL;
    struct err e = {0};
    assert_non_null(stranger);
    assert_int_equal(create(w, 1, true, &j, &e), ST_EXISTS);
    assert_null(j);
    assert_non_null(strstr(e.text, w->name));
    CloseHandle(stranger);
}

static void name__held_by_another_kind_of_object__is_an_error(void **state)
{
    struct world *w = *state;
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, w->wide);
    struct job *j = NULL;
    struct err e = {0};
    assert_non_null(event);
    assert_int_equal(create(w, 1, true, &j, &e), ST_EXISTS);
    CloseHandle(event);
}

static void handle__of_a_job__is_not_inheritable(void **state)
{
    struct job *j = make(*state);
    DWORD flags = HANDLE_FLAG_INHERIT;
    assert_true(GetHandleInformation(job_handle(j), &flags));
    assert_int_equal(flags & HANDLE_FLAG_INHERIT, 0);
    job_close(j);
}

static void security__of_a_job__gives_administrators_a_look_and_everyone_nothing(void **state)
{
    struct world *w = *state;
    struct job *j = make(w);
    PACL dacl = NULL;
    PSECURITY_DESCRIPTOR sd = NULL;
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD cb = sizeof sid, entries = 0;
    assert_int_equal(GetSecurityInfo(job_handle(j), SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION,
                                     NULL, NULL, &dacl, NULL, &sd),
                     ERROR_SUCCESS);
    assert_true(CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, sid, &cb));
    assert_non_null(dacl);
    for (; entries < dacl->AceCount; entries++) {
        ACCESS_ALLOWED_ACE *ace = NULL;
        assert_true(GetAce(dacl, entries, (void **)&ace));
        assert_int_equal(ace->Header.AceType, ACCESS_ALLOWED_ACE_TYPE);
        if (EqualSid(&ace->SidStart, sid))
            assert_int_equal(ace->Mask, READ_CONTROL | JOB_OBJECT_QUERY);
        assert_false(IsWellKnownSid(&ace->SidStart, WinWorldSid));
        assert_false(IsWellKnownSid(&ace->SidStart, WinAuthenticatedUserSid));
    }
    assert_int_equal(entries, 3);
    LocalFree(sd);
    job_close(j);
}

static void packets__of_a_process__come_with_our_key_from_its_start_on(void **state)
{
    struct world *w = *state;
    struct job *j = make(w);
    PROCESS_INFORMATION pi = start(j);
    wait_for_packet(w, JOB_OBJECT_MSG_NEW_PROCESS, pi.dwProcessId);
    assert_int_equal(count(j), 1);
    assert_true(TerminateProcess(pi.hProcess, 0));
    wait_for_packet(w, JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO, 0);
    CloseHandle(pi.hProcess);
    job_close(j);
}

static void close__with_a_living_member__ends_it(void **state)
{
    struct job *j = make(*state);
    PROCESS_INFORMATION pi = start(j);
    job_close(j);
    assert_int_equal(WaitForSingleObject(pi.hProcess, GENEROUS_MS), WAIT_OBJECT_0);
    CloseHandle(pi.hProcess);
}

static void terminate__with_many_members__ends_all_with_our_code_and_members_agree(void **state)
{
    struct job *j = make(*state);
    PROCESS_INFORMATION pi[20];
    DWORD code = 0;
    for (size_t i = 0; i < 20; i++)
        pi[i] = start(j);
    assert_int_equal(count(j), 20);
    assert_int_equal(job_terminate(j, NULL), ST_OK);
    ULONGLONG until = GetTickCount64() + GENEROUS_MS;
    while (count(j) > 0 && GetTickCount64() < until)
        SwitchToThread();
    assert_int_equal(count(j), 0);
    /* Nothing that was a member may still exist once the job says that it is empty. */
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(WaitForSingleObject(pi[i].hProcess, 0), WAIT_OBJECT_0);
        assert_true(GetExitCodeProcess(pi[i].hProcess, &code));
        assert_int_equal(code, JOB_EXIT_CODE);
        CloseHandle(pi[i].hProcess);
    }
    job_close(j);
}

static void name__of_a_job_just_emptied_and_closed__can_be_taken_again_at_once(void **state)
{
    struct world *w = *state;
    for (ULONG_PTR run = 1; run <= 5; run++) {
        struct job *j = NULL;
        struct err e = {0};
        if (create(w, run, run > 1, &j, &e) != ST_OK)
            fail_msg("run %u: %s", (unsigned)run, e.text);
        PROCESS_INFORMATION pi = start(j);
        assert_int_equal(job_terminate(j, NULL), ST_OK);
        assert_int_equal(WaitForSingleObject(pi.hProcess, GENEROUS_MS), WAIT_OBJECT_0);
        while (count(j) > 0)
            SwitchToThread();
        CloseHandle(pi.hProcess);
        job_close(j);
    }
}

static void members__asked_with_names__tell_program_and_pid(void **state)
{
    struct job *j = make(*state);
    PROCESS_INFORMATION pi = start(j);
    struct members m = {0};
    assert_int_equal(job_members(j, true, &m, NULL), ST_OK);
    assert_int_equal(m.n, 1);
    assert_int_equal(m.v[0].pid, pi.dwProcessId);
    assert_non_null(m.v[0].image);
    assert_non_null(strstr(m.v[0].image, "ping"));
    assert_false(m.v[0].console_host);
    members_free(&m);
    job_close(j);
    CloseHandle(pi.hProcess);
}

static void open_member__of_a_member_and_of_a_stranger__tells_them_apart(void **state)
{
    struct job *j = make(*state);
    PROCESS_INFORMATION pi = start(j);
    HANDLE h = job_open_member(j, pi.dwProcessId);
    assert_non_null(h);
    CloseHandle(h);
    assert_null(job_open_member(j, GetCurrentProcessId()));
    job_close(j);
    CloseHandle(pi.hProcess);
}

static void members__of_an_empty_job__are_none(void **state)
{
    struct job *j = make(*state);
    assert_int_equal(count(j), 0);
    job_close(j);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(name__free__can_be_opened_by_that_name),
        T(name__held_by_a_stranger__is_an_error_and_left_alone),
        T(name__held_by_another_kind_of_object__is_an_error),
        T(handle__of_a_job__is_not_inheritable),
        T(security__of_a_job__gives_administrators_a_look_and_everyone_nothing),
        T(packets__of_a_process__come_with_our_key_from_its_start_on),
        T(close__with_a_living_member__ends_it),
        T(terminate__with_many_members__ends_all_with_our_code_and_members_agree),
        T(name__of_a_job_just_emptied_and_closed__can_be_taken_again_at_once),
        T(members__asked_with_names__tell_program_and_pid),
        T(open_member__of_a_member_and_of_a_stranger__tells_them_apart),
        T(members__of_an_empty_job__are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
