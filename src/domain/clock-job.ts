/** Under this name the ends of what the clock starts are kept in `job_runs`, one row a job. */
export const CLOCK_RUNS = "clock";
/** Under this name the last backup is kept there: `npm run backup` says so once its manifest is written. */
export const BACKUPS = "backup";
