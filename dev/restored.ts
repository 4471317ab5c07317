/**
 * `DATABASE_URL=… npm run restored -- --env ls --since 2026-11-29T02:00:00Z` (or `--env local`): after the provider's point in time was
 * restored, numbers jump ahead of those given since that instant. `backup:restore` does it itself. Twice is once. `--dry-run` writes
 * nothing; `--given 5000` (account numbers that a site may have given since), `--first-number MAK=0716,SEH=0420`, `--again`: it was
 * set back once more. What to do then: docs/operations.md, "When the database is lost".
 */
import { parseArgs } from "node:util";
import { firstNumbersOf, givenOf, jumpAhead, toldOf } from "./backup/ahead.ts";
import { sourceOf } from "./backup/which.ts";
import { orRefuse, Refusal } from "./deliver/which.ts";

/** A date that is older is mistyped, and would use up the sites' account numbers. */
const BACK_DAYS_MAX = 60;
const BACK_MS_MAX = BACK_DAYS_MAX * 86_400_000;

await orRefuse(async () => {
  const { values } = parseArgs({
    options: {
      env: { type: "string" },
      country: { type: "string" },
      since: { type: "string" },
      given: { type: "string" },
      "first-number": { type: "string" },
      again: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
    },
  });
  const source = sourceOf(values);
  const since = Date.parse(values.since ?? "");
  if (Number.isNaN(since) || since > Date.now() || since < Date.now() - BACK_MS_MAX)
    throw new Refusal(
      `--since ${values.since ?? ""}: the instant that the database was set back to, as 2026-11-29T02:00:00Z, of the last ${BACK_DAYS_MAX} days`,
    );
  try {
    const ahead = await jumpAhead(source.ownerUrl, {
      since,
      country: source.country,
      given: givenOf(values.given),
      firstNumbers: firstNumbersOf(values["first-number"]),
      isAgain: values.again,
      isDry: values["dry-run"],
    });
    console.log(ahead === null ? "done before for this instant: nothing was changed" : toldOf(ahead));
    if (!values["dry-run"])
      console.log(`next: npm run heads -- --env ${values.env} --since ${new Date(since).toISOString()}`);
    return 0;
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    return 1;
  }
});
