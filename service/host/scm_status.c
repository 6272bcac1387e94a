/* scm_status.c - the one place that calls SetServiceStatus. */
#include "service/host/scm_status.h"

bool scm_step_allowed(DWORD from, DWORD to)
{
    switch (from) {
    case 0:
        return to == SERVICE_START_PENDING;
    case SERVICE_START_PENDING:
        return to == SERVICE_START_PENDING || to == SERVICE_RUNNING || to == SERVICE_STOP_PENDING ||
               to == SERVICE_STOPPED;
    case SERVICE_RUNNING:
        return to == SERVICE_STOP_PENDING || to == SERVICE_STOPPED;
    case SERVICE_STOP_PENDING:
        return to == SERVICE_STOP_PENDING || to == SERVICE_STOPPED;
    default:
        return false;
    }
}

/* A code of our own goes where the SCM shows it as such; 0 is success. */
static void set_exit_code(SERVICE_STATUS *st, DWORD exit_code)
{
    st->dwWin32ExitCode = exit_code ? ERROR_SERVICE_SPECIFIC_ERROR : NO_ERROR;
    st->dwServiceSpecificExitCode = exit_code;
}

bool scm_report(struct scm_status *s, DWORD state, DWORD exit_code, DWORD hint_ms)
{
    AcquireSRWLockExclusive(&s->lock);
    bool allowed = scm_step_allowed(s->now.dwCurrentState, state);
    if (allowed) {
        bool pending = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;
        bool same = s->now.dwCurrentState == state;
        s->now.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
        s->now.dwCurrentState = state;
        s->now.dwControlsAccepted =
            state == SERVICE_RUNNING
                ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN | SERVICE_ACCEPT_PARAMCHANGE
                : 0;
        s->now.dwCheckPoint = pending ? (same ? s->now.dwCheckPoint + 1 : 1) : 0;
        s->now.dwWaitHint = pending ? hint_ms : 0;
        set_exit_code(&s->now, exit_code);
        SetServiceStatus(s->handle, &s->now);
    }
    ReleaseSRWLockExclusive(&s->lock);
    return allowed;
}
