#!/usr/bin/env python3
"""Solves a one-scenario plan instance with HiGHS or OR-Tools and says bound, cost, CPU seconds and peak memory.

usage: compare.py INSTANCE.json highs-lp|highs-mip|cp-sat CPU_SECONDS

Times are CPU seconds of the solver alone, without reading and building. One thread. Ends by CPU time, because the machine is shared.
"""
import json, resource, sys, time
import numpy as np

path, how, limit = sys.argv[1], sys.argv[2], float(sys.argv[3])
f = json.load(open(path))
assert f["scenarios"] == 1 and len(f["precursors"]) == 1 and f["confidence"] > 0
n, K = len(f["sources"]), len(f["receptors"])
source = np.array([o["source"] for o in f["options"]])
cost = np.array([o["cost"] for o in f["options"]])
cut = np.array([o["cut"][0] for o in f["options"]])
M = len(cost)
coo = f["response_coo"]
order = np.argsort(np.array(coo["source"]), kind="stable")
by, k = np.array(coo["source"])[order], np.array(coo["receptor"])[order]
value = np.array(coo["value"])[order]
start = np.searchsorted(by, np.arange(n + 1))
sure, factor = np.array(f["sure"][0]), np.array(f["response_factor"][0])
city = {s: i for i, s in enumerate(sorted({l["city"] for l in f["legal_min"]}))}
need = list(f["need"][0]) + [0.0] * len(city)
for l in f["legal_min"]:
    need[K + city[l["city"]]] = l["cut"]
need = np.array(need)
scale = np.where(need > 0, 1.0 / np.maximum(need, 1e-300), 0.0)
scaled = (need > 0).astype(float)
starts, rows, values = [0], [], []
for m in range(M):
    i = source[m]
    r = k[start[i]:start[i + 1]]
    rows += [r, [K + city[f["sources"][i]["city"]], K + len(city) + i]]
    values += [value[start[i]:start[i + 1]] * factor[r] * sure[i] * cut[m] * scale[r], [cut[m] * scale[K + city[f["sources"][i]["city"]]], 1.0]]
    starts.append(starts[-1] + len(r) + 2)
rows, values = np.concatenate(rows).astype(np.int32), np.concatenate(values)
R = K + len(city) + n
lower = np.concatenate([scaled, np.full(n, -1e30)])
upper = np.concatenate([np.full(K + len(city), 1e30), np.ones(n)])
del f, coo


def say(bound, best):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{path} {how}: bound {bound:.6f} cost {best} CPU {time.process_time() - begin:.2f} s peak {peak:.0f} MB", flush=True)


if how == "cp-sat":
    from ortools.sat.python import cp_model
    model = cp_model.CpModel()
    x = [model.new_bool_var("") for _ in range(M)]
    for i in range(n):
        mine = [x[m] for m in np.where(source == i)[0]]
        if len(mine) > 1:
            model.add_at_most_one(mine)
    columns = [[] for _ in range(K + len(city))]
    for m in range(M):
        for e in range(starts[m], starts[m + 1]):
            if rows[e] < K + len(city):
                columns[rows[e]].append((m, int(np.floor(values[e] * 1e9))))
    for r, column in enumerate(columns):
        if scaled[r] > 0:
            model.add(sum(w * x[m] for m, w in column) >= int(1e9))
    model.minimize(sum(int(round(c * 1e4)) * v for c, v in zip(cost, x)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = 1e9
    solver.parameters.max_time_in_seconds = limit * float(sys.argv[4] if len(sys.argv) > 4 else 1)
    begin = time.process_time()
    status = solver.solve(model)
    say(solver.best_objective_bound / 1e4, solver.objective_value / 1e4 if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None)
else:
    import highspy
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.setOptionValue("threads", 1)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = M, R
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(M), np.ones(M)
    lp.row_lower_, lp.row_upper_ = lower, upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = np.array(starts, dtype=np.int32), rows, values
    if how == "highs-mip":
        lp.integrality_ = [highspy.HighsVarType.kInteger] * M
    h.passModel(lp)
    begin = time.process_time()
    if how == "highs-mip":
        def stop(event):
            if time.process_time() - begin > limit:
                event.interrupt()
        h.cbMipInterrupt.subscribe(stop)
    h.run()
    info = h.getInfo()
    say(info.mip_dual_bound if how == "highs-mip" else info.objective_function_value, info.objective_function_value if how == "highs-mip" else None)
