import { at } from "../../country.ts";
import { heldBecause } from "../../held.ts";
import { Badge } from "../../parts/badge.tsx";
import { debtName } from "../../parts/debt-name.ts";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { price } from "../../price.ts";
import { byWhom, cash, energy, when } from "../../say.ts";
import { said } from "../../words.ts";
import type { Story } from "./page.tsx";
import { t } from "./words.ts";

/** How it came to us: each text with its phone, and each sighting by any road. */
export const Came = ({ story: { sms, sightings, lines } }: { story: Story }) => (
  <Panel title={t("came")}>
    {sms.map((text) => (
      <article key={`${text.phoneId} ${text.externalId ?? ""} ${text.contentHash}`} class="sms">
        <blockquote>{text.content}</blockquote>
        <p class="quiet facts-line">
          <span>{t("sms_from", { sender: text.sender, phone: text.phoneName, at: when(text.receivedAt) })}</span>
          {text.results.map((result) => (
            <span key={result.parserVersion}>
              {t("parser", {
                version: result.parserVersion,
                outcome: `${said("receipt", "outcome", result.outcome)}${result.because === null ? "" : `, ${heldBecause(result.because)}`}`,
              })}
            </span>
          ))}
          {text.alsoOn.length > 0 && <span>{t("also_on", { phones: text.alsoOn.join(", ") })}</span>}
          <span>
            {text.forward === null
              ? t("not_forwarded")
              : t(`forward_${text.forward.state}`, { at: when(text.forward.changedAt) })}
          </span>
        </p>
      </article>
    ))}
    <Table
      label={t("sightings")}
      rows={sightings}
      rowKey={(row) => `${row.seenAt} ${row.road} ${row.verdict} ${row.account ?? ""} ${row.amountMinor}`}
      empty={<Empty title={t("no_sightings")} />}
      columns={[
        { head: t("seen"), cell: (row) => when(row.seenAt) },
        { head: t("road"), cell: (row) => said("receipt", "road", row.road) },
        { head: t("amount"), cell: (row) => cash(row.amountMinor), isNumber: true },
        { head: t("names"), cell: (row) => row.account ?? "–" },
        {
          head: t("verdict"),
          cell: (row) => (
            <Badge tone={row.verdict === "conflict" ? "bad" : row.verdict === "held" ? "warn" : "good"}>
              {said("receipt", "verdict", row.verdict)}
            </Badge>
          ),
        },
      ]}
    />
    {lines.map((line) => (
      <p key={`${line.uploadId} ${line.kind}`} class="quiet">
        {t("statement", { till: line.tillId, kind: line.kind, amount: cash(line.amountMinor), at: when(line.at) })}{" "}
        <a href={at(`/statements?upload=${line.uploadId}`)}>{t("the_statement")}</a>
      </p>
    ))}
  </Panel>
);

/** Who had it, generation by generation, who moved it and why. */
export const Held = ({ story: { shares } }: { story: Story }) => (
  <Panel title={t("held")}>
    <Table
      label={t("held")}
      rows={shares}
      rowKey={(row) => `${row.generation}.${row.share}`}
      empty={<Empty title={t("not_recorded")} />}
      columns={[
        { head: t("step"), cell: (row) => `${row.generation}.${row.share}` },
        { head: t("when"), cell: (row) => when(row.at) },
        {
          head: t("whose"),
          cell: (row) =>
            row.account === null ? (
              <>
                {said("suspense", "kind", row.holderKind)}
                {row.because !== null && <span class="quiet"> · {heldBecause(row.because)}</span>}
              </>
            ) : (
              <>
                <a href={at(`/accounts/${row.account}`)}>{row.account}</a> <span class="quiet">{row.name}</span>
              </>
            ),
        },
        { head: t("amount"), cell: (row) => cash(row.amountMinor), isNumber: true },
        { head: t("who"), cell: (row) => (row.actor === null ? t("machine") : byWhom(row.actor)) },
        { head: t("why"), cell: (row) => row.reason ?? "–" },
      ]}
    />
  </Panel>
);

type Entry = Story["entries"][number];

/** The account, or our own book; what paid a fee, an advance or a plan of the account says which, and by which agreement. */
function bookOf({ account, book, part, agreement }: Entry) {
  if (account === null) return said("receipt", "book", book);
  if (part === null) return account;
  const what = debtName(part);
  if (agreement === null) return t("part_of", { what, account });
  return (
    <>
      {t("part_of", { what, account })}{" "}
      <a href={at(`/agreements?id=${agreement.id}`)}>{agreement.title ?? t("agreement")}</a>
    </>
  );
}

/** What it posted: in accounts with energy, in our own books with money. */
export const Posted = ({ story: { entries } }: { story: Story }) => (
  <Panel title={t("posted")}>
    <Table
      label={t("posted")}
      rows={entries}
      rowKey={(row) => row.entryKey}
      empty={<Empty title={t("not_posted")} />}
      columns={[
        { head: t("book"), cell: (row) => bookOf(row) },
        { head: t("kind"), cell: (row) => said("receipt", "kind", row.kind) },
        { head: t("amount"), cell: (row) => cash(row.amountMinor), isNumber: true },
        { head: t("energy"), cell: (row) => (row.account === null ? "–" : energy(row.energyWh)), isNumber: true },
        { head: t("rate"), cell: (row) => (row.account === null ? "–" : price(row.rateE4PerKwh)), isNumber: true },
        { head: t("balance"), cell: (row) => energy(row.balanceAfterWh), isNumber: true },
        { head: t("when"), cell: (row) => when(row.acceptedAt) },
        { head: t("recorded"), cell: (row) => when(row.recordedAt) },
      ]}
    />
  </Panel>
);

/** What went out for it: to a vendor's wallet, and to the customer; and what is still open about it. */
export const Out = ({ story: { credits, replies, cases } }: { story: Story }) => (
  <Panel title={t("out")}>
    {credits.length + replies.length + cases.length === 0 && <p class="quiet">{t("nothing_out")}</p>}
    {credits.map((credit) => (
      <p key={credit.externalId}>
        <Badge tone={credit.state === "confirmed" ? "good" : "warn"}>{said("receipt", "credit", credit.state)}</Badge>{" "}
        {t("credit", {
          vendor: credit.vendor,
          amount: cash(credit.amountMinor),
          account: credit.account,
          at: when(credit.confirmedAt ?? credit.sentAt ?? credit.queuedAt),
        })}
      </p>
    ))}
    {replies.map((reply) => (
      <article key={reply.id} class="sms">
        <blockquote>{reply.content}</blockquote>
        <p class="quiet facts-line">
          <Badge tone={reply.state === "failed" || reply.state === "expired" ? "bad" : "good"}>
            {said("receipt", "sms", reply.state)}
          </Badge>
          <span>{t("reply", { phone: reply.toPhone, at: when(reply.stateAt) })}</span>
          {reply.reason !== null && <span>{reply.reason}</span>}
        </p>
      </article>
    ))}
    {cases.map((one) => (
      <p key={one.caseKey}>
        <Badge tone={one.state === "open" ? "bad" : "quiet"}>
          {t(one.state === "open" ? "case_open" : "case_closed")}
        </Badge>{" "}
        <a href={at(`/cases?q=${encodeURIComponent(one.caseKey)}&state=any`)}>{one.caseKind.replaceAll("_", " ")}</a>{" "}
        <span class="quiet">{when(one.openedAt)}</span>
      </p>
    ))}
  </Panel>
);
