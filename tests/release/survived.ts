/**
 * What may fail for the seconds in which two releases meet, since whoever asks survives it: a new method of an object that only
 * an outbox calls, which asks again, or a job that the release before does not know. Better ship such a method one release before its callers. Empty again with the next
 * `npm run release:record`.
 */
export const SURVIVED: readonly { said: string; because: string }[] = [
  {
    said: "503 /api/health",
    because:
      "nobody has looked at alarms yet, and the release before cannot be asked: who watches from outside asks again",
  },
  {
    said: '"check-isolation"',
    because: "a job that is new: the release before stores its message as a dead letter, and the next night asks again",
  },
  {
    said: '"post-fees"',
    because:
      "a job that is new: the release before stores its message as a dead letter, and the next minute asks again",
  },
  {
    said: '"accrue-debts"',
    because: "a job that is new: the release before stores its message as a dead letter, and the next night asks again",
  },
  {
    said: '"tickets-by-data"',
    because:
      "a job that is new: the release before stores its message as a dead letter, and the next quarter of an hour asks again",
  },
  {
    said: '"late-readings"',
    because: "a job that is new: the release before stores its message as a dead letter, and the next night asks again",
  },
  {
    said: '"fee-steps"',
    because:
      "a job that is new: the release before stores its message as a dead letter, and the next quarter of an hour asks again",
  },
  {
    said: '"hr-directory"',
    because:
      "a job that is new: the release before stores its message as a dead letter, and the next quarter of an hour asks again",
  },
  {
    said: '"alarms"',
    because:
      "a job that is new: the release before stores its message as a dead letter, and the next minute asks again",
  },
  {
    said: '"webhooks"',
    because:
      "a job that is new: the release before stores its message as a dead letter, and the next minute asks again",
  },
  {
    said: '"mirror-tickets"',
    because:
      "a job that is new: the release before stores its message as a dead letter, and five minutes later it is asked for again",
  },
  {
    said: '"carrier-sms"',
    because:
      "a job that is new: the release before stores its message as a dead letter, and the next minute asks again",
  },
  {
    said: '"ticket-sms"',
    because:
      "a job that is new: the release before stores its message as a dead letter, and five minutes later it is asked for again",
  },
  {
    said: '"erase-people"',
    because: "a job that is new: the release before stores its message as a dead letter, and the next night asks again",
  },
  {
    said: "claims/open",
    because:
      "a list that is new, of a method that the shards of the release before do not have: Operations shows none for these seconds, and nothing hangs on it",
  },
  {
    said: "/alarms",
    because:
      "a list that is new, of a method that the Directory of the release before does not have: Operations shows none for these seconds, and what is wrong is told a minute later",
  },
  {
    said: '"step":"placed"',
    because:
      "a list that is new, of a method that the Directory of the release before does not have: the next night asks for accounts that Postgres does not know",
  },
  {
    said: '"at":"set-back"',
    because:
      "methods that the Directory of the release before does not have: whoever is registered in these seconds is, as before, without that look",
  },
  {
    said: "lookAtAlarms",
    because: "a method that the Directory of the release before does not have: the next minute looks again",
  },
];
