"""The door of the Action: the runner's environment in; report, annotations, outputs and exit code out."""
