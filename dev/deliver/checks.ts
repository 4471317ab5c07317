/** What every delivery asks of its files before anything else. */
import type { Green } from "./known.ts";
import { refuse, type Step } from "./steps.ts";
import { git, type Tools } from "./tools.ts";

const CHANGES_SHOWN_MAX = 10;

export const headOf = (tools: Tools) => git(tools, "rev-parse", "HEAD");
export const treeOf = (tools: Tools) => git(tools, "rev-parse", "HEAD^{tree}");

/** What is deployed is a commit, and can be had again. */
export const treeStep = (tools: Tools): Step => ({
  name: "tree",
  would: null,
  run: () => {
    const changes = git(tools, "status", "--porcelain");
    return changes === ""
      ? { said: `clean at ${headOf(tools)}` }
      : refuse("there are changes that are not committed", ...changes.split("\n").slice(0, CHANGES_SHOWN_MAX));
  },
});

/** Its tests were green: here, by `npm test`, or elsewhere, by whoever sets CHECKED_COMMIT. */
export const testsStep = (
  tools: Tools,
  { checkedCommit, proofs }: { checkedCommit: string | null; proofs: { green: Green | null } },
): Step => ({
  name: "tests",
  would: null,
  run: () => {
    const head = headOf(tools);
    if (checkedCommit !== null)
      return checkedCommit === head
        ? { said: "green elsewhere, by CHECKED_COMMIT" }
        : refuse(`CHECKED_COMMIT is ${checkedCommit}, and this is ${head}`);
    const { green } = proofs;
    if (green === null || green.tree !== treeOf(tools))
      return refuse("no green check of these files is known: npm test");
    return { said: `${green.passed} green at ${green.at}` };
  },
});
