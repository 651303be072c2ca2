"""Optuna with its storage in SQLite: studies, trials with parameters, intermediate values, attributes, pruning."""

import os
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.WARNING)
storage = optuna.storages.RDBStorage(f"sqlite:///{sys.argv[1]}/app.db")


def objective(trial):
    x = trial.suggest_float("x", -10, 10)
    y = trial.suggest_int("y", 0, 20)
    kind = trial.suggest_categorical("kind", ["a", "b", "c"])
    for step in range(5):
        trial.report((x - 2) ** 2 + y + step, step)
        if trial.should_prune():
            raise optuna.TrialPruned()
    trial.set_user_attr("host", f"worker {trial.number % 3}")
    return (x - 2) ** 2 + y + len(kind)


for number in range(3):
    study = optuna.create_study(storage=storage, study_name=f"study {number}", pruner=optuna.pruners.MedianPruner())
    study.optimize(objective, n_trials=int(os.environ.get("TRIALS", 120)))
    optuna.load_study(study_name=f"study {number}", storage=storage).best_trial
optuna.get_all_study_summaries(storage)
