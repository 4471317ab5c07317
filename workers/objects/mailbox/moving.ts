import { CARRIER_ID, takesOver } from "../../../src/domain/sms-route.ts";
import type { DutyNeeds } from "./duties.ts";
import { type OutgoingRow, smsOf } from "./outgoing-row.ts";

/** A phone that has not polled for so long is silent. */
export const SILENT_MS = 20 * 60_000;
/** While no phone of the country can take what waits at a silent one. */
const MOVE_RETRY_MS = 5 * 60_000;

/** Gives what a silent phone has never offered to another channel, and to one at a time. */
export class MovingDuty {
  readonly #needs: Pick<DutyNeeds, "store" | "wakes" | "world" | "now" | "transaction">;

  constructor(needs: DutyNeeds) {
    this.#needs = needs;
  }

  /** SMS never offered go to another phone when this one is silent; first marked, then handed over, by the same id. */
  async move() {
    const { store, wakes, now, transaction, world } = this.#needs;
    const isLeft = await this.#handOver();
    const facts = store.facts();
    const againAt = isLeft ? now() + MOVE_RETRY_MS : null;
    if (facts === null || store.outgoing.movable(now()).length === 0)
      return againAt === null ? wakes.clear("move") : wakes.set("move", againAt);
    const silentAt = (store.meta.instant("last_poll_at") ?? 0) + SILENT_MS;
    if (silentAt > now() && !facts.revoked) return wakes.set("move", Math.min(silentAt, againAt ?? silentAt));
    wakes.set("move", now() + MOVE_RETRY_MS);
    const target = (await world().phones())
      .filter(
        (phone) => phone.phoneId !== facts.phoneId && !phone.revoked && now() - (phone.lastPollAt ?? 0) < SILENT_MS,
      )
      .toSorted((a, b) => (b.lastPollAt ?? 0) - (a.lastPollAt ?? 0))[0];
    const rows = store.outgoing.movable(now());
    const targets =
      target === undefined ? await this.#overToCarrier(rows) : new Map(rows.map(({ id }) => [id, target.phoneId]));
    if (targets.size === 0) return;
    transaction(() => {
      // While the routes were asked for the phone may have come back.
      for (const { id } of store.outgoing.movable(now())) {
        const to = targets.get(id);
        if (to !== undefined) store.outgoing.markMoving(id, to, now());
      }
      wakes.set("move", target === undefined ? now() + MOVE_RETRY_MS : now());
    });
    await this.#handOver();
  }

  /** No phone is healthy: what the carrier takes over by its kind. */
  async #overToCarrier(rows: readonly OutgoingRow[]): Promise<Map<string, string>> {
    const { world } = this.#needs;
    const kinds = [...new Set(rows.map(({ template }) => template))];
    const routes = new Map(await Promise.all(kinds.map(async (kind) => [kind, await world().route(kind)] as const)));
    const isTaken = ({ template }: OutgoingRow) => takesOver(routes.get(template) ?? "phone");
    return new Map(rows.filter(isTaken).map(({ id }) => [id, CARRIER_ID]));
  }

  /**
   * True while some are left, of which nobody knows whether the other one has them: not ready is no no, as an earlier request may have
   * arrived. They are asked about again, and never offered here; past their time nobody asks.
   */
  async #handOver(): Promise<boolean> {
    const { store, now, transaction, world } = this.#needs;
    const facts = store.facts();
    if (facts === null) return false;
    let isLeft = false;
    for (const row of store.outgoing.moving()) {
      const isLate = row.expires_at <= now();
      const answer = isLate
        ? null
        : await world().enqueueAt(row.moved_to, { ...smsOf(row), handover: row.version }, facts.phoneId);
      if (answer?.status === "not_ready") isLeft = true;
      else if (answer?.status === "refused") transaction(() => store.outgoing.comeBack(row, now()));
      else transaction(() => store.outgoing.moved(row));
    }
    return isLeft;
  }
}
