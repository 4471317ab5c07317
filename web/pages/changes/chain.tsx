import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("changes");
/** A thousand rows a call: ten million are more than a country writes in a century. */
const CALLS_MAX = 10_000;

type Walked = { rows: number; brokenAt: number | null; lost: number; isEnd: boolean };

/** Walks the whole chain of hashes, from the first row to the last, and says whether each follows the one before. */
export function Chain() {
  const [walked, setWalked] = useState<Walked | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const isBusy = walked !== null && !walked.isEnd && trouble === null;
  const walk = async () => {
    setTrouble(null);
    let head = { seq: 0, hash: "" };
    let rows = 0;
    setWalked({ rows, brokenAt: null, lost: 0, isEnd: false });
    for (let call = 0; call < CALLS_MAX; call++) {
      const query = head.seq === 0 ? {} : { after: String(head.seq), hash: head.hash };
      const answer = await ask(api().audit.chain.$get({ query }));
      if (!answer.ok) return setTrouble(answer.trouble);
      rows += answer.value.walked;
      head = answer.value.head;
      const { broken, lost, isEnd } = answer.value;
      setWalked({ rows, brokenAt: broken?.seq ?? null, lost: lost.length, isEnd });
      if (isEnd) return;
    }
  };
  return (
    <>
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <span role="status">{walked !== null && <Verdict walked={walked} />}</span>
      <Button busy={isBusy} onClick={walk}>
        {t("verify")}
      </Button>
    </>
  );
}

function Verdict({ walked: { rows, brokenAt, lost, isEnd } }: { walked: Walked }) {
  if (brokenAt !== null) return <span class="fresh bad">{t("chain_broken", { n: count(brokenAt) })}</span>;
  if (lost > 0) return <span class="fresh bad">{t("chain_lost", { n: count(lost) })}</span>;
  return isEnd ? (
    <span class="fresh good">{t("chain_whole", { n: count(rows) })}</span>
  ) : (
    <span class="quiet">{t("chain_walking", { n: count(rows) })}</span>
  );
}
