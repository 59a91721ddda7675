"""Selections of `qingkong fund select` beside those of HiGHS on the same reserves.

usage: compare.py PROGRAM FOLDER
"""

import json
import pathlib
import subprocess
import sys
import time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

LIMIT_SECONDS = 60


def ours(program, path):
    begun = time.monotonic()
    told = subprocess.run([program, "fund", "select", str(path), "--json"], check=True, capture_output=True)
    return time.monotonic() - begun, json.loads(told.stdout)


def theirs(reserve):
    projects = reserve["projects"]
    number = {project["id"]: n for n, project in enumerate(projects)}
    amount = np.array([project["amount"] for project in projects], dtype=float)
    rows, low, high = [amount], [-np.inf], [reserve["budget"]]

    def row(weights, least, most):
        rows.append(weights)
        low.append(least)
        high.append(most)

    row(amount * [project["capacity"] for project in projects], -np.inf, reserve["capacity_share"] * reserve["budget"])
    for city in sorted({project["city"] for project in projects}):
        inside = amount * [project["city"] == city for project in projects]
        row(inside, reserve["city_floor"].get(city, -np.inf), reserve["city_cap"].get(city, np.inf))
    for n, project in enumerate(projects):
        for other in project["excludes"]:
            pair = np.zeros(len(projects))
            pair[[n, number[other]]] = 1
            row(pair, -np.inf, 1)
    open_to_choice = [float(project["ready"] or project["must"]) for project in projects]
    begun = time.monotonic()
    found = milp(
        c=[-project["score"] for project in projects],
        constraints=LinearConstraint(csr_matrix(np.array(rows)), low, high),
        integrality=np.ones(len(projects)),
        bounds=Bounds([float(project["must"]) for project in projects], open_to_choice),
        options={"mip_rel_gap": 0, "time_limit": LIMIT_SECONDS},
    )
    return time.monotonic() - begun, None if found.x is None else -found.fun, found.status == 0


def main(program, folder):
    wrong = 0
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        reserve = json.loads(path.read_text())
        own_seconds, own = ours(program, path)
        seconds, score, proven = theirs(reserve)
        missed = score is not None and (own["bound"] or 0) < score - 1e-6
        worse = own["status"] == "optimal" and proven and abs(own["score"] - score) > 1e-6
        contradicts = own["status"] == "infeasible" and score is not None
        wrong += missed or worse or contradicts
        print(
            f"{path.stem:20} ours {own_seconds:7.2f} s {own['status']:10} {own['score']}  "
            f"HiGHS {seconds:7.2f} s {'optimal' if proven else 'not proven'} {score}  "
            f"time ratio {own_seconds / seconds:.2f}{'  WRONG' if missed or worse or contradicts else ''}",
            flush=True,
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
