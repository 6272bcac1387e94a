/* worker.h - the parts of the test worker.  Each action is one switch; V are its values. */
#ifndef JW_TESTS_WORKER_H
#define JW_TESTS_WORKER_H

#include <windows.h>

#include <stdint.h>

struct worker {
    int argc;
    wchar_t **argv;
    uint32_t exit_code;
    uint64_t spawn_depth, line_bytes;
    uint64_t step, step_wait; /* step 0: each action has its own */
    BOOL ctrl_ignore, ctrl_exits; /* what the handler does */
    uint32_t ctrl_exit_code;
    uint64_t ctrl_wait;
    BOOL close_ignore;           /* WM_CLOSE */
    uint64_t signal_for;         /* ms; 0: without end */
    const wchar_t *signal_until; /* a file, or NULL; so are those below */
    uint64_t listen_after;
    const wchar_t *listen_file, *http_fail, *http_hang;
    BOOL listen_ipv6;
};

/* say.c: UTF-8 with LF, written at once.  TO is STD_OUTPUT_HANDLE or STD_ERROR_HANDLE. */
void say_bytes(DWORD to, const char *p, size_t n);
void say(DWORD to, const char *fmt, ...);
void say_wide(const wchar_t *text);
/* Any integer, decimal or 0x...; ends the worker with code 2 when it is none. */
uint64_t number(const wchar_t *text);
_Noreturn void usage_error(const char *what, const wchar_t *text);

/* A thread that lives as long as the worker, or ends by itself. */
void start_thread(DWORD(WINAPI *fn)(void *), void *arg);

/* actions.c */
void act_after(struct worker *w, wchar_t **v);
void act_hold(struct worker *w, wchar_t **v);
void act_alloc(struct worker *w, wchar_t **v);
void act_lines(struct worker *w, wchar_t **v);
void act_stderr_lines(struct worker *w, wchar_t **v);
void act_print_args(struct worker *w, wchar_t **v);
void act_print_env(struct worker *w, wchar_t **v);
void act_print_cwd(struct worker *w, wchar_t **v);
void act_print_handles(struct worker *w, wchar_t **v);
void act_set_event(struct worker *w, wchar_t **v);
void act_read_stdin(struct worker *w, wchar_t **v);
void act_crash(struct worker *w, wchar_t **v);
void act_touch(struct worker *w, wchar_t **v);
void act_wait_file(struct worker *w, wchar_t **v);
void act_pid_file(struct worker *w, wchar_t **v);
void act_echo(struct worker *w, wchar_t **v);

/* grow.c */
void set_step(struct worker *w, wchar_t **v);
void set_step_wait(struct worker *w, wchar_t **v);
void act_leak(struct worker *w, wchar_t **v);
void act_handles(struct worker *w, wchar_t **v);
void act_threads(struct worker *w, wchar_t **v);
void act_fork(struct worker *w, wchar_t **v);
void act_burn(struct worker *w, wchar_t **v);

/* children.c.  start_child prints 'child PID' or 'child error E'; 0 or the Windows error. */
DWORD start_child(const wchar_t *switches, DWORD flags);
void act_spawn(struct worker *w, wchar_t **v);
void act_detach_child(struct worker *w, wchar_t **v);
void act_run(struct worker *w, wchar_t **v);
void act_breakaway(struct worker *w, wchar_t **v);

/* console.c */
void act_send_ctrl_c_to_all(struct worker *w, wchar_t **v);
void set_ignore_ctrl_c(struct worker *w, wchar_t **v);
void set_on_ctrl_c_exit(struct worker *w, wchar_t **v);
void set_on_ctrl_c_wait(struct worker *w, wchar_t **v);

/* signals.c */
void set_signal_for(struct worker *w, wchar_t **v);
void set_signal_until(struct worker *w, wchar_t **v);
void act_signal(struct worker *w, wchar_t **v);
void act_signal_every(struct worker *w, wchar_t **v);
void act_wait_event(struct worker *w, wchar_t **v);

/* http.c */
void set_listen_after(struct worker *w, wchar_t **v);
void set_listen_file(struct worker *w, wchar_t **v);
void set_listen_ipv6(struct worker *w, wchar_t **v);
void set_http_fail(struct worker *w, wchar_t **v);
void set_http_hang(struct worker *w, wchar_t **v);
void act_listen(struct worker *w, wchar_t **v);

/* window.c */
void set_ignore_wm_close(struct worker *w, wchar_t **v);
void act_window(struct worker *w, wchar_t **v);
void act_ignore_everything(struct worker *w, wchar_t **v);

#endif
