import { api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, energy } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");
const SPANS = ["today", "week", "all"] as const;

/** Paid, sold and used, today, in a week and ever. Asked for anew whenever the ledger grows. */
export function Sums({ account, seq }: { account: string; seq: number }) {
  const { value, trouble, again } = useAsk(
    () => ask(api().accounts[":account"].sums.$get({ param: { account } })),
    [account],
    [seq],
  );
  return (
    <Panel
      title={t("sums")}
      foot={value === null ? undefined : <AsOf at={value.usedAt ?? value.asOf} source={t("source_ledger")} />}
    >
      {trouble !== null && value === null ? (
        <TroubleBox trouble={trouble} again={again} />
      ) : (
        <table class="compact" aria-busy={value === null}>
          <thead>
            <tr>
              {(["span", "paid", "sold", "used"] as const).map((head) => (
                <th key={head} scope="col" class={head === "span" ? "" : "number"}>
                  {t(`sum_${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {SPANS.map((span) => (
              <tr key={span}>
                <td>{t(`sum_${span}`)}</td>
                <td class="number">{cash(value?.[span].paidMinor ?? null)}</td>
                <td class="number">{energy(value?.[span].soldWh ?? null)}</td>
                <td class="number">{energy(value?.[span].usedWh ?? null)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
