import type { InferResponseType } from "hono/client";
import { useEffect, useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Copy } from "../../parts/copy.tsx";
import { Page } from "../../parts/page.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import type { PageProps } from "../../routes.ts";
import { cash, energy, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { usePoll } from "../../use-poll.ts";
import { loadWords, said } from "../../words.ts";
import { holderWords, type ReceiptState, stateOf } from "../suspense/acts.ts";
import { Acts } from "./acts.tsx";
import { Came, Held, Out, Posted } from "./story.tsx";
import { t } from "./words.ts";
import "./receipt.css";

export type Story = InferResponseType<ReturnType<typeof api>["payments"][":receipt"]["$get"], 200>;
const LOOK_MS = 5_000;

const nameIn = (told: Story | null, account: string) =>
  told?.shares.findLast((share) => share.account === account)?.name ?? null;
/** Whose names the accounts that hold it have. */
const namesOf = ({ shares }: ReceiptState, told: Story | null) =>
  shares
    .flatMap(({ holder }) => (holder.kind === "account" ? [nameIn(told, holder.account)] : []))
    .filter((name) => name !== null)
    .join(", ");

export default function ReceiptPage({ receipt = "" }: PageProps) {
  const [isReady, setReady] = useState(false);
  // the forms that move money are those of the suspense page, with its words
  useEffect(() => void loadWords("suspense").then(() => setReady(true)), []);
  const story = useAsk(() => ask(api().payments[":receipt"].$get({ param: { receipt } })), [receipt]);
  const now = useAsk(() => stateOf(receipt), [receipt]);
  const again = () => {
    story.again();
    now.again();
  };
  usePoll(again, LOOK_MS);
  const state = now.fresh;
  const told = story.fresh;
  if (!isReady) return null;
  const bought = told?.entries.filter(({ account }) => account !== null) ?? [];
  return (
    <Page
      title={t("title", { receipt })}
      lead={<Copy text={receipt} />}
      actions={<a href={at("/payments")}>{t("all_payments")}</a>}
    >
      {story.trouble !== null && <TroubleBox trouble={story.trouble} again={again} />}
      {now.trouble !== null && now.trouble.kind !== story.trouble?.kind && (
        <TroubleBox trouble={now.trouble} again={again} />
      )}
      {state !== null && (
        <Tiles label={t("now")}>
          <Tile
            label={t("amount")}
            value={cash(state.amountMinor)}
            note={`${state.provider}${told?.payment?.payerPhone == null ? "" : ` · ${told.payment.payerPhone}`}`}
            asOf={now.heardAt}
            source={t("receipt_book")}
          />
          <Tile
            label={t("whose")}
            value={holderWords(state, (kind) => said("suspense", "kind", kind), cash)}
            note={
              <>
                {namesOf(state, told)}{" "}
                <Badge tone={state.phase === "closed" ? "good" : "warn"}>{said("receipt", "phase", state.phase)}</Badge>{" "}
                {state.blocked && <Badge tone="bad">{t("blocked")}</Badge>}
              </>
            }
            tone={state.shares.some(({ holder }) => holder.kind === "suspense") ? "warn" : "good"}
          />
          <Tile label={t("paid")} value={when(state.paidAt)} note={t("generation", { n: state.generation })} />
          <Tile
            label={t("bought")}
            value={bought.length === 0 ? "–" : energy(bought.reduce((sum, { energyWh }) => sum + energyWh, 0))}
          />
        </Tiles>
      )}
      {state !== null && may("money.write") && (
        <div class="on-screen">
          <Acts state={state} nameOf={(account) => nameIn(told, account)} onDone={again} />
        </div>
      )}
      {told !== null && (
        <>
          <Came story={told} />
          <Held story={told} />
          <Posted story={told} />
          <Out story={told} />
        </>
      )}
    </Page>
  );
}
