import { api, ask } from "../../api.ts";
import { energy } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import type { ReceiptState } from "../suspense/acts.ts";
import { t } from "./words.ts";

type Props = { shares: ReceiptState["shares"]; nameOf(account: string): string | null };

/** What those who have the money now will be left with, before it is moved: whoever has used it up goes dark. */
export const Losers = ({ shares, nameOf }: Props) => (
  <>
    {shares.map(({ share, holder, entry }) =>
      holder.kind === "account" && entry !== null ? (
        <Loser key={share} account={holder.account} name={nameOf(holder.account)} boughtWh={entry.energyWh} />
      ) : null,
    )}
  </>
);

function Loser({ account, name, boughtWh }: { account: string; name: string | null; boughtWh: number }) {
  const { value } = useAsk(
    () => ask(api().accounts[":account"].entries.$get({ param: { account }, query: { limit: "1" } })),
    [account],
  );
  if (value === null) return null;
  const { availableWh } = value;
  const afterWh = availableWh === null ? null : availableWh - boughtWh;
  const who = name === null ? account : `${account} (${name})`;
  return (
    <p class={afterWh !== null && afterWh <= 0 ? "bad" : "notice"} role="status">
      {t("loses", { who, bought: energy(boughtWh), now: energy(availableWh), after: energy(afterWh) })}
      {afterWh !== null && afterWh <= 0 && ` ${t("loses_dark")}`}
    </p>
  );
}
