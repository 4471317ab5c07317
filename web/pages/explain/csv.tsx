import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { csvOf, saveFile } from "../../csv.ts";
import { Button } from "../../parts/button.tsx";
import { Progress } from "../../parts/progress.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { said, wordsOf } from "../../words.ts";
import { csvRow, shownKind, type Told, toldOf } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("explain");
const PAGE = "100";
/** Twenty years of an hourly meter are 175,000 lines: more than a file of one press may have is said, not cut silently. */
const PAGES_MAX = 1_000;

/** All entries of the account as a file, page by page, with how far it has come. */
export function AllLines({ account }: { account: string }) {
  const [progress, setProgress] = useState<{ done: number; of: number | null } | null>(null);
  async function read() {
    const rows: Told[] = [];
    let cursor: number | null = null;
    setProgress({ done: 0, of: null });
    for (let page = 0; page < PAGES_MAX; page++) {
      const query: { limit: string; cursor?: string } =
        cursor === null ? { limit: PAGE } : { limit: PAGE, cursor: String(cursor) };
      const answer = await ask(api().accounts[":account"].entries.$get({ param: { account }, query }));
      if (!answer.ok) {
        setProgress(null);
        return toast(troubleWords(answer.trouble), { tone: "bad" });
      }
      rows.push(...toldOf(answer.value));
      setProgress({ done: rows.length, of: answer.value.seq });
      cursor = answer.value.next;
      if (cursor === null) break;
    }
    setProgress(null);
    const heads = [
      "seq",
      "at",
      "what",
      "amount_minor",
      "currency_rate_e4",
      "energy_wh",
      "balance_after_wh",
      "receipt",
      "meter",
      "key",
    ];
    saveFile(
      `${account}-lines.csv`,
      csvOf(
        heads,
        rows.map((row) => csvRow(row, said("explain", "kind", shownKind(row)))),
      ),
    );
    if (cursor !== null) toast(t("csv_cut", { n: rows.length }), { tone: "bad" });
  }
  if (progress !== null) return <Progress label={t("csv_running")} done={progress.done} of={progress.of} />;
  return <Button onClick={() => void read()}>{t("csv_all")}</Button>;
}
