"""LightGBM quantiles on the engine's matrix; called by lightgbm.sh with the folder of the matrix and the day UNTIL."""

import datetime
import sys
import time
from pathlib import Path

import lightgbm
import numpy as np

QUANTILES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
# Leaves must hold many days, not many cities of one day: with small leaves 90 % intervals cover 80 %.
SETTINGS = dict(objective="quantile", num_leaves=8, min_data_in_leaf=600, learning_rate=0.05, feature_fraction=0.5,
                num_threads=1, seed=1, verbose=-1)
TREES = 200

folder, until = Path(sys.argv[1]), datetime.date.fromisoformat(sys.argv[2])
days, x, y, level, ours = (np.load(folder / f"{name}.npy") for name in ("days", "x", "y", "level", "ours"))
days, cities = days[:, 0].astype(int), level.shape[1]
until = (until - datetime.date(1970, 1, 1)).days


def rows_of(rows, lead):
    """One row an issue and city: the common predictors, the city; the target and the level."""
    city = np.tile(np.arange(cities), len(rows))
    predictors = np.column_stack([np.repeat(x[rows], cities, axis=0), city])
    target = y[rows, lead * cities:(lead + 1) * cities].ravel()
    return predictors, target, level[rows].ravel()


def pinball(said, seen):
    short = seen[:, None] - said
    return np.maximum(QUANTILES * short, (QUANTILES - 1) * short).mean()


# Trained where the last target day of the issue lies before UNTIL, as the engine is.
train = np.flatnonzero(days + 8 <= until)
later = {int(row[0]): row[1:].reshape(-1, cities, 5) for row in ours}
ours_seconds = float((folder / "seconds").read_text() or "nan")
spent = 0.0
print(f"{len(train)} training issues, {cities} cities")
for lead in range(3):
    month = [(datetime.date(1970, 1, 1) + datetime.timedelta(int(day) + lead + 1)).month for day in days]
    test = np.flatnonzero([day in later and m in (11, 12, 1, 2) for day, m in zip(days, month)])
    predictors, target, _ = rows_of(train, lead)
    known = np.isfinite(target)
    asked, seen, of_level = rows_of(test, lead)
    begun = time.process_time()
    theirs = []
    for quantile in QUANTILES:
        data = lightgbm.Dataset(predictors[known], target[known], categorical_feature=[predictors.shape[1] - 1])
        theirs.append(lightgbm.train(dict(SETTINGS, alpha=quantile), data, TREES).predict(asked))
    spent += time.process_time() - begun
    theirs = np.exp(of_level[:, None] + np.sort(np.column_stack(theirs), axis=1))
    engine = np.concatenate([later[int(days[row])][lead] for row in test])
    observed = np.exp(of_level + seen)
    scored = np.isfinite(observed) & np.isfinite(engine).all(axis=1)
    a, b = (pinball(said[scored], observed[scored]) for said in (engine, theirs))
    print(f"lead {lead + 1}: {scored.sum()} city days, pinball engine {a:.3f}, LightGBM {b:.3f}, ratio {a / b:.3f}")
print(f"training CPU: engine {ours_seconds:.1f} s, LightGBM {spent:.1f} s, ratio {ours_seconds / spent:.2f}")
