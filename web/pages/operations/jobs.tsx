import { Badge, type Tone } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Table } from "../../parts/table.tsx";
import { since, span, when } from "../../say.ts";
import { said } from "../../words.ts";
import { type Job, type JobState, jobRows } from "./model.ts";
import { ROOM, t } from "./words.ts";

const TONES: Record<JobState, Tone> = { failed: "bad", late: "warn", never: "quiet", good: "good" };

export const Jobs = ({ jobs, now }: { jobs: readonly Job[] | null; now: number }) => (
  <Table
    label={t("jobs")}
    rows={jobRows(jobs ?? [], now)}
    rowKey={({ job }) => job}
    isBusy={jobs === null}
    empty={<Empty title={t("no_jobs")} />}
    columns={[
      {
        head: t("job"),
        cell: ({ job }) => (
          <>
            <code>{job}</code> <small class="quiet">{said(ROOM, "job", job)}</small>
          </>
        ),
      },
      { head: t("every"), cell: ({ everyMs }) => span(everyMs) },
      { head: t("ended"), cell: ({ endedAt }) => <span title={when(endedAt)}>{since(endedAt, now)}</span> },
      {
        head: t("state"),
        cell: ({ state, failedAt, error }) => (
          <>
            <Badge tone={TONES[state]}>{t(`job_is_${state}`)}</Badge>
            {state === "failed" && (
              <small class="quiet">
                {" "}
                {since(failedAt, now)}: {error}
              </small>
            )}
          </>
        ),
      },
    ]}
  />
);
