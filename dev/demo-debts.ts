import type { Applicant } from "./demo-stages.ts";
import { call, type Door, send } from "./door.ts";

const ACTOR = "demo world";
const REASON = "the demo's books";
const TRIES_MAX = 20;
const PAUSE_MS = 500;

/**
 * What the demo's applicants owe: nobody whom a story pays, since a debt takes its part of each payment. One owes both fees, one an
 * advance of the connection and the plan of a freezer, one the plan of a mill, with its schedule.
 */
export async function signDebts(door: Door, applicants: readonly Applicant[]): Promise<void> {
  const [owing, advanced, milling] = applicants.map(({ account }) => account);
  if (owing === undefined || advanced === undefined || milling === undefined) return;
  for (const part of ["connection", "readyboard"])
    await untilTaken(() =>
      call(door, "POST", "/fees", { act: "charge", account: owing, part, reason: REASON }, ACTOR, {
        "Idempotency-Key": `demo-${part}-${owing}`,
      }),
    );
  await sign(door, advanced, { kind: "advance", fee: "connection", principalMinor: "50100", monthlyFeeE4: "200" });
  const penalty = { penaltyE4: "500", graceDays: "30", intervalDays: "30" };
  const freezer = { principalMinor: "320000", interestMinor: "32000", setupMinor: "5000", instalments: "12" };
  await sign(door, advanced, { kind: "financing", title: "Freezer, 120 litres", ...freezer, ...penalty });
  const mill = { principalMinor: "1450000", interestMinor: "145000", instalments: "24", fractionE4: "3000" };
  await sign(door, milling, { kind: "financing", title: "Maize mill, 2 kW", ...mill, ...penalty });
}

async function sign(door: Door, account: string, what: Record<string, string>) {
  const asked = new URLSearchParams({ ...what, account, reason: REASON });
  const named = what.fee ?? what.title ?? "";
  const key = `demo-${what.kind}-${named}-${account}`.replaceAll(/[^A-Za-z0-9-]/g, "-").slice(0, 100);
  await untilTaken(() =>
    send(door, `/agreements?${asked}`, contractOf(account, named), ACTOR, { "Idempotency-Key": key }),
  );
}

/** A world that has just begun may not be ready yet; twice is once. */
async function untilTaken(tell: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await tell();
      return;
    } catch (thrown) {
      if (tries >= TRIES_MAX) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** A page that says whose contract it is, as a PDF without anything that a reader could trip over. */
function contractOf(account: string, what: string): Uint8Array<ArrayBuffer> {
  const text = `BT /F1 14 Tf 60 760 Td (Demo contract: ${account}, ${what.replaceAll(/[()\\]/g, "")}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let body = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const at = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>`;
  return Uint8Array.from(new TextEncoder().encode(`${body}${end}\nstartxref\n${body.length}\n%%EOF\n`));
}
