/* scm.c - ServiceMain and the control handler.
 *
 * The SCM gives ServiceMain no context, hence the file's state. */
#include "service/host/scm.h"

#include "service/host/app.h"
#include "service/host/failure.h"
#include "service/host/loading.h"
#include "service/host/scm_status.h"
#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include <stdlib.h>

enum { START_HINT_MS = 20000, STOP_MARGIN_MS = 25000 };
enum { EXIT_CONFIG = 1, EXIT_OPEN = 2, EXIT_FLEET = 3 };

static struct {
    const char *config;
    struct scm_status status;
    SRWLOCK lock; /* app is not closed while the handler uses it */
    struct app *app;
} scm = {.status = {.lock = SRWLOCK_INIT}, .lock = SRWLOCK_INIT};

static void stop_fleet(enum cause cause)
{
    AcquireSRWLockExclusive(&scm.lock);
    if (scm.app)
        app_stop(scm.app, cause, 0);
    ReleaseSRWLockExclusive(&scm.lock);
}

static void reload_fleet(void)
{
    AcquireSRWLockExclusive(&scm.lock);
    if (scm.app)
        app_reload(scm.app);
    ReleaseSRWLockExclusive(&scm.lock);
}

/* Runs on the main thread.  STOP_PENDING must be reported before it returns; the work is the
 * loop's. */
static DWORD WINAPI on_control(DWORD control, DWORD type, LPVOID data, LPVOID ctx)
{
    (void)type;
    (void)data;
    (void)ctx;
    switch (control) {
    case SERVICE_CONTROL_INTERROGATE:
        return NO_ERROR;
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
    case SERVICE_CONTROL_PRESHUTDOWN:
        scm_report(&scm.status, SERVICE_STOP_PENDING, 0, START_HINT_MS);
        stop_fleet(control == SERVICE_CONTROL_STOP ? CAUSE_OPERATOR : CAUSE_SHUTDOWN);
        return NO_ERROR;
    case SERVICE_CONTROL_PARAMCHANGE: /* sc.exe control NAME paramchange */
        reload_fleet();
        return NO_ERROR;
    default:
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

/* Windows gives 10 s before it shuts down regardless, unless the service asks for more; an
 * administrator's larger value stays.  An account that may not change the registration keeps what
 * that says. */
static void ask_for_time(const wchar_t *service, uint64_t ms)
{
    SERVICE_PRESHUTDOWN_INFO info = {ms < MAXDWORD - STOP_MARGIN_MS ? (DWORD)ms + STOP_MARGIN_MS
                                                                    : MAXDWORD};
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    const DWORD rights = SERVICE_CHANGE_CONFIG | SERVICE_QUERY_CONFIG;
    SC_HANDLE h = manager ? OpenServiceW(manager, service, rights) : NULL;
    SERVICE_PRESHUTDOWN_INFO now = {0};
    DWORD n = 0;
    bool more = h && (!QueryServiceConfig2W(h, SERVICE_CONFIG_PRESHUTDOWN_INFO, (BYTE *)&now,
                                            sizeof now, &n) ||
                      now.dwPreshutdownTimeout < info.dwPreshutdownTimeout);
    if (more)
        ChangeServiceConfig2W(h, SERVICE_CONFIG_PRESHUTDOWN_INFO, &info);
    if (h)
        CloseServiceHandle(h);
    if (manager)
        CloseServiceHandle(manager);
}

static void on_running(void *ctx)
{
    (void)ctx;
    scm_report(&scm.status, SERVICE_RUNNING, 0, 0);
}

static void on_stopping(void *ctx, uint32_t hint_ms)
{
    (void)ctx;
    scm_report(&scm.status, SERVICE_STOP_PENDING, 0, hint_ms);
}

static void set_app(struct app *a)
{
    AcquireSRWLockExclusive(&scm.lock);
    scm.app = a;
    ReleaseSRWLockExclusive(&scm.lock);
}

/* The exit code for the SCM. */
static DWORD serve(const wchar_t *name, const char *service)
{
    struct config *config = NULL;
    struct recording *read = NULL;
    struct app *app = NULL;
    struct err e = {0};
    struct buf mistakes = {0};
    if (load_config(scm.config, &config, &read, &mistakes) != ST_OK) {
        failure_tell(service, scm.config, buf_text(&mistakes));
        buf_free(&mistakes);
        return EXIT_CONFIG;
    }
    scm_report(&scm.status, SERVICE_START_PENDING, 0, START_HINT_MS);
    ask_for_time(name, config->service.stop_timeout);
    const struct app_options options = {.front = {NULL, on_running, on_stopping},
                                        .warnings = buf_text(&mistakes),
                                        .read = read};
    if (app_open(config, &options, &app, &e) != ST_OK) {
        failure_tell(service, scm.config, e.text);
        buf_free(&mistakes);
        return EXIT_OPEN;
    }
    set_app(app);
    int code = app_run(app);
    set_app(NULL);
    scm_report(&scm.status, SERVICE_STOP_PENDING, 0, START_HINT_MS); /* output is written */
    app_close(app);
    buf_free(&mistakes);
    return code == 0 ? 0 : EXIT_FLEET;
}

static VOID WINAPI service_main(DWORD argc, LPWSTR *argv)
{
    /* Own process: the table's name is ignored, the SCM's is the first argument. */
    const wchar_t *name = argc > 0 ? argv[0] : L"Jobwarden";
    scm.status.handle = RegisterServiceCtrlHandlerExW(name, on_control, NULL);
    if (!scm.status.handle)
        return; /* the SCM reports 1053 by itself; there is nobody to tell */
    scm_report(&scm.status, SERVICE_START_PENDING, 0, START_HINT_MS);
    /* Session 0 has nobody to answer a message box. */
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    char *service = utf8_of(name);
    DWORD code = serve(name, service ? service : "Jobwarden");
    free(service);
    scm_report(&scm.status, SERVICE_STOPPED, code, 0); /* now we may be ended at any moment */
}

enum st scm_main(const char *config, struct err *e)
{
    static wchar_t no_name[] = L"";
    const SERVICE_TABLE_ENTRYW table[] = {{no_name, service_main}, {NULL, NULL}};
    scm.config = config;
    if (StartServiceCtrlDispatcherW(table))
        return ST_OK;
    DWORD code = GetLastError();
    if (code == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT)
        return err_say(e, ST_UNSUPPORTED,
                       "'service' is what the Service Control Manager runs, and it did not start "
                       "this process; register the service with sc.exe create and start it with "
                       "sc.exe start, or type 'jobwarden.exe run --config FILE' to run the fleet "
                       "in this console");
    return err_os(e, code, "StartServiceCtrlDispatcher");
}
