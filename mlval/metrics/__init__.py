"""Model metrics: one file a family; a metric is known by its name in scikit-learn."""
