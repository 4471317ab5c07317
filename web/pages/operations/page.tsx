import { useEffect } from "preact/hooks";
import type { StatusView } from "../../../workers/portal/status-view.ts";
import { country } from "../../country.ts";
import { ago, count, energy, money, NOT_KNOWN, words } from "../../format.ts";
import { Bars } from "../../parts/bars.tsx";
import { List } from "../../parts/list.tsx";
import { Page } from "../../parts/page.tsx";
import { Tile } from "../../parts/tile.tsx";
import { wordsOf } from "../../words.ts";
import { Energy } from "./energy.tsx";
import { live, now, trouble, view } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("operations");

export default function OperationsPage() {
  // another country is another stream
  useEffect(live, [country.value]);
  const shown = view.value;
  return (
    <Page title={t("title")} actions={<Freshness shown={shown} />}>
      {shown !== null && <Figures view={shown} />}
      {shown === null && trouble.value === null && <p class="quiet">{t("asking")}</p>}
      {shown === null && trouble.value !== null && (
        <p class="quiet">The server does not answer. This page asks again every two seconds.</p>
      )}
    </Page>
  );
}

function Freshness({ shown }: { shown: StatusView | null }) {
  if (trouble.value !== null)
    return <p class="fresh bad">not live{shown !== null && `, as of ${ago(shown.asOf, now.value)}`}</p>;
  if (shown === null) return <p class="fresh">…</p>;
  return (
    <p class={`fresh ${shown.database === "up" ? "good" : "warn"}`}>
      {shown.database === "up" ? "live" : "live, database down"}
    </p>
  );
}

function Figures({ view: shown }: { view: StatusView }) {
  const cash = (amountMinor: number) => money(amountMinor, shown.currency, shown.minorDigits);
  const { today, depths } = shown;
  const none = (text: string) => (shown.database === "down" ? NOT_KNOWN : text);
  return (
    <>
      <section class="tiles" aria-label="Today">
        <Tile label="SMS today" value={today === null ? "–" : count(today.sms)} />
        <Tile
          label="Paid today"
          value={today === null ? "–" : cash(today.paidMinor)}
          note={today === null ? "" : `${count(today.payments)} payments`}
        />
        <Tile label="Credited today" value={today === null ? "–" : cash(today.creditedMinor)} />
        <Tile
          label="In suspense"
          value={today === null ? "–" : cash(today.suspenseMinor)}
          note={
            today === null
              ? ""
              : today.suspenseOpen === 0
                ? "nobody waits"
                : `${count(today.suspenseOpen)} wait, oldest ${ago(today.oldestSuspenseAt, now.value)}`
          }
          tone={today !== null && today.suspenseOpen > 0 ? "warn" : "good"}
        />
      </section>
      <section class="panel">
        <h2>Payments a minute, last hour</h2>
        {shown.perMinute.length === 0 ? (
          <p class="quiet">{NOT_KNOWN}</p>
        ) : (
          <Bars
            columns={shown.perMinute.map(({ minute, payments }) => ({ at: minute, value: payments }))}
            label="Payments a minute"
            each="minute"
            first="60 min"
            say={count}
          />
        )}
      </section>
      <section class="tiles small" aria-label="What is under way">
        <Depth label="SMS to read" value={depths.unprocessedSms} />
        <Depth label="To forward" value={depths.forwards} />
        <Depth label="Parked forwards" value={depths.parkedForwards} />
        <Depth label="Claims open" value={depths.openClaims} />
        <Depth label="Rows to copy" value={depths.copyRows} />
        <Depth label="Rows refused" value={depths.refusedRows} />
        <Depth label="SMS to send" value={depths.outgoingSms} />
      </section>
      <section class="panel">
        <h2>Gateway phones</h2>
        <ul class="phones">
          {shown.phones.map((phone) => (
            <li key={phone.phoneId} class={phone.revoked ? "off" : phone.silent ? "silent" : "on"}>
              <b>{phone.name}</b>
              <span>{phone.revoked ? "revoked" : phone.silent ? "silent" : "heard"}</span>
              <time>{ago(phone.lastPollAt, now.value)}</time>
            </li>
          ))}
        </ul>
      </section>
      <Energy view={shown} now={now.value} />
      <List
        title="Last SMS"
        empty={none("No SMS yet. Point a phone at this server, or run: npm run phones")}
        heads={["When", "From", "Text", "Became"]}
        rows={shown.sms.map((sms) => ({
          key: `${sms.phoneId}${sms.receivedAt}${sms.content}`,
          cells: [
            ago(sms.receivedAt, now.value),
            sms.sender,
            sms.content,
            `${words(sms.outcome)}${sms.because === null ? "" : `: ${words(sms.because)}`}`,
          ],
        }))}
      />
      <List
        title="Last payments"
        empty={none("No payments yet.")}
        heads={["When", "Receipt", "Amount", "Holder"]}
        rows={shown.payments.map((payment) => ({
          key: payment.receipt,
          cells: [
            ago(payment.claimedAt, now.value),
            payment.receipt,
            cash(payment.amountMinor),
            payment.account ?? words(payment.holder),
          ],
        }))}
      />
      <List
        title="Last ledger entries"
        empty={none("No entries yet.")}
        heads={["When", "Account", "What", "Energy", "Balance"]}
        rows={shown.entries.map((entry) => ({
          key: `${entry.account}${entry.seq}`,
          cells: [
            ago(entry.acceptedAt, now.value),
            `${entry.account} #${entry.seq}`,
            // A debit moves no money: then nothing is said of it.
            entry.amountMinor === 0 ? entry.kind : `${entry.kind} ${cash(entry.amountMinor)}`,
            energy(entry.energyWh),
            energy(entry.balanceAfterWh),
          ],
        }))}
      />
      <List
        title="Last relay commands"
        empty={none("No commands yet.")}
        heads={["When", "Account", "Meter", "Order", "State"]}
        rows={shown.commands.map((command) => ({
          key: command.id,
          cells: [
            ago(command.requestedAt, now.value),
            command.account,
            command.meterNumber,
            `${command.action}: ${words(command.because)}`,
            words(command.state),
          ],
        }))}
      />
      <List
        title="Last SMS out"
        empty={none("None sent yet.")}
        heads={["When", "Account", "Phone", "State"]}
        rows={shown.outgoing.map((sms) => ({
          key: sms.id,
          cells: [ago(sms.createdAt, now.value), sms.account ?? "", sms.phoneId, words(sms.state)],
        }))}
      />
    </>
  );
}

const Depth = ({ label, value }: { label: string; value: number }) => (
  <Tile label={label} value={count(value)} tone={value === 0 ? "quiet" : "warn"} />
);
