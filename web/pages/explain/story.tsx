import type { ComponentChildren } from "preact";
import { at, facts } from "../../country.ts";
import { Copy } from "../../parts/copy.tsx";
import { price } from "../../price.ts";
import { byWhom, cash, when } from "../../say.ts";
import { said, wordsOf } from "../../words.ts";
import { kwh, type Story as StoryOf, sumOf, type Told } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("explain");

/** All that stands behind an entry: each part says who or what says so. */
export function Story({ entry }: { entry: Told }) {
  const { story, seq, acceptedAt, balanceAfterWh, energyWh } = entry;
  const before = balanceAfterWh === null ? null : balanceAfterWh - energyWh;
  return (
    <div class="story">
      <p class="quiet">
        {t("seq", { n: seq ?? "–" })} · {t("accepted", { at: when(acceptedAt) })} ·{" "}
        {t("before", { before: kwh(before), after: kwh(balanceAfterWh) })}
      </p>
      <dl class="facts">
        <Sum entry={entry} />
        <Reading entry={entry} />
        {story?.tariff != null && (
          <Part name={t("tariff")}>
            {t("tariff_line", {
              scope: t(scopeKey(story.tariff.scope), { site: story.tariff.site ?? "" }),
              rate: price(story.tariff.rateE4PerKwh),
              at: when(story.tariff.validFrom),
            })}
            {story.tariff.createdBy !== null && <> · {t("tariff_by", { who: byWhom(story.tariff.createdBy) })}</>}
          </Part>
        )}
        {story !== null && <OfReceipt entry={entry} story={story} />}
        {story?.correction != null && <Correction of={story.correction} />}
        {story?.credit != null && (
          <Part name={t("credit", { vendor: story.credit.vendor })}>
            {t("credit_line", {
              state: said("explain", "state", story.credit.state),
              money: cash(story.credit.amountMinor),
            })}
            {story.credit.because !== null && ` (${story.credit.because.replaceAll("_", " ")})`}
            {story.credit.confirmedAt !== null && `, ${when(story.credit.confirmedAt)}`}
          </Part>
        )}
        {entry.actor !== null && story?.correction == null && (
          <Part name={t("kind_correction")}>{t("by_hand", { who: byWhom(entry.actor), why: entry.reason ?? "" })}</Part>
        )}
        <Part name={t("key")}>
          <Copy text={entry.entryKey} />
        </Part>
      </dl>
      {story === null && <p class="notice">{t("not_known")}</p>}
    </div>
  );
}

const scopeKey = (scope: string) =>
  scope === "account" || scope === "site" ? (`scope_${scope}` as const) : "scope_global";

const Part = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

function Sum({ entry }: { entry: Told }) {
  const sum = sumOf(entry, facts.value?.minorDigits ?? 2);
  if (sum === null) return null;
  return (
    <Part name={t("sum")}>
      <b>{t("sum_line", { money: cash(sum.amountMinor), rate: price(sum.rateE4PerKwh), energy: kwh(sum.energyWh) })}</b>
      {!sum.agrees && <span class="bad"> {t("sum_differs", { energy: kwh(entry.energyWh) })}</span>}
    </Part>
  );
}

function Reading({ entry: { use, vendorDay, energyWh } }: { entry: Told }) {
  if (vendorDay !== null)
    return <Part name={t("reading")}>{t("vendor_day", { meter: vendorDay.meterNumber, day: vendorDay.day })}</Part>;
  if (use === null) return null;
  const { meterNumber, fromWh, toWh, fromAt, readAt } = use;
  return (
    <Part name={t("reading")}>
      <b>{t("reading_line", { meter: meterNumber, from: kwh(fromWh), to: kwh(toWh), energy: kwh(-energyWh) })}</b>
      <br />
      {fromAt === null
        ? t("reading_first", { to: when(readAt) })
        : t("reading_span", { from: when(fromAt), to: when(readAt) })}
    </Part>
  );
}

/** The texts, the claim and the moves of a receipt. */
function OfReceipt({ entry: { receipt }, story: { texts, payment, moves } }: { entry: Told; story: StoryOf }) {
  if (receipt === null) return null;
  const road = said("explain", "road", payment?.road ?? null);
  return (
    <>
      <Part name={t("receipt")}>
        <a href={at(`/payments/${encodeURIComponent(receipt)}`)}>{receipt}</a>
        {payment !== null && (
          <>
            {" "}
            {cash(payment.amountMinor)} · {t("paid", { at: when(payment.paidAt) })} ·{" "}
            {t("claimed", { at: when(payment.claimedAt), road })}
            {payment.payerPhone !== null && ` · ${t("payer", { phone: payment.payerPhone })}`}
            {payment.tillId !== null && ` · ${t("till", { till: payment.tillId })}`}
          </>
        )}
      </Part>
      <Part name={t("texts")}>
        {texts.length === 0 && <span class="quiet">{t("no_texts", { road })}</span>}
        {texts.map(({ sender, phoneName, receivedAt, content, parserVersion, outcome, forward }) => (
          <blockquote key={`${phoneName}${receivedAt}${parserVersion}`}>
            {content}
            <footer class="quiet">
              {t("text_line", { sender, phone: phoneName, at: when(receivedAt) })} ·{" "}
              {t("parser", { version: parserVersion, outcome: said("explain", "outcome", outcome) })}
              <br />
              {t("old_system")}: {forwardWords(forward)}
            </footer>
          </blockquote>
        ))}
      </Part>
      {moves.length > 0 && (
        <Part name={t("moves")}>
          {moves.map((move) => (
            <p key={`${move.generation}.${move.share}`}>
              {t("move_line", {
                n: move.generation,
                holder: holderOf(move),
                money: cash(move.amountMinor),
                at: when(move.at),
              })}
              {move.actor !== null && ` · ${t("move_by", { who: byWhom(move.actor), why: move.reason ?? "" })}`}
            </p>
          ))}
        </Part>
      )}
    </>
  );
}

function forwardWords(forward: StoryOf["texts"][number]["forward"]): string {
  if (forward === null) return t("forward_none");
  const { state, tries, because, changedAt } = forward;
  return t(`forward_${state}`, { n: tries, at: when(changedAt), because: because ?? "" });
}

function holderOf({ holder, account, because }: StoryOf["moves"][number]): string {
  if (holder === "account") return t("holder_account", { account: account ?? "" });
  if (holder === "suspense") return t("holder_suspense", { because: (because ?? "").replaceAll("_", " ") });
  if (holder === "returned") return t("holder_returned");
  return t(holder === "treasury" ? "holder_treasury" : "holder_legacy");
}

function Correction({ of }: { of: NonNullable<StoryOf["correction"]> }) {
  const { id, code, orderedBy, orderedAt, decidedBy, decidedAt, reason, document } = of;
  return (
    <Part name={t("correction")}>
      <a href={at(`/corrections/${id}`)}>{said("explain", "code", code)}</a>{" "}
      {t("correction_by", { who: byWhom(orderedBy), at: when(orderedAt), why: reason })} ·{" "}
      {t("correction_document", { document })} ·{" "}
      {decidedBy === null || decidedAt === null
        ? t("correction_alone")
        : t("correction_second", { who: byWhom(decidedBy), at: when(decidedAt) })}
    </Part>
  );
}
