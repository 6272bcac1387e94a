/* params.c - the rows. */
#include "tests/simulate/params.h"

#define C1(a) 1, {(a)}
#define C2(a, b) 2, {(a), (b)}
#define C3(a, b, c) 3, {(a), (b), (c)}
#define C4(a, b, c, d) 4, {(a), (b), (c), (d)}
#define C5(a, b, c, d, e) 5, {(a), (b), (c), (d), (e)}
#define C6(a, b, c, d, e, f) 6, {(a), (b), (c), (d), (e), (f)}
#define C8(a, b, c, d, e, f, g, h) 8, {(a), (b), (c), (d), (e), (f), (g), (h)}

enum { ABNORMAL = 0x40000000 }; /* the generator makes a crash of it; see P_CODE in nature.c */

const struct param_row params[PARAMS] = {
    [P_PRESENT] = {"present", C3(1, 1, 0)},
    [P_INSTANCES] = {"instances", C5(1, 2, 3, 5, 0)},
    [P_FIRST] = {"first_instance", C2(0, 2)},
    [P_RANK] = {"rank", C4(0, 1, 2, 3)},
    [P_AFTER] = {"after", C6(0, 1, 2, 3, 5, 12)},
    [P_REQUIRES] = {"requires", C6(0, 1, 2, 4, 3, 9)},
    [P_GROUP] = {"group", C3(0, 1, 2)},
    [P_COMMAND] = {"command", C3(0, 1, 2)},
    [P_START_DELAY] = {"start_delay", C3(0, 700, 3000)},
    [P_PARALLEL] = {"restart_parallel", C3(1, 2, 4)},
    [P_READY] = {"ready", C5(0, 1, 2, 3, 4)},
    [P_READY_TIMEOUT] = {"ready_timeout", C4(3000, 0, 300, 90000)},
    [P_RESTART] = {"restart", C4(0, 1, 2, 3)},
    [P_SUCCESS_CODE] = {"success_code", C2(0, 3)},
    [P_PREVENT_CODE] = {"prevent_code", C2(0, 4)},
    [P_FORCE_CODE] = {"force_code", C2(0, 5)},
    [P_PREVENT_CAUSES] = {"prevent_causes", C6(0, 0, 1 << 2, 1 << 6, 1 << 8, 1 << 5)},
    [P_FORCE_CAUSES] = {"force_causes", C6(0, 0, 1 << 1, 1 << 2, 1 << 6, 1 << 4)},
    [P_MIN_UPTIME] = {"min_uptime", C3(1000, 0, 10000)},
    [P_FIRST_DELAY] = {"restart_first_delay", C3(0, 100, 1000)},
    [P_DELAY] = {"restart_delay", C4(200, 1, 1000, 5000)},
    [P_DELAY_MAX] = {"restart_delay_max", C3(4000, 500, 60000)},
    [P_STEP] = {"restart_step", C3(0, 100, 1000)},
    [P_FACTOR] = {"restart_factor", C3(2000, 1000, 1500)},
    [P_JITTER] = {"restart_jitter", C3(0, 20, 100)},
    [P_START_LIMIT] = {"start_limit", C4(0, 3, 10, 1)},
    [P_START_LIMIT_INTERVAL] = {"start_limit_interval", C3(10000, 2000, 60000)},
    [P_EXIT_SERVICE] = {"exit_service", C2(0, 1)},
    [P_MAX_RUNTIME] = {"max_runtime", C4(0, 3000, 500, 20000)},
    [P_LADDER] = {"stop", C6(1, 0, 2, 3, 4, 5)},
    [P_WATCHDOG] = {"watchdog", C4(0, 1000, 5000, 300)},
    [P_HEALTH] = {"health", C5(0, 1, 2, 4, 7)},
    [P_HEALTH_INTERVAL] = {"health_interval", C3(1000, 200, 10000)},
    [P_HEALTH_TIMEOUT] = {"health_timeout", C3(500, 50, 5000)},
    [P_HEALTH_FAILURES] = {"health_failures", C3(3, 1, 2)},
    [P_HOOK] = {"hook_pre_start", C2(0, 1)},
    [P_SCHEDULE] = {"schedule", C6(0, 0, 0, 1, 2, 3)},
    [P_RESTART_SCHEDULE] = {"restart_schedule", C5(0, 0, 1, 4, 5)},
    [P_SCHEDULE_JITTER] = {"schedule_jitter", C3(0, 500, 5000)},
    [P_OVERLAP] = {"overlap", C2(0, 1)},
    [P_MEMORY] = {"job_memory_limit", C3(0, 64 << 20, 128 << 20)},
    [P_JOB_TIME] = {"job_time_limit", C2(0, 1000)},
    [P_ON_LIMIT] = {"on_limit", C5(1, 2, 3, 4, 5)},
    [P_ON_LIMIT_INTERVAL] = {"on_limit_interval", C3(0, 1000, 5000)},
    [P_LOG_KEEP] = {"log_keep", C2(5, 6)},
    [P_LIFE] = {"life", C6(0, 0, 50, 800, 2500, 9000)},
    [P_CODE] = {"code", C8(0, 1, 3, 4, 5, 1816, ABNORMAL, 0)},
    [P_READY_MS] = {"ready_ms", C5(0, 100, 900, 2900, -1)},
    [P_OBEYS] = {"obeys", C5(0x3f, 0, 1, 0x38, 2)},
    [P_TREE_OBEYS] = {"tree_obeys", C4(0x3f, 0, 1, 0x30)},
    [P_OBEYS_MS] = {"obeys_ms", C4(0, 1, 300, 2000)},
    [P_MEMBERS] = {"members", C3(0, 1, 3)},
    [P_HOSTS] = {"hosts", C2(0, 1)},
    [P_LEAVES] = {"leaves", C3(0, 30, 100)},
    [P_KILL_MS] = {"kill_ms", C3(0, 30, 700)},
    [P_DEAF] = {"deaf", C3(0, 1, 2)},
    [P_BEAT_MS] = {"beat_ms", C4(200, 0, 90, 3000)},
    [P_CHECK_MS] = {"check_ms", C4(1, 0, 40, 450)},
    [P_CHECK_BAD] = {"check_bad", C4(0, 10, 50, 100)},
    [P_CHECK_LOST] = {"check_lost", C3(0, 10, 60)},
    [P_HOOK_MS] = {"hook_ms", C3(5, 0, 1500)},
    [P_HOOK_BAD] = {"hook_bad", C3(0, 30, 100)},
    [P_SPAWN_BAD] = {"spawn_bad", C4(0, 10, 40, 100)},
    [P_ASK_BAD] = {"ask_bad", C3(0, 20, 100)},
};

const struct param_row fleet_params[FLEET_PARAMS] = {
    [F_CONCURRENT] = {"max_concurrent_starts", C4(16, 0, 1, 3)},
    [F_START_JITTER] = {"start_jitter", C3(0, 500, 4000)},
    [F_JOB_TIME] = {"fleet_time", C2(0, 1000)},
    [F_SALT] = {"salt", C8(0, 1, 2, 3, 4, 5, 6, 7)},
    [F_NOTES_LOST] = {"notes_lost", C4(0, 5, 30, 100)},
    [F_NOTES_DOUBLE] = {"notes_double", C3(0, 10, 100)},
    [F_NOTES_LATE] = {"notes_late", C4(0, 5, 200, 3000)},
    [F_LOOK_BAD] = {"look_bad", C3(0, 5, 50)},
    [F_HAND_BAD] = {"hand_bad", C3(0, 5, 40)},
    [F_ROOM_BAD] = {"room_bad", C3(0, 10, 50)},
    [F_WALL] = {"wall", C8(0, 1, 2, 3, 4, 5, 6, 7)},
};
