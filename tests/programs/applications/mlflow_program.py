"""MLflow's tracking store in SQLite: experiments, runs with metrics, parameters and tags, and the searches of its pages."""

import sys
import time

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

client = MlflowClient(tracking_uri=f"sqlite:///{sys.argv[1]}/app.db")
for e in range(4):
    experiment = client.create_experiment(f"experiment {e}", tags={"team": f"t{e % 2}"}, artifact_location=sys.argv[1])
    for r in range(25):
        run = client.create_run(experiment, tags={"mlflow.runName": f"run {r}"}).info.run_id
        now = int(time.time() * 1000)
        metrics = [Metric("loss", 1 / (1 + s + r), now + s, s) for s in range(20)]
        client.log_batch(run, metrics, [Param("depth", str(r % 5)), Param("rate", "0.1")], [RunTag("kind", "abc"[r % 3])])
        client.log_metric(run, "accuracy", r / 25)
        client.set_terminated(run)
    for r in range(8):
        client.search_runs([experiment], f"params.depth = '{r % 5}' and metrics.accuracy > 0.2", order_by=["metrics.loss ASC"], max_results=10)
        client.search_runs([experiment], f"tags.kind = '{'abc'[r % 3]}'", order_by=["attributes.start_time DESC"])
    for found in client.search_runs([experiment])[:6]:
        client.get_metric_history(found.info.run_id, "loss")
    client.delete_run(found.info.run_id)
client.search_experiments(filter_string="name LIKE 'experiment%'")
