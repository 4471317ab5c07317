import { useState } from "preact/hooks";
import { Tick } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { may } from "../../session.ts";
import { loadWords, wordsOf } from "../../words.ts";
import { EntryPages } from "../explain/pages.tsx";
import type explained from "../explain/words/en.ts";

// The lines are those of the page that explains a balance, and so are their words.
await loadWords("explain");
const t = wordsOf<typeof explained>("explain");

/** What was posted, newest first; asked for anew whenever the ledger grows. */
export function Transactions({ account, seq }: { account: string; seq: number }) {
  const [isGrouped, setGrouped] = useState(true);
  if (!may("money.read")) return null;
  return (
    <Panel actions={<Tick label={t("grouped")} value={isGrouped} onInput={setGrouped} />}>
      <EntryPages account={account} seq={seq} isGrouped={isGrouped} />
    </Panel>
  );
}
