import type { StatusView } from "../../../workers/portal/status-view.ts";
import { ago, clock, count, energy, NOT_KNOWN, words } from "../../format.ts";
import { Bars } from "../../parts/bars.tsx";
import { List } from "../../parts/list.tsx";
import { Tile } from "../../parts/tile.tsx";

const HOUR_MS = 3_600_000;

type Props = { view: StatusView; now: number };

/** Who is lit, what meters count, and who is next to go dark. */
export const Energy = ({ view, now }: Props) => (
  <>
    <section class="tiles" aria-label="Lights">
      <Lights view={view} now={now} />
    </section>
    <section class="panel">
      <h2>Energy an hour, last 24 h</h2>
      <Hours view={view} now={now} />
    </section>
    <Low view={view} now={now} />
  </>
);

function Lights({ view: { lights, metered, disconnects, unmappedMeters }, now }: Props) {
  const today = metered?.value ?? null;
  return (
    <>
      <Tile
        label="Meters heard"
        value={lights === null ? "–" : `${count(lights.heard)} of ${count(lights.placed)}`}
        note={lights === null ? "" : "in the last 30 minutes"}
        tone={lights === null || lights.heard === lights.placed ? "good" : "warn"}
      />
      <Tile
        label="Lit"
        value={lights === null ? "–" : count(lights.lit)}
        note={lights === null || lights.unknown === 0 ? "" : `${count(lights.unknown)} not known`}
      />
      <Tile
        label="Dark"
        value={lights === null ? "–" : count(lights.dark)}
        note={
          lights === null || lights.darkWithCredit === 0
            ? ""
            : `${count(lights.darkWithCredit)} with credit, no connect since`
        }
        tone={lights !== null && lights.darkWithCredit > 0 ? "warn" : "good"}
      />
      <Tile
        label="Metered today"
        value={today === null ? "–" : energy(today.todayWh)}
        note={metered === null ? "" : `${count(metered.value.todayMeters)} meters, as of ${ago(metered.asOf, now)}`}
      />
      <Tile
        label="Readings held"
        value={lights === null ? "–" : count(lights.readingCases)}
        note={lights === null || lights.readingCases === 0 ? "" : "cases for a person"}
        tone={lights !== null && lights.readingCases > 0 ? "warn" : "good"}
      />
      <Tile
        label="Unmapped meters"
        value={count(unmappedMeters)}
        note={unmappedMeters === 0 ? "" : "send, and are placed nowhere"}
        tone={unmappedMeters > 0 ? "warn" : "good"}
      />
      <Tile
        label="Disconnects"
        value={disconnects.disconnectsOn ? "on" : "off"}
        note={held(disconnects, now)}
        tone={disconnects.breakers.length > 0 || disconnects.lacks.length > 0 ? "warn" : "good"}
      />
    </>
  );
}

/** What holds disconnects back, whatever the switch says. */
function held({ breakers, lacks }: StatusView["disconnects"], now: number): string {
  const open = breakers.map(({ site, trippedAt, because }) => `${site} open: ${because}, ${ago(trippedAt, now)}`);
  if (lacks.length > 0) open.unshift(`nobody goes dark: ${lacks.length} have not told all`);
  return open.length === 0 ? "no breaker open" : open.join("; ");
}

function Hours({ view: { metered, utcOffsetMinutes, lights }, now }: Props) {
  if (metered === null) return <p class="quiet">{NOT_KNOWN}</p>;
  const { hours } = metered.value;
  const newest = hours.findLast(({ energyWh }) => energyWh !== null);
  if (newest === undefined) return <p class="quiet">No meter was read in these hours.</p>;
  const isRunning = (hour: number) => hour + HOUR_MS > metered.asOf;
  const at = (hour: number) => clock(hour, utcOffsetMinutes);
  const billing = lights === null ? null : lights.lit + lights.dark + lights.unknown;
  const meters =
    billing === null ? `${count(newest.meters)} meters` : `${count(newest.meters)} of ${count(billing)} meters`;
  return (
    <>
      <Bars
        columns={hours.map(({ hour, energyWh, meters: by }) => ({
          at: hour,
          value: energyWh,
          part: isRunning(hour),
          title: `${at(hour)}: ${energy(energyWh)}, ${count(by)} meters`,
        }))}
        label="Energy an hour"
        each="hour"
        first="24 h"
        say={energy}
      />
      <p class="quiet">
        {isRunning(newest.hour)
          ? `The newest hour, ${at(newest.hour)}, is partial: ${meters} so far.`
          : `The newest hour is ${at(newest.hour)}: ${meters}.`}{" "}
        As of {ago(metered.asOf, now)}.
      </p>
    </>
  );
}

const Low = ({ view: { low }, now }: Props) => (
  <List
    title="Running low or dark"
    empty={low === null ? NOT_KNOWN : "Nobody."}
    heads={["Account", "Site", "Left", "Read", "Relay when read", "Command"]}
    rows={(low ?? []).map(({ account, site, leftWh, seenAt, connected, command }) => ({
      key: account,
      cells: [
        account,
        site,
        energy(leftWh),
        seenAt === null ? "–" : ago(seenAt, now),
        connected === null ? "?" : connected ? "lit" : "dark",
        command === null
          ? "–"
          : `${command.action}: ${words(command.because)}, ${words(command.state)}, ${ago(command.requestedAt, now)}`,
      ],
    }))}
  />
);
