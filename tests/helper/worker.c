/* worker.c - one program that does on request what workers do, well and badly.  See usage[]. */
#include "tests/helper/worker.h"

#include <wchar.h>

/* In two, as a C compiler need not take more than 4095 bytes. */
static const char usage[] =
    "worker.exe SWITCHES: settings hold for the whole run, actions are done in their order, and "
    "then\n"
    "it exits. Output is UTF-8 with LF, written at once. Exit code 2: a switch it does not know.\n"
    "settings\n"
    "  --exit N               the exit code, decimal or 0x...; 0 without it\n"
    "  --spawn-depth D        generations that --spawn makes; 1 without it\n"
    "  --line-bytes B         length of a line of --lines and --stderr-lines, LF included\n"
    "  --step N               how much --leak, --handles, --threads and --fork take at a time;\n"
    "                         without it 1 MiB, 100, 1 and 1\n"
    "  --step-wait MS         their pause between two steps; none without it\n"
    "  --ignore-ctrl-c        says 'ignored ctrl-c' and goes on\n"
    "  --on-ctrl-c-exit N     says 'got ctrl-c' and exits with N\n"
    "  --on-ctrl-c-wait MS    says 'got ctrl-c', waits and exits (with the N above, or --exit's)\n"
    "                         all three do the same for 'ctrl-break'\n"
    "  --ignore-wm-close      of --window: says 'ignored wm-close' and keeps it\n"
    "  --signal-for MS        --signal-every ends then, and says 'silent NAME'\n"
    "  --signal-until FILE    the same, once the file is there\n"
    "  --listen-after MS      --listen waits first\n"
    "  --listen-file FILE     the same, until the file is there\n"
    "  --listen-ipv6          --listen takes ::1 instead of 127.0.0.1\n"
    "  --http-fail FILE       the answer is 503 while the file is there, else 200\n"
    "  --http-hang FILE       there is no answer while the file is there\n";

static const char usage_actions[] =
    "actions\n"
    "  --after MS             waits\n"
    "  --hold                 waits for ever\n"
    "  --echo TEXT            prints TEXT\n"
    "  --lines N              prints 'line 1' to 'line N'\n"
    "  --stderr-lines N       the same on standard error\n"
    "  --print-args           prints 'arg[I]=TEXT' for each, from 0\n"
    "  --print-env [NAME]     prints 'NAME=VALUE' of one or, in the order of the block, of all\n"
    "  --print-cwd            prints 'cwd=PATH'\n"
    "  --print-handles        prints the standard handles and all that are inheritable\n"
    "  --set-event HANDLE     tries SetEvent on that number\n"
    "  --read-stdin           reads to the end; prints 'stdin N bytes' or 'stdin error E'\n"
    "  --touch FILE           appends a line 'PID TICK'\n"
    "  --pid-file FILE        writes the pid; the file is there only when it is complete\n"
    "  --wait-file FILE       waits until there is one\n"
    "  --alloc BYTES          commits and touches memory; prints 'alloc ok' or 'alloc error E'\n"
    "  --burn MS              uses so much CPU time (user mode); prints 'burn ok MS'\n"
    "these grow step by step, and what they got stays until the worker exits; each prints\n"
    "'NAME ok N' at the end, or 'NAME error E after N' and goes on\n"
    "  --leak BYTES           commits memory and writes to every page\n"
    "  --handles N            opens events\n"
    "  --threads N            starts threads that hold\n"
    "  --fork N               starts children that hold; prints 'child PID' for each\n"
    "and further actions\n"
    "  --crash                reads address 0\n"
    "  --spawn N              starts N children that hold; prints 'child PID' for each\n"
    "  --detach-child         starts a child without console that holds; prints 'child PID'\n"
    "  --run COMMAND          starts it (%NAME% is replaced), waits and prints 'ran CODE'\n"
    "  --breakaway            tries to start a child outside the job, which lives for 10 s;\n"
    "                         prints 'breakaway ok PID' or 'breakaway error E'\n"
    "  --send-ctrl-c-to-all   sends Ctrl+C to all on its console; prints 'sent ctrl-c' or the "
    "error\n"
    "  --signal NAME          sets the event that the variable NAME names; prints 'signal NAME',\n"
    "                         'NAME is not set' or 'NAME error E'\n"
    "  --signal-every NAME MS the same over and over, in the background; prints no 'signal'\n"
    "  --wait-event NAME      waits until it is set; prints 'got event NAME'\n"
    "  --listen PORT          in the background accepts on 127.0.0.1 (0: any port); prints\n"
    "                         'listening PORT' or 'listen error E'; answers HTTP with 'pid PID'\n"
    "  --window               opens a window and prints 'window open' or 'window error E'; on\n"
    "                         WM_CLOSE says 'got wm-close' and goes on\n"
    "  --ignore-everything    opens a window, takes Ctrl+C, reads its input, waits for\n"
    "                         JOBWARDEN_STOP_EVENT, says what comes of each, and stays for ever\n"
    "  --help                 prints this\n"
    "  --                     the rest are no switches\n";

static void set_exit(struct worker *w, wchar_t **v)
{
    w->exit_code = (uint32_t)number(v[0]);
}

static void set_spawn_depth(struct worker *w, wchar_t **v)
{
    w->spawn_depth = number(v[0]);
}

static void set_line_bytes(struct worker *w, wchar_t **v)
{
    w->line_bytes = number(v[0]);
}

static void act_help(struct worker *w, wchar_t **v)
{
    (void)w;
    (void)v;
    say_bytes(STD_OUTPUT_HANDLE, usage, sizeof usage - 1);
    say_bytes(STD_OUTPUT_HANDLE, usage_actions, sizeof usage_actions - 1);
}

enum when { SETTING, ACTION };
enum values { NONE, ONE, TWO, MAYBE };

static const struct row {
    const wchar_t *name;
    enum when when;
    enum values values;
    void (*fn)(struct worker *, wchar_t **);
} rows[] = {
    {L"--exit", SETTING, ONE, set_exit},
    {L"--spawn-depth", SETTING, ONE, set_spawn_depth},
    {L"--line-bytes", SETTING, ONE, set_line_bytes},
    {L"--step", SETTING, ONE, set_step},
    {L"--step-wait", SETTING, ONE, set_step_wait},
    {L"--ignore-ctrl-c", SETTING, NONE, set_ignore_ctrl_c},
    {L"--on-ctrl-c-exit", SETTING, ONE, set_on_ctrl_c_exit},
    {L"--on-ctrl-c-wait", SETTING, ONE, set_on_ctrl_c_wait},
    {L"--ignore-wm-close", SETTING, NONE, set_ignore_wm_close},
    {L"--signal-for", SETTING, ONE, set_signal_for},
    {L"--signal-until", SETTING, ONE, set_signal_until},
    {L"--listen-after", SETTING, ONE, set_listen_after},
    {L"--listen-file", SETTING, ONE, set_listen_file},
    {L"--listen-ipv6", SETTING, NONE, set_listen_ipv6},
    {L"--http-fail", SETTING, ONE, set_http_fail},
    {L"--http-hang", SETTING, ONE, set_http_hang},
    {L"--after", ACTION, ONE, act_after},
    {L"--hold", ACTION, NONE, act_hold},
    {L"--echo", ACTION, ONE, act_echo},
    {L"--lines", ACTION, ONE, act_lines},
    {L"--stderr-lines", ACTION, ONE, act_stderr_lines},
    {L"--print-args", ACTION, NONE, act_print_args},
    {L"--print-env", ACTION, MAYBE, act_print_env},
    {L"--print-cwd", ACTION, NONE, act_print_cwd},
    {L"--print-handles", ACTION, NONE, act_print_handles},
    {L"--set-event", ACTION, ONE, act_set_event},
    {L"--read-stdin", ACTION, NONE, act_read_stdin},
    {L"--touch", ACTION, ONE, act_touch},
    {L"--pid-file", ACTION, ONE, act_pid_file},
    {L"--wait-file", ACTION, ONE, act_wait_file},
    {L"--alloc", ACTION, ONE, act_alloc},
    {L"--burn", ACTION, ONE, act_burn},
    {L"--leak", ACTION, ONE, act_leak},
    {L"--handles", ACTION, ONE, act_handles},
    {L"--threads", ACTION, ONE, act_threads},
    {L"--fork", ACTION, ONE, act_fork},
    {L"--crash", ACTION, NONE, act_crash},
    {L"--spawn", ACTION, ONE, act_spawn},
    {L"--detach-child", ACTION, NONE, act_detach_child},
    {L"--run", ACTION, ONE, act_run},
    {L"--breakaway", ACTION, NONE, act_breakaway},
    {L"--send-ctrl-c-to-all", ACTION, NONE, act_send_ctrl_c_to_all},
    {L"--signal", ACTION, ONE, act_signal},
    {L"--signal-every", ACTION, TWO, act_signal_every},
    {L"--wait-event", ACTION, ONE, act_wait_event},
    {L"--listen", ACTION, ONE, act_listen},
    {L"--window", ACTION, NONE, act_window},
    {L"--ignore-everything", ACTION, NONE, act_ignore_everything},
    {L"--help", ACTION, NONE, act_help},
};

static const struct row *find(const wchar_t *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (wcscmp(rows[i].name, name) == 0)
            return &rows[i];
    usage_error("there is no switch", name);
}

static void run(struct worker *w, enum when when)
{
    for (int i = 1; i < w->argc && wcscmp(w->argv[i], L"--") != 0; i++) {
        const struct row *r = find(w->argv[i]);
        wchar_t *value[2] = {NULL, NULL};
        int needed = r->values == TWO ? 2 : r->values == ONE;
        BOOL more = i + 1 < w->argc;
        if (i + needed >= w->argc)
            usage_error("a value is missing after", w->argv[i]);
        if (needed > 1)
            value[1] = w->argv[i + 2];
        if (needed > 0 || (r->values == MAYBE && more && w->argv[i + 1][0] != L'-'))
            value[0] = w->argv[++i];
        i += needed > 1;
        if (r->when == when)
            r->fn(w, value);
    }
}

int wmain(int argc, wchar_t **argv);

int wmain(int argc, wchar_t **argv)
{
    static struct worker w; /* the console handler's thread reads it until the process has gone */
    w.argc = argc;
    w.argv = argv;
    w.spawn_depth = 1;
    run(&w, SETTING);
    run(&w, ACTION);
    return (int)w.exit_code;
}
