DROP TABLE policy_run_items;
DROP TABLE policy_runs;
