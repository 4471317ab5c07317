/** How the firmware obeys relay commands. "close" lets power through and "open" cuts it. */
export const BEHAVIOURS = ["ack", "none", "failed", "reject", "duplicate"] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** A command id that the firmware still knows is answered again and not acted on. */
export const COMMANDS_REMEMBERED_MAX = 16;

export type Ack = {
  cmd_id: string;
  meter_id: string;
  status: "acked" | "rejected" | "failed";
  relay_after: "0" | "1" | null;
  error: string | null;
};
export type Firmware = { connected: boolean; answers: readonly Ack[] };

/** What the firmware makes of a command at an instant, UTC ms. `acted`: the relay was driven. */
export function obey(
  firmware: Firmware,
  command: Record<string, unknown>,
  { now, mode }: { now: number; mode: Behaviour },
): { firmware: Firmware; answer: Ack; acted: boolean } {
  const id = String(command.cmd_id);
  const known = firmware.answers.find((answer) => answer.cmd_id === id);
  if (known !== undefined) return { firmware, answer: known, acted: false };
  const isExpired = now / 1_000 > Number(command.requested_at_unix) + Number(command.ttl_seconds);
  const relay = (connected: boolean) => (connected ? "1" : "0");
  const common = { cmd_id: id, meter_id: String(command.meter_id) };
  const end = (connected: boolean, acted: boolean, answer: Ack) => ({
    firmware: { connected, answers: [...firmware.answers, answer].slice(-COMMANDS_REMEMBERED_MAX) },
    answer,
    acted,
  });
  if (mode === "reject" || isExpired) {
    const relayAfter = relay(firmware.connected);
    return end(firmware.connected, false, {
      ...common,
      status: "rejected",
      relay_after: relayAfter,
      error: "ttl_expired",
    });
  }
  if (mode === "failed")
    return end(firmware.connected, false, { ...common, status: "failed", relay_after: null, error: "modbus_timeout" });
  const connected = command.action === "close";
  return end(connected, true, { ...common, status: "acked", relay_after: relay(connected), error: null });
}
