import { database, type Mutant, unit, workers } from "./mutant.ts";

/** What lets money through, or keeps it back, against the rules of claims, tills and second persons. */
export const RULE_MUTANTS: Mutant[] = [
  {
    name: "released after a person",
    breaks: "a text that names an account moves money about which a person has decided",
    edits: [
      {
        file: "src/domain/claim-rules.ts",
        from: "    state.generation === 1 &&\n",
        to: "",
      },
    ],
    tests: workers("cut-text", "stays where it is when somebody"),
  },
  {
    name: "released to a second name",
    breaks: "two texts name two accounts, and the money goes to whichever comes last",
    edits: [
      {
        file: "src/domain/claim-rules.ts",
        from: "    namedAccounts(state.shares).every((named) => named === account) &&\n",
        to: "",
      },
      {
        file: "src/domain/claim-rules.ts",
        from: "        (one.account === null || one.account === account),\n",
        to: "        true,\n",
      },
    ],
    tests: unit("domain/claim-rules", "the whole of a text that came cut"),
  },
  {
    name: "anybody names",
    breaks: "a text from anybody's phone takes money that waits for its account's name",
    edits: [
      {
        file: "src/domain/till-rules.ts",
        from: `  if (!isSenderOf(limits.senders, question.sender)) return refuse("sender", NOT_LISTED);
  if (!judged.allow)`,
        to: "  if (!judged.allow)",
      },
    ],
    tests: workers("cut-text", "goes to whom the operator names"),
  },
  {
    name: "first come",
    breaks: "whoever writes down a receipt before its operator does has it, and the operator's text finds it taken",
    edits: [
      {
        file: "src/services/process-sms.ts",
        from: `  if (!till.allow && till.because === "sender") return leaveStrangers(ports, sms, payment, hintsOf(resolution));
  const before =`,
        to: "  const before =",
      },
    ],
    tests: workers("strangers-first", "takes nothing of it"),
  },
  {
    name: "a stranger remembered",
    breaks: "a till that has heard of a payment from a stranger refuses it for ever, also when its operator tells it",
    edits: [
      {
        file: "workers/objects/till/verdicts.ts",
        from: "  if (isOfStranger(decided)) return decided;\n",
        to: "",
      },
      {
        file: "src/domain/till-rules.ts",
        from: `isOfStranger(judged) ? "judge" : refuse`,
        to: "refuse",
      },
    ],
    tests: workers("strangers-first", "takes nothing of it"),
  },
  {
    name: "named beyond the cap",
    breaks: "a payment whose first text was cut is no part of its account's day, which has no end any more",
    edits: [
      {
        file: "src/domain/till-rules.ts",
        from: `  return judged.namedRefusal ?? "judge";`,
        to: "  return { allow: true };",
      },
    ],
    tests: workers("cut-text", "is held to the account's day"),
  },
  {
    name: "a space makes a second person",
    breaks: "whoever ordered it approves it alone, by a space within the name",
    edits: [
      {
        file: "src/domain/person.ts",
        from: `.toLowerCase().replace(SPACES, "");`,
        to: `.toLowerCase().replace(SPACES, " ").trim();`,
      },
    ],
    tests: unit("domain/person", "who is a second person"),
  },
  {
    name: "a space makes a second person for the database",
    breaks: "an order of money is approved by whoever ordered it, by a space that the database does not know",
    edits: [
      {
        file: "src/adapters/neon/second-person.ts",
        from: "'[[:space:]\\\\u0085\\\\u1680\\\\u2028\\\\u2029\\\\ufeff]'",
        to: "' '",
      },
    ],
    tests: database("second-person", "is the same as in the domain"),
  },
];
