/** Under this name the ends of what the clock starts are kept in `job_runs`, one row a job. */
export const CLOCK_RUNS = "clock";
