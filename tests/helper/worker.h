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
};

/* say.c: UTF-8 with LF, written at once.  TO is STD_OUTPUT_HANDLE or STD_ERROR_HANDLE. */
void say_bytes(DWORD to, const char *p, size_t n);
void say(DWORD to, const char *fmt, ...);
void say_wide(const wchar_t *text);
/* Any integer, decimal or 0x...; ends the worker with code 2 when it is none. */
uint64_t number(const wchar_t *text);
_Noreturn void usage_error(const char *what, const wchar_t *text);

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
void act_breakaway(struct worker *w, wchar_t **v);

/* console.c */
void act_send_ctrl_c_to_all(struct worker *w, wchar_t **v);
void set_ignore_ctrl_c(struct worker *w, wchar_t **v);
void set_on_ctrl_c_exit(struct worker *w, wchar_t **v);
void set_on_ctrl_c_wait(struct worker *w, wchar_t **v);

#endif
